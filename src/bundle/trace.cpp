#include "bundle/trace.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/codec.h"

namespace tightship::bundle {
namespace {

// An escaped character takes up to this many times its size: "\\\\u003c" in a string in a string.
constexpr std::size_t kGrowth = 8;
constexpr std::size_t kMargin = 64;
constexpr std::size_t kMaxStartSteps = 4096;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

bool is_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

struct Span {
  std::uint64_t begin = 0, end = 0;
};

// What a value around the piece [begin, begin + size) can take, when every character is escaped.
Span window_around(const Needle& needle, std::size_t value_size, std::size_t content_size, std::uint64_t at) {
  const std::uint64_t before = std::min<std::uint64_t>(needle.begin * kGrowth + kMargin, kMaxWindow);
  const std::size_t rest = value_size - needle.begin - needle.size;
  const std::uint64_t after = std::min<std::uint64_t>(needle.bytes.size() + rest * kGrowth + kMargin, kMaxWindow);
  return {at > before ? at - before : 0, std::min<std::uint64_t>(content_size, at + after)};
}

// The last begin, at or before the piece, from which decoding gives the value's head.
std::uint64_t start_of(std::string_view content, const Nest& nest, const Needle& needle, std::string_view value,
                       std::uint64_t at, std::uint64_t low) {
  const std::uint64_t end = at + needle.bytes.size();
  const std::string_view head = value.substr(0, needle.begin + needle.size);
  std::uint64_t start = at > needle.begin ? at - needle.begin : 0;
  for (std::size_t step = 0; step < kMaxStartSteps && start >= low; ++step) {
    if (undo(nest, content.substr(start, end - start)).starts_with(head)) return start;
    if (start == 0) break;
    --start;
  }
  return at;
}

// Shannon entropy is at most log2 of the size, so a short text needs less to look random.
bool looks_random(std::string_view text) {
  const bool digits = std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && detect::shannon_entropy(text) >= 3.5;
}

// How much of the value stands at `at`, as it is, around the piece.
Span shared_part(std::string_view content, std::string_view value, const Needle& needle, std::uint64_t at) {
  std::uint64_t before = 0, after = needle.size;
  while (before < needle.begin && before < at && content[at - before - 1] == value[needle.begin - before - 1]) ++before;
  while (needle.begin + after < value.size() && at + after < content.size() &&
         content[at + after] == value[needle.begin + after]) {
    ++after;
  }
  return {at - before, at + after};
}

std::optional<Trace> partial(std::string_view value, const Needle& needle, std::string_view content, std::uint64_t at) {
  constexpr std::size_t kMinPart = 16;
  if (needle.form != Form::Text || value.find("://") != std::string_view::npos) return std::nullopt;
  const Span part = shared_part(content, value, needle, at);
  const std::uint64_t size = part.end - part.begin;
  if (size < kMinPart || size * 2 < value.size()) return std::nullopt;
  if (!looks_random(content.substr(part.begin, size))) return std::nullopt;
  return Trace{needle.value, part.begin, part.end, false, {}};
}

std::optional<Trace> verify_text(std::string_view value, const Needle& needle, std::string_view content,
                                 std::uint64_t at) {
  if (needle.size == needle.bytes.size() && at >= needle.begin &&
      content.substr(at - needle.begin).starts_with(value)) {
    return Trace{needle.value, at - needle.begin, at - needle.begin + value.size(), true, {}};
  }
  const Span window = window_around(needle, value.size(), content.size(), at);
  const auto nest = find_encoded(content.substr(window.begin, window.end - window.begin), value);
  if (!nest) return partial(value, needle, content, at);
  const std::uint64_t begin = start_of(content, *nest, needle, value, at, window.begin);
  return Trace{needle.value, begin, at + needle.bytes.size(), true, nest_words(*nest)};
}

// Characters of one decoded alphabet around `at`, at most a window of them; the begin stays aligned to a group of
// `group` characters counted from `anchor`.
Span encoded_span(std::string_view content, std::uint64_t anchor, std::uint64_t group, std::uint64_t before,
                  std::uint64_t after, bool (*inside)(char)) {
  Span span{anchor, anchor};
  while (span.end < content.size() && span.end < anchor + after && inside(content[span.end])) ++span.end;
  std::uint64_t begin = anchor;
  while (begin > 0 && anchor - begin < before && inside(content[begin - 1])) --begin;
  span.begin = anchor - (anchor - begin) / group * group;
  return span;
}

std::string decode_base64_text(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) c = c == '-' ? '+' : c == '_' ? '/' : c;
  plain.resize(plain.size() / 4 * 4 + (plain.size() % 4 == 1 ? 0 : plain.size() % 4));
  if (const auto decoded = detect::decode_base64(plain, detect::Base64::Standard)) return *decoded;
  // The cut may have left bits behind the last byte: without the last, incomplete group.
  return detect::decode_base64(std::string_view(plain).substr(0, plain.size() / 4 * 4), detect::Base64::Standard)
      .value_or(std::string());
}

std::optional<Trace> decoded_trace(const Needle& needle, Span span, const std::string& decoded, std::string_view value,
                                   std::string_view how) {
  const auto nest = find_encoded(decoded, value);
  if (!nest) return std::nullopt;
  const std::string inner = nest_words(*nest);
  return Trace{needle.value, span.begin, span.end, true,
               inner.empty() ? std::string(how) : fmt::format("{}, {}", how, inner)};
}

std::optional<Trace> verify_base64(std::string_view value, const Needle& needle, std::string_view content,
                                   std::uint64_t at) {
  if (at < needle.skip) return std::nullopt;
  const std::uint64_t anchor = at - needle.skip;  // of a group of four characters
  const std::uint64_t before = (needle.begin * kGrowth + kMargin) / 3 * 4;
  const std::uint64_t after = needle.bytes.size() + ((value.size() - needle.begin) * kGrowth + kMargin) / 3 * 4;
  const Span span = encoded_span(content, anchor, 4, std::min<std::uint64_t>(before, kMaxWindow),
                                 std::min<std::uint64_t>(after, kMaxWindow), is_base64);
  const std::string decoded = decode_base64_text(content.substr(span.begin, span.end - span.begin));
  return decoded_trace(needle, span, decoded, value, "base64-encoded");
}

std::optional<Trace> verify_hex(std::string_view value, const Needle& needle, std::string_view content,
                                std::uint64_t at) {
  const std::uint64_t before = std::min<std::uint64_t>(needle.begin * kGrowth * 2 + kMargin, kMaxWindow);
  const std::uint64_t after =
      std::min<std::uint64_t>((value.size() - needle.begin) * kGrowth * 2 + kMargin, kMaxWindow);
  const Span span = encoded_span(content, at, 2, before, after, is_hex);
  std::string digits = lower(content.substr(span.begin, (span.end - span.begin) / 2 * 2));
  const auto decoded = detect::decode_hex(digits);
  if (!decoded) return std::nullopt;
  return decoded_trace(needle, span, *decoded, value, "hexadecimal");
}

}  // namespace

bool stands_alone(std::string_view content, std::uint64_t begin, std::uint64_t end) {
  return (begin == 0 || !is_word(content[begin - 1])) && (end >= content.size() || !is_word(content[end]));
}

std::optional<Trace> verify(const std::vector<TracedValue>& values, const Needle& needle, std::string_view content,
                            std::uint64_t at) {
  const std::string_view value = values[needle.value].value;
  if (value.size() > kMaxTracedValue || at + needle.bytes.size() > content.size()) return std::nullopt;
  switch (needle.form) {
    case Form::Base64: return verify_base64(value, needle, content, at);
    case Form::Hex: return verify_hex(value, needle, content, at);
    case Form::Text:
    case Form::Spelled: break;
  }
  return verify_text(value, needle, content, at);
}

}  // namespace tightship::bundle
