#include "scan/decoded_text.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "scan/encoded_hints.h"

namespace tightship::scan {
namespace {

// The digit numbered `index`, counted over all stretches.
std::uint32_t place_of_digit(const std::vector<Stretch>& digits, std::uint64_t index) {
  for (const Stretch& stretch : digits) {
    if (index < stretch.size()) return stretch.begin + static_cast<std::uint32_t>(index);
    index -= stretch.size();
  }
  return digits.empty() ? 0 : digits.back().end;
}

unsigned hex_value(std::uint8_t digit) {
  if (digit <= '9') return digit - unsigned{'0'};
  return (digit | 0x20u) - unsigned{'a'} + 10;
}

// Calls `take` with every digit from the one numbered `skip` on until it says no.
template <class Take>
void each_digit(Bytes data, const std::vector<Stretch>& stretches, std::uint64_t skip, Take take) {
  for (const Stretch& stretch : stretches) {
    const std::uint64_t left_out = std::min<std::uint64_t>(skip, stretch.size());
    skip -= left_out;
    for (std::size_t at = stretch.begin + left_out; at < stretch.end; ++at) {
      if (!take(data[at])) return;
    }
  }
}

std::size_t total_size(const std::vector<Stretch>& stretches) {
  std::size_t size = 0;
  for (const Stretch& stretch : stretches) size += stretch.size();
  return size;
}

struct InflateEnd {
  z_stream* stream;
  ~InflateEnd() { inflateEnd(stream); }
};

// The length of a character of UTF-8 at `at`, 0 when there is none.
std::size_t utf8_size(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::size_t size = byte(at) < 0xC2 ? 0 : byte(at) < 0xE0 ? 2 : byte(at) < 0xF0 ? 3 : byte(at) < 0xF5 ? 4 : 0;
  if (size == 0 || text.size() - at < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  return size;
}

bool is_text_byte(char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

std::string_view coding_name(Coding coding) {
  switch (coding) {
    case Coding::Base64: return "base64";
    case Coding::Hex: return "hex";
    case Coding::Gzip: return "gzip";
    case Coding::Zlib: return "zlib";
    case Coding::Backslash: return "backslash-escapes";
    case Coding::Percent: return "percent-encoding";
    case Coding::XmlText: return "xml-text";
  }
  return "";
}

Stretch DecodedText::escaped_origin(std::uint32_t begin, std::uint32_t end) const {
  // Where the byte `at` was written, and how many bytes wide.
  const auto place = [&](std::uint32_t at) -> std::pair<std::uint32_t, std::uint32_t> {
    const auto behind = std::upper_bound(escapes.begin(), escapes.end(), at,
                                         [](std::uint32_t a, const Escaped& escaped) { return a < escaped.decoded; });
    if (behind == escapes.begin()) return {digits.front().begin + at, 1};
    const Escaped& last = *(behind - 1);
    if (at < last.decoded + last.length) return {last.written, last.size};
    return {last.written + last.size + (at - last.decoded - last.length), 1};
  };
  if (end <= begin) return {place(begin).first, place(begin).first};
  const auto [last, width] = place(end - 1);
  return {place(begin).first, last + width};
}

Stretch DecodedText::origin(std::uint32_t begin, std::uint32_t end) const {
  if (coding == Coding::Backslash || coding == Coding::Percent || coding == Coding::XmlText) {
    return escaped_origin(begin, end);
  }
  if (digits.empty() || coding == Coding::Gzip || coding == Coding::Zlib) {
    return digits.empty() ? Stretch{} : Stretch{digits.front().begin, digits.back().end};
  }
  const bool hex = coding == Coding::Hex;
  const std::uint64_t first = skipped + (hex ? std::uint64_t{begin} * 2 : std::uint64_t{begin} * 8 / 6);
  const std::uint64_t last = skipped + (hex ? std::uint64_t{end} * 2 : (std::uint64_t{end} * 8 + 5) / 6);
  if (last <= first) return {place_of_digit(digits, first), place_of_digit(digits, first)};
  return {place_of_digit(digits, first), place_of_digit(digits, last - 1) + 1};
}

DecodedText decode_base64_digits(Bytes data, const std::vector<Stretch>& stretches, std::uint32_t skip,
                                 std::size_t limit) {
  DecodedText out{Coding::Base64, {}, stretches, skip, {}};
  out.text.reserve(std::min(limit, total_size(stretches) / 4 * 3 + 3));
  std::uint32_t bits = 0;
  unsigned count = 0;
  each_digit(data, stretches, skip, [&](std::uint8_t digit) {
    bits = bits << 6 | kBase64Digits[digit];
    count += 6;
    if (count < 8) return true;
    count -= 8;
    if (out.text.size() >= limit) return false;
    out.text.push_back(static_cast<char>(bits >> count & 0xFF));
    return true;
  });
  return out;
}

DecodedText decode_hex_digits(Bytes data, const std::vector<Stretch>& stretches, std::uint32_t skip,
                              std::size_t limit) {
  DecodedText out{Coding::Hex, {}, stretches, skip, {}};
  out.text.reserve(std::min(limit, total_size(stretches) / 2 + 1));
  unsigned high = 0;
  bool half = false;
  each_digit(data, stretches, skip, [&](std::uint8_t digit) {
    if (half && out.text.size() >= limit) return false;
    if (half) out.text.push_back(static_cast<char>(high << 4 | hex_value(digit)));
    high = hex_value(digit);
    half = !half;
    return true;
  });
  return out;
}

std::optional<DecodedText> unpack(std::string_view data, std::size_t limit, bool& cut) {
  const bool gzip = data.size() > 18 && data.starts_with("\x1f\x8b\x08");
  const bool zlib = data.size() > 8 && data[0] == 0x78 &&
                    (static_cast<std::uint8_t>(data[0]) << 8 | static_cast<std::uint8_t>(data[1])) % 31 == 0;
  if ((!gzip && !zlib) || data.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  constexpr int kEitherHeader = 32 + MAX_WBITS;
  if (inflateInit2(&stream, kEitherHeader) != Z_OK) return std::nullopt;
  const InflateEnd guard{&stream};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(data.size());
  DecodedText out{gzip ? Coding::Gzip : Coding::Zlib, {}, {{0, static_cast<std::uint32_t>(data.size())}}, 0, {}};
  constexpr std::size_t kStep = std::size_t{64} << 10;
  int status = Z_OK;
  while (status == Z_OK && out.text.size() < limit) {
    const std::size_t before = out.text.size(), room = std::min(kStep, limit - before);
    out.text.resize(before + room);
    stream.next_out = reinterpret_cast<Bytef*>(out.text.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    out.text.resize(before + room - stream.avail_out);
  }
  cut = status == Z_OK && out.text.size() >= limit;
  if (out.text.empty()) return std::nullopt;
  return out;
}

bool is_clear_text(std::string_view text) {
  const std::size_t allowed = 1 + text.size() / 64;
  std::size_t strange = 0;
  for (std::size_t i = 0; i < text.size() && strange <= allowed;) {
    const std::size_t size = is_text_byte(text[i]) ? 1 : utf8_size(text, i);
    strange += size == 0;
    i += std::max<std::size_t>(size, 1);
  }
  return strange <= allowed;
}

}  // namespace tightship::scan
