#include "match/regex_class.h"

#include <fmt/format.h>

namespace tightship::match::regex {
namespace {

struct NamedClass {
  std::string_view name;
  std::string_view ranges;  // pairs of first and last byte
};

constexpr NamedClass kNamedClasses[] = {
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"ascii", std::string_view("\0\x7f", 2)},
    {"blank", "\t\t  "},
    {"cntrl", std::string_view("\0\x1f\x7f\x7f", 4)},
    {"digit", "09"},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", "\t\r  "},
    {"upper", "AZ"},
    {"word", "09AZaz__"},
    {"xdigit", "09AFaf"},
};

ByteClass from_ranges(std::string_view ranges, bool caseless) {
  ByteClass set{};
  for (std::size_t i = 0; i + 1 < ranges.size(); i += 2) {
    insert_range(set, static_cast<std::uint8_t>(ranges[i]), static_cast<std::uint8_t>(ranges[i + 1]), caseless);
  }
  return set;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_octal(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; }

// \x7F or \x{7F}; `at` is behind the x.
Result<std::uint8_t> parse_hex(std::string_view text, std::size_t start, std::size_t& at) {
  const bool braced = at < text.size() && text[at] == '{';
  if (braced) ++at;
  unsigned value = 0;
  std::size_t digits = 0;
  while (at < text.size() && hex_digit(text[at]) >= 0 && (braced || digits < 2)) {
    value = value * 16 + static_cast<unsigned>(hex_digit(text[at++]));
    ++digits;
    if (value > 0xFF) return fail_at(start, "escape is beyond one byte");
  }
  const bool closed = braced ? at < text.size() && text[at] == '}' && digits > 0 : digits == 2;
  if (!closed) return fail_at(start, "escape \\x needs two hexadecimal digits, or {digits}");
  if (braced) ++at;
  return static_cast<std::uint8_t>(value);
}

// Up to three octal digits. A single digit other than 0 would be a back-reference.
Result<std::uint8_t> parse_octal(std::string_view text, std::size_t start, std::size_t& at) {
  const std::size_t first = at;
  if (text[at] != '0' && !is_octal(text, at + 1)) return fail_at(start, "back-references do not exist in RE2");
  unsigned value = 0;
  while (at < first + 3 && is_octal(text, at)) value = value * 8 + static_cast<unsigned>(text[at++] - '0');
  if (value > 0xFF) return fail_at(start, "escape is beyond one byte");
  return static_cast<std::uint8_t>(value);
}

// [:name:] or [:^name:] at `at`, if there is one.
Result<std::optional<ByteClass>> parse_named(std::string_view text, std::size_t& at, bool caseless) {
  if (text.substr(at, 2) != "[:") return std::nullopt;
  const std::size_t close = text.find(":]", at + 2);
  if (close == std::string_view::npos) return std::nullopt;
  std::string_view name = text.substr(at + 2, close - at - 2);
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  for (const NamedClass& known : kNamedClasses) {
    if (known.name != name) continue;
    at = close + 2;
    const ByteClass set = from_ranges(known.ranges, caseless);
    return negated ? complement(set) : set;
  }
  return fail_at(at, "unknown class name");
}

Result<std::uint8_t> parse_class_byte(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return fail_at(at, "class is not closed");
  if (text[at] == '\\') return parse_escape(text, at);
  const auto byte = static_cast<std::uint8_t>(text[at]);
  if (byte >= 0x80) {
    return fail_at(at, "a character beyond ASCII in a class", "write an alternation: (?:a|b)");
  }
  ++at;
  return byte;
}

// A single byte or a range of them.
Result<void> parse_range(std::string_view text, std::size_t& at, bool caseless, ByteClass& set) {
  const std::size_t start = at;
  const auto first = parse_class_byte(text, at);
  if (!first) return tl::unexpected(first.error());
  std::uint8_t last = *first;
  if (at + 1 < text.size() && text[at] == '-' && text[at + 1] != ']') {
    ++at;
    const auto end = parse_class_byte(text, at);
    if (!end) return tl::unexpected(end.error());
    last = *end;
    if (last < *first) return fail_at(start, "range of a class ends before it begins");
  }
  insert_range(set, *first, last, caseless);
  return {};
}

// Adds the perl or named class at `at`; false when there is none.
Result<bool> parse_set(std::string_view text, std::size_t& at, bool caseless, ByteClass& set) {
  const auto named = parse_named(text, at, caseless);
  if (!named) return tl::unexpected(named.error());
  if (*named) {
    merge(set, **named);
    return true;
  }
  if (text[at] != '\\' || at + 1 >= text.size()) return false;
  if (const auto perl = perl_class(text[at + 1])) {
    merge(set, *perl);
    at += 2;
    return true;
  }
  return false;
}

}  // namespace

std::optional<ByteClass> perl_class(char letter) {
  switch (letter) {
    case 'd': return from_ranges("09", false);
    case 'D': return complement(from_ranges("09", false));
    case 's': return from_ranges("\t\n\f\r  ", false);
    case 'S': return complement(from_ranges("\t\n\f\r  ", false));
    case 'w': return from_ranges("09AZaz__", false);
    case 'W': return complement(from_ranges("09AZaz__", false));
    default: return std::nullopt;
  }
}

Result<std::uint8_t> parse_escape(std::string_view text, std::size_t& at) {
  const std::size_t start = at++;
  if (at >= text.size()) return fail_at(start, "trailing backslash");
  const char letter = text[at];
  if (letter >= '0' && letter <= '7') return parse_octal(text, start, at);
  ++at;
  switch (letter) {
    case 'a': return std::uint8_t{'\a'};
    case 'f': return std::uint8_t{'\f'};
    case 'n': return std::uint8_t{'\n'};
    case 'r': return std::uint8_t{'\r'};
    case 't': return std::uint8_t{'\t'};
    case 'v': return std::uint8_t{'\v'};
    case 'x': return parse_hex(text, start, at);
    default: break;
  }
  const bool word = (letter >= '0' && letter <= '9') || (ascii_lower(letter) >= 'a' && ascii_lower(letter) <= 'z');
  if (word || static_cast<std::uint8_t>(letter) >= 0x80) {
    return fail_at(start, word ? fmt::format("unknown escape \\{}", letter) : "unknown escape");
  }
  return static_cast<std::uint8_t>(letter);
}

Result<ByteClass> parse_class(std::string_view text, std::size_t& at, bool caseless) {
  const std::size_t start = at++;
  const bool negated = at < text.size() && text[at] == '^';
  if (negated) ++at;
  ByteClass set{};
  for (bool first = true;; first = false) {
    if (at >= text.size()) return fail_at(start, "class is not closed");
    if (text[at] == ']' && !first) break;
    const auto known = parse_set(text, at, caseless, set);
    if (!known) return tl::unexpected(known.error());
    if (*known) continue;
    if (const auto range = parse_range(text, at, caseless, set); !range) return tl::unexpected(range.error());
  }
  ++at;
  return negated ? complement(set) : set;
}

}  // namespace tightship::match::regex
