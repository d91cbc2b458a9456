#include "scan/text.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kSample = 1024;  // detect_encoding looks at these bytes only
constexpr std::size_t kSmallest = 8;   // without a mark, fewer bytes prove nothing

bool starts_with(Bytes content, std::initializer_list<std::uint8_t> mark) {
  return content.size() >= mark.size() && std::equal(mark.begin(), mark.end(), content.begin());
}

// NUL bytes of `sample` by their position modulo four, and the number of groups of four.
struct NulCounts {
  std::array<std::size_t, 4> at{};
  std::size_t groups = 0;
};

NulCounts count_nuls(Bytes sample) {
  NulCounts nuls;
  nuls.groups = sample.size() / 4;
  for (std::size_t i = 0; i < nuls.groups * 4; ++i) nuls.at[i % 4] += sample[i] == 0 ? 1 : 0;
  return nuls;
}

// Text in UTF-32 has two bytes of four that are almost always zero; the lowest never is.
bool looks_utf32(std::size_t top, std::size_t upper, std::size_t lowest, std::size_t groups) {
  return top == groups && upper * 8 >= groups * 7 && lowest * 8 <= groups;
}

// A quarter of the characters is ASCII (line ends, digits, names) in text of any script with secrets
// in it; a zero low byte is rare.
bool looks_utf16(std::size_t high, std::size_t low, std::size_t pairs) { return high * 4 >= pairs && low * 8 <= high; }

Encoding guess_encoding(Bytes sample) {
  const NulCounts nuls = count_nuls(sample);
  const auto& at = nuls.at;
  if (looks_utf32(at[3], at[2], at[0], nuls.groups)) return Encoding::Utf32Le;
  if (looks_utf32(at[0], at[1], at[3], nuls.groups)) return Encoding::Utf32Be;
  const std::size_t even = at[0] + at[2];
  const std::size_t odd = at[1] + at[3];
  if (looks_utf16(odd, even, nuls.groups * 2)) return Encoding::Utf16Le;
  if (looks_utf16(even, odd, nuls.groups * 2)) return Encoding::Utf16Be;
  return Encoding::Bytes;
}

constexpr std::uint32_t kReplacement = 0xFFFD;

// Reads characters one after another. `at` is the offset of the next one.
struct Decoder {
  Bytes content;
  Encoding encoding;
  std::size_t at = 0;

  bool wide() const { return encoding == Encoding::Utf32Le || encoding == Encoding::Utf32Be; }
  bool little() const { return encoding == Encoding::Utf16Le || encoding == Encoding::Utf32Le; }

  std::uint32_t unit16(std::size_t i) const {
    const std::uint32_t first = content[i], second = content[i + 1];
    return little() ? first | second << 8 : first << 8 | second;
  }
  std::uint32_t unit32(std::size_t i) const {
    const std::uint32_t first = unit16(i), second = unit16(i + 2);
    return little() ? first | second << 16 : first << 16 | second;
  }

  std::uint32_t next() {
    const std::size_t left = content.size() - at;
    const std::size_t width = wide() ? 4 : 2;
    if (left < width) {
      at = content.size();
      return kReplacement;
    }
    return wide() ? next32() : next16(left);
  }
  std::uint32_t next32() {
    const std::uint32_t c = unit32(at);
    at += 4;
    return c > 0x10FFFF || (c & 0xFFFFF800U) == 0xD800 ? kReplacement : c;
  }
  std::uint32_t next16(std::size_t left) {
    const std::uint32_t c = unit16(at);
    at += 2;
    if ((c & 0xF800U) != 0xD800) return c;
    if ((c & 0x400U) != 0 || left < 4) return kReplacement;
    const std::uint32_t low = unit16(at);
    if ((low & 0xFC00U) != 0xDC00) return kReplacement;
    at += 2;
    return 0x10000 + ((c & 0x3FFU) << 10 | (low & 0x3FFU));
  }
};

