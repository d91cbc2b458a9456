#include "detect/token_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "detect/codec.h"
#include "detect/token_parts.h"

// A template is walked once from left to right. Only parts whose argument is a template again
// (base64-of and its like, jwt) recurse, at most kMaxDepth deep.

namespace tightship::detect {
namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxLength = 64 * 1024;  // of the expansion; no token of ours is longer

struct Alphabet {
  std::string_view name, characters;
};
constexpr std::array kAlphabets = {
    Alphabet{"base62", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
    Alphabet{"alnum", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
    Alphabet{"lower", kLowerLetters},
    Alphabet{"upper", kUpperLetters},
    Alphabet{"digit", kDigits},
    Alphabet{"loweralnum", "0123456789abcdefghijklmnopqrstuvwxyz"},
    Alphabet{"upperalnum", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    Alphabet{"letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
    Alphabet{"hex", "0123456789abcdef"},
    Alphabet{"HEX", "0123456789ABCDEF"},
    Alphabet{"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
    Alphabet{"base64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"},
    Alphabet{"base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
    Alphabet{"base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"},
};
constexpr std::array<std::string_view, 32> kWords = {
    "amber",  "anchor", "autumn",  "basil",  "breeze", "candle",  "cedar",  "copper", "delta",  "ember", "falcon",
    "garnet", "harbor", "island",  "jasper", "kernel", "lantern", "maple",  "meadow", "nickel", "ocean", "pepper",
    "quartz", "river",  "saffron", "silver", "summit", "tango",   "timber", "velvet", "willow", "zephyr"};

Result<std::string> expand(std::string_view text, TokenRandom& random, int depth);

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorKind::Config, std::move(what)); }

// Where a part ends that starts before `from`. A simple argument ends at the first closing brace. In
// one that is a template, `{{` and `}}` are literal braces, and other braces open and close parts.
std::size_t closing_brace(std::string_view text, std::size_t from, bool nests) {
  if (!nests) return text.find('}', from);
  std::size_t depth = 1;
  for (std::size_t i = from; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] == '{') {
      doubled ? ++i : ++depth;
    } else if (text[i] == '}') {
      if (doubled && depth == 1) {
        ++i;
      } else if (--depth == 0) {
        return i;
      }
    }
  }
  return std::string_view::npos;
}

// The argument of a part as a template of its own, where a closing brace stands for itself.
std::string undouble_closing(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] == '{') {
      if (doubled)
        out.push_back(text[++i]);
      else
        ++depth;
    } else if (text[i] == '}') {
      if (depth > 0)
        --depth;
      else if (doubled)
        ++i;
    }
  }
  return out;
}

// "20" or "20-44".
Result<std::size_t> parse_length(std::string_view text, TokenRandom& random) {
  std::size_t low = 0, high = 0;
  const char* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, low);
  bool ok = parsed.ec == std::errc{};
  high = low;
  if (ok && parsed.ptr != end && *parsed.ptr == '-') {
    parsed = std::from_chars(parsed.ptr + 1, end, high);
    ok = parsed.ec == std::errc{};
  }
  if (!ok || parsed.ptr != end || low > high || high > kMaxLength) {
    return wrong(fmt::format("'{}' is no length: want a number such as 20 or a range such as 20-44", text));
  }
  return low + random.below(high - low + 1);
}

std::string uuid(TokenRandom& random) {
  std::string hex = encode_hex(random.bytes(16));
  hex[12] = '4';
  hex[16] = "89ab"[random.below(4)];
  for (const std::size_t at : {8u, 13u, 18u, 23u}) hex.insert(at, "-");
  return hex;
}

Result<std::string> repeat(std::string_view argument, TokenRandom& random) {
  const std::size_t colon = argument.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong("want {repeat:TEXT:N}");
  const auto count = parse_length(argument.substr(colon + 1), random);
  if (!count) return tl::unexpected(count.error());
  const std::string_view unit = argument.substr(0, colon);
  if (unit.size() * *count > kMaxLength) return wrong("the text is too long");
  std::string out;
  for (std::size_t i = 0; i < *count; ++i) out += unit;
  return out;
}

std::string one_of(std::string_view argument, TokenRandom& random) {
  std::vector<std::string_view> choices;
  for (;;) {
    const std::size_t bar = argument.find('|');
    choices.push_back(argument.substr(0, bar));
    if (bar == std::string_view::npos) break;
    argument.remove_prefix(bar + 1);
  }
  return std::string(choices[random.below(choices.size())]);
}