std::size_t mark_size(Bytes content, Encoding encoding) {
  switch (encoding) {
    case Encoding::Utf16Le: return starts_with(content, {0xFF, 0xFE}) ? 2 : 0;
    case Encoding::Utf16Be: return starts_with(content, {0xFE, 0xFF}) ? 2 : 0;
    case Encoding::Utf32Le: return starts_with(content, {0xFF, 0xFE, 0, 0}) ? 4 : 0;
    case Encoding::Utf32Be: return starts_with(content, {0, 0, 0xFE, 0xFF}) ? 4 : 0;
    case Encoding::Bytes: break;
  }
  return 0;
}

std::size_t utf8_length(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::Bytes: return "";
    case Encoding::Utf16Le: return "utf-16le";
    case Encoding::Utf16Be: return "utf-16be";
    case Encoding::Utf32Le: return "utf-32le";
    case Encoding::Utf32Be: return "utf-32be";
  }
  return "";
}

Encoding detect_encoding(Bytes content) {
  const Bytes sample = content.first(std::min(content.size(), kSample));
  // Before UTF-16: no text begins with U+0000.
  if (starts_with(sample, {0xFF, 0xFE, 0, 0})) return Encoding::Utf32Le;
  if (starts_with(sample, {0, 0, 0xFE, 0xFF})) return Encoding::Utf32Be;
  if (starts_with(sample, {0xFF, 0xFE})) return Encoding::Utf16Le;
  if (starts_with(sample, {0xFE, 0xFF})) return Encoding::Utf16Be;
  if (sample.size() < kSmallest) return Encoding::Bytes;
  if (std::memchr(sample.data(), 0, sample.size()) == nullptr) return Encoding::Bytes;
  return guess_encoding(sample);
}

Transcoded transcode(Bytes content, Encoding encoding) {
  Transcoded result;
  result.encoding = encoding;
  Decoder decoder{content, encoding, mark_size(content, encoding)};
  result.text.reserve(content.size() / (decoder.wide() ? 4 : 2) + 16);
  for (std::uint64_t character = 0; decoder.at < content.size(); ++character) {
    if (character % Transcoded::kStride == 0) result.marks.emplace_back(result.text.size(), decoder.at);
    append_utf8(decoder.next(), result.text);
  }
  result.marks.emplace_back(result.text.size(), content.size());
  return result;
}

std::uint64_t Transcoded::original_offset(std::uint64_t offset) const {
  if (marks.empty()) return offset;
  if (offset >= text.size()) return marks.back().second;
  const auto after = std::upper_bound(marks.begin(), marks.end(), offset,
                                      [](std::uint64_t wanted, const auto& mark) { return wanted < mark.first; });
  auto [at, original] = *std::prev(after);
  const bool wide = encoding == Encoding::Utf32Le || encoding == Encoding::Utf32Be;
  for (;;) {
    const std::size_t length = utf8_length(static_cast<unsigned char>(text[at]));
    if (offset < at + length) return original;
    at += length;
    original += wide || length == 4 ? 4 : 2;  // four bytes of UTF-8: a surrogate pair
  }
}

void LineCursor::advance(Bytes content, std::uint64_t target) {
  const std::uint8_t* const base = content.data();
  while (offset < target) {
    const void* found = std::memchr(base + offset, '\n', target - offset);
    if (found == nullptr) break;
    line_start = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - base) + 1;
    offset = line_start;
    ++line;
  }
  offset = target;
}

detect::Position locate(Bytes content, std::uint64_t begin, std::uint64_t end) {
  LineCursor cursor;
  cursor.advance(content, begin);
  detect::Position position;
  position.offset = begin;
  position.line = cursor.line;
  position.column = static_cast<std::uint32_t>(begin - cursor.line_start + 1);
  cursor.advance(content, end);
  position.end_line = cursor.line;
  position.end_column = static_cast<std::uint32_t>(end - cursor.line_start + 1);
  return position;
}

}  // namespace tightship::scan