// What a checksum part covers: `scope` is empty (the part right before, which starts at
// `last_part`), "all", "N" (the last N bytes) or "N-M" (from N to M bytes before here).
Result<std::string_view> covered_bytes(std::string_view scope, std::string_view before, std::size_t last_part) {
  if (scope.empty()) return before.substr(last_part);
  if (scope == "all") return before;
  std::size_t from = 0, to = 0;
  const char* end = scope.data() + scope.size();
  auto parsed = std::from_chars(scope.data(), end, from);
  bool ok = parsed.ec == std::errc{};
  if (ok && parsed.ptr != end && *parsed.ptr == '-') {
    parsed = std::from_chars(parsed.ptr + 1, end, to);
    ok = parsed.ec == std::errc{};
  }
  if (!ok || parsed.ptr != end || from > before.size() || to > from) {
    return wrong(fmt::format("'{}' names no bytes before the checksum: want all, N or N-M", scope));
  }
  return before.substr(before.size() - from, from - to);
}

struct Encoder {
  std::string_view name;
  std::string (*encode)(std::string_view bytes);
};
constexpr std::array kEncoders = {
    Encoder{"base64-of", [](std::string_view b) { return encode_base64(b, Base64::Standard, true); }},
    Encoder{"base64url-of", [](std::string_view b) { return encode_base64(b, Base64::UrlSafe, false); }},
    Encoder{"base32-of", [](std::string_view b) { return encode_base32(b); }},
    Encoder{"hex-of", [](std::string_view b) { return encode_hex(b); }},
};

// {jwt:CLAIMS}: HS256, with a random signature of the right length.
std::string jwt(std::string_view claims, TokenRandom& random) {
  return encode_base64(R"({"alg":"HS256","typ":"JWT"})", Base64::UrlSafe, false) + "." +
         encode_base64(claims, Base64::UrlSafe, false) + "." + encode_base64(random.bytes(32), Base64::UrlSafe, false);
}

struct Part {
  std::string_view name, argument;
};

Result<std::string> nested_part(Part part, TokenRandom& random, int depth) {
  if (depth >= kMaxDepth) return wrong("parts are nested too deeply");
  const auto inner = expand(undouble_closing(part.argument), random, depth + 1);
  if (!inner) return inner;
  if (part.name == "jwt") return jwt(*inner, random);
  for (const Encoder& encoder : kEncoders) {
    if (encoder.name == part.name) return encoder.encode(*inner);
  }
  return wrong("no such encoding");
}

bool takes_template(std::string_view name) {
  return name == "jwt" ||
         std::any_of(kEncoders.begin(), kEncoders.end(), [&](const Encoder& encoder) { return encoder.name == name; });
}

// `before` is what this template has given so far; its last part starts at `last_part`.
Result<std::string> expand_part(Part part, std::string_view before, std::size_t last_part, TokenRandom& random,
                                int depth) {
  for (const Alphabet& alphabet : kAlphabets) {
    if (alphabet.name != part.name) continue;
    const auto length = parse_length(part.argument, random);
    if (!length) return tl::unexpected(length.error());
    return random.pick(alphabet.characters, *length);
  }
  if (part.name == "word") return std::string(kWords[random.below(kWords.size())]);
  if (part.name == "uuid") return uuid(random);
  if (part.name == "repeat") return repeat(part.argument, random);
  if (part.name == "one") return one_of(part.argument, random);
  if (takes_template(part.name)) return nested_part(part, random, depth);
  if (checksum_part(part.name, "")) {
    const auto covered = covered_bytes(part.argument, before, last_part);
    if (!covered) return tl::unexpected(covered.error());
    return *checksum_part(part.name, *covered);
  }
  if (auto structure = structure_part(part.name, part.argument, random)) return *structure;
  return wrong(fmt::format("unknown part '{}'", part.name));
}

Result<std::string> expand(std::string_view text, TokenRandom& random, int depth) {
  std::string out;
  std::size_t last_part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' || text.substr(i).starts_with("{{")) {
      out.push_back(text[i]);
      if (text[i] == '{') ++i;
      continue;
    }
    const std::string_view name = text.substr(i + 1, text.find_first_of(":}", i) - i - 1);
    const std::size_t close = closing_brace(text, i + 1, takes_template(name));
    if (close == std::string_view::npos) return wrong("a part is not closed by '}'");
    const std::string_view body = text.substr(i + 1, close - i - 1);
    const std::size_t colon = body.find(':');
    const Part part{body.substr(0, colon), colon == std::string_view::npos ? "" : body.substr(colon + 1)};
    auto piece = expand_part(part, out, last_part, random, depth);
    if (!piece) return fail(ErrorKind::Config, piece.error().what, fmt::format("{{{}}}", body));
    last_part = out.size();
    out += *piece;
    if (out.size() > kMaxLength) return wrong("the text is too long");
    i = close;
  }
  return out;
}

std::uint64_t hash_text(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

std::uint64_t TokenRandom::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t TokenRandom::below(std::uint64_t bound) { return next() % bound; }

std::string TokenRandom::bytes(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<char>(next() >> 40));
  return out;
}

std::string TokenRandom::pick(std::string_view alphabet, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(alphabet[below(alphabet.size())]);
  return out;
}

Result<std::string> expand_template(std::string_view text, std::uint64_t seed) {
  TokenRandom random(seed ^ hash_text(text));
  return expand(text, random, 0);
}

}  // namespace tightship::detect
