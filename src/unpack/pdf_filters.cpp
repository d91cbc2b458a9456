#include "unpack/pdf_filters.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "unpack/pdf_objects.h"

namespace tightship::unpack {
namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kMaxSteps = 4;
constexpr std::uint32_t kMaxColumns = 1u << 24, kMaxColors = 32, kMaxBits = 16;

Inflated inflate_all(Bytes packed, std::uint64_t limit, Buffer& out) {
  z_stream stream{};
  if (packed.size() > std::numeric_limits<uInt>::max() || inflateInit(&stream) != Z_OK) return Inflated::Damaged;
  struct End {
    z_stream* stream;
    ~End() { inflateEnd(stream); }
  } const guard{&stream};
  stream.next_in = const_cast<Bytef*>(packed.data());  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(packed.size());
  constexpr std::uint64_t kStep = std::uint64_t{256} << 10;
  int status = Z_OK;
  while (status == Z_OK) {
    if (out.size() >= limit) return Inflated::TooMuch;
    const std::size_t before = out.size();
    const auto room = static_cast<std::size_t>(std::min(kStep, limit - before));
    out.resize(before + room);
    stream.next_out = out.data() + before;
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + room - stream.avail_out);
  }
  return status == Z_STREAM_END ? Inflated::All : Inflated::Damaged;
}

Inflated read_hex(Bytes packed, std::uint64_t limit, Buffer& out) {
  unsigned high = 0, count = 0;
  for (const char c : as_text(packed)) {
    if (is_pdf_blank(c)) continue;
    if (c == '>') break;
    const char lower = static_cast<char>(c | 0x20);
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (lower < 'a' || lower > 'f')) return Inflated::Damaged;
    if (out.size() >= limit) return Inflated::TooMuch;
    const auto value = static_cast<unsigned>(digit ? c - '0' : lower - 'a' + 10);
    if (++count % 2 == 0) out.push_back(static_cast<std::uint8_t>(high << 4 | value));
    high = value;
  }
  if (count % 2 == 1) out.push_back(static_cast<std::uint8_t>(high << 4));
  return Inflated::All;
}

Inflated read_ascii85(Bytes packed, std::uint64_t limit, Buffer& out) {
  std::string_view text = as_text(packed);
  if (text.starts_with("<~")) text.remove_prefix(2);
  std::uint64_t group = 0;
  unsigned digits = 0;
  const auto put = [&](unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(group >> (24 - 8 * i) & 0xFF));
    group = digits = 0;
  };
  for (const char c : text) {
    if (is_pdf_blank(c)) continue;
    if (c == '~') break;
    if (out.size() + 4 > limit) return Inflated::TooMuch;
    if (c == 'z' && digits == 0) {
      put(4);
      continue;
    }
    if (c < '!' || c > 'u') return Inflated::Damaged;
    group = group * 85 + static_cast<unsigned>(c - '!');
    if (++digits < 5) continue;
    if (group > 0xFFFFFFFF) return Inflated::Damaged;
    put(4);
  }
  if (digits == 0) return Inflated::All;
  const unsigned bytes = digits - 1;
  for (; digits < 5; ++digits) group = group * 85 + 84;
  put(bytes);
  return Inflated::All;
}

Inflated read_run_lengths(Bytes packed, std::uint64_t limit, Buffer& out) {
  constexpr std::uint8_t kEnd = 128;
  for (std::size_t at = 0; at < packed.size();) {
    const std::uint8_t length = packed[at++];
    if (length == kEnd) return Inflated::All;
    const std::size_t size = length < kEnd ? length + 1u : 257u - length, bytes = length < kEnd ? size : 1;
    if (bytes > packed.size() - at) return Inflated::Damaged;
    if (out.size() + size > limit) return Inflated::TooMuch;
    if (length < kEnd) {
      out.insert(out.end(), packed.begin() + static_cast<std::ptrdiff_t>(at),
                 packed.begin() + static_cast<std::ptrdiff_t>(at + size));
    } else {
      out.insert(out.end(), size, packed[at]);
    }
    at += bytes;
  }
  return Inflated::All;
}

// A code stands for a stretch of what was already written: that of the code before it, and one byte more.
Inflated read_lzw(Bytes packed, bool early, std::uint64_t limit, Buffer& out) {
  constexpr std::size_t kClear = 256, kEnd = 257, kFirst = 258, kMost = 4096;
  std::array<std::pair<std::size_t, std::size_t>, kMost> stretches;  // begin and size in `out`
  std::size_t codes = kFirst, width = 9;
  std::optional<std::pair<std::size_t, std::size_t>> last;
  std::uint32_t bits = 0;
  std::size_t count = 0;
  for (const std::uint8_t byte : packed) {
    bits = bits << 8 | byte;
    count += 8;
    if (count < width) continue;
    count -= width;
    const std::size_t code = bits >> count & ((1u << width) - 1);
    if (code == kEnd) return Inflated::All;
    if (code == kClear) {
      codes = kFirst;
      width = 9;
      last.reset();
      continue;
    }
    if (last && codes < kMost) stretches[codes++] = {last->first, last->second + 1};
    const std::size_t begin = out.size();
    if (code < kClear) {
      if (begin + 1 > limit) return Inflated::TooMuch;
      out.push_back(static_cast<std::uint8_t>(code));
    } else {
      if (code >= codes) return Inflated::Damaged;
      const auto [from, size] = stretches[code];
      if (begin + size > limit) return Inflated::TooMuch;
      for (std::size_t i = 0; i < size; ++i) out.push_back(out[from + i]);
    }
    last = {begin, out.size() - begin};
    // The code that the next one will make is counted in.
    const std::size_t next = codes + 1 + (early ? 1 : 0);
    width = next > 2048 ? 12 : next > 1024 ? 11 : next > 512 ? 10 : 9;
  }
  return Inflated::All;
}

std::uint8_t paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int a = std::abs(guess - left), b = std::abs(guess - above), c = std::abs(guess - corner);
  return static_cast<std::uint8_t>(a <= b && a <= c ? left : b <= c ? above : corner);
}

// Rows of a byte that says how, and bytes as differences.
void undo_png(std::size_t row, std::size_t pixel, Buffer& data) {
  std::size_t to = 0;
  for (std::size_t from = 0; from + 1 < data.size(); from += row + 1) {
    const std::uint8_t how = data[from];
    const std::size_t size = std::min(row, data.size() - from - 1), begin = to;
    for (std::size_t i = 0; i < size; ++i, ++to) {
      const std::uint8_t left = i >= pixel ? data[to - pixel] : 0, above = begin >= row ? data[to - row] : 0,
                         corner = i >= pixel && begin >= row ? data[to - row - pixel] : 0;
      const int add = how == 1   ? left
                      : how == 2 ? above
                      : how == 3 ? (left + above) / 2
                      : how == 4 ? paeth(left, above, corner)
                                 : 0;
      data[to] = static_cast<std::uint8_t>(data[from + 1 + i] + add);
    }
  }
  data.resize(to);
}

void undo_predictor(const PdfPredictor& predictor, Buffer& data) {
  if (predictor.kind < 2) return;
  const std::size_t pixel = std::max<std::size_t>(1, std::size_t{predictor.colors} * predictor.bits / 8);
  const std::size_t row = (std::size_t{predictor.colors} * predictor.bits * predictor.columns + 7) / 8;
  if (predictor.kind >= 10) return undo_png(row, pixel, data);
  if (predictor.bits != 8) return;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (i % row >= pixel) data[i] = static_cast<std::uint8_t>(data[i] + data[i - pixel]);
  }
}

std::optional<PdfFilter> filter_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, PdfFilter>, 10> kNames{{{"/FlateDecode", PdfFilter::Flate},
                                                                           {"/Fl", PdfFilter::Flate},
                                                                           {"/LZWDecode", PdfFilter::Lzw},
                                                                           {"/LZW", PdfFilter::Lzw},
                                                                           {"/RunLengthDecode", PdfFilter::RunLength},
                                                                           {"/RL", PdfFilter::RunLength},
                                                                           {"/ASCIIHexDecode", PdfFilter::Hex},
                                                                           {"/AHx", PdfFilter::Hex},
                                                                           {"/ASCII85Decode", PdfFilter::Ascii85},
                                                                           {"/A85", PdfFilter::Ascii85}}};
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& known) { return known.first == name; });
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

template <std::size_t kCount>
bool is_one(std::string_view word, const std::array<std::string_view, kCount>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_media(std::string_view dictionary) {
  constexpr std::array<std::string_view, 4> kKinds = {"/Image", "/Type1C", "/CIDFontType0C", "/OpenType"};
  return is_one(find_entry(dictionary, "Subtype"), kKinds) || find_entry(dictionary, "Type") == "/XRef" ||
         !find_entry(dictionary, "Length1").empty();
}

PdfStep read_step(PdfFilter filter, std::string_view parameters, PdfDocument& document) {
  PdfStep step{filter, {}, true};
  if (!parameters.starts_with("<<")) return step;
  const auto number = [&](std::string_view key, std::uint32_t otherwise, std::uint32_t most) {
    const std::uint32_t value = read_whole(document.entry(parameters, key)).value_or(otherwise);
    return std::clamp<std::uint32_t>(value, 1, most);
  };
  step.predictor = {number("Predictor", 1, 15), number("Colors", 1, kMaxColors),
                    number("BitsPerComponent", 8, kMaxBits), number("Columns", 1, kMaxColumns)};
  step.early = document.entry(parameters, "EarlyChange") != "0";
  return step;
}

// One value, or those of an array.
std::vector<std::string_view> list_of(std::string_view value, PdfDocument& document) {
  if (value.empty()) return {};
  if (!value.starts_with('[')) return {value};
  std::vector<std::string_view> list;
  for (std::size_t at = 1; list.size() <= kMaxSteps;) {
    const std::string_view next = document.next_value(value, at);
    if (next.empty() || next == "]") break;
    list.push_back(next);
  }
  return list;
}

Inflated decode_step(Bytes packed, const PdfStep& step, std::uint64_t limit, Buffer& out) {
  switch (step.filter) {
    case PdfFilter::Hex: return read_hex(packed, limit, out);
    case PdfFilter::Ascii85: return read_ascii85(packed, limit, out);
    case PdfFilter::RunLength: return read_run_lengths(packed, limit, out);
    case PdfFilter::Lzw: return read_lzw(packed, step.early, limit, out);
    case PdfFilter::Flate: break;
  }
  return inflate_all(packed, limit, out);
}

}  // namespace

PdfCoding read_coding(std::string_view dictionary, PdfDocument& document) {
  constexpr std::array<std::string_view, 7> kMedia = {"/DCTDecode", "/DCT",         "/JPXDecode", "/CCITTFaxDecode",
                                                      "/CCF",       "/JBIG2Decode", "/Crypt"};
  PdfCoding coding;
  if (is_media(dictionary)) {
    coding.kind = PdfCoding::Kind::Media;
    return coding;
  }
  const auto filters = list_of(document.entry(dictionary, "Filter"), document);
  const auto parameters = list_of(document.entry(dictionary, "DecodeParms"), document);
  if (filters.size() > kMaxSteps) coding.kind = PdfCoding::Kind::Unknown;
  for (std::size_t i = 0; i < filters.size() && coding.kind == PdfCoding::Kind::Readable; ++i) {
    const std::string_view name = document.resolve(filters[i]);
    if (const auto filter = filter_of(name)) {
      const std::string_view given = i < parameters.size() ? document.resolve(parameters[i]) : std::string_view();
      coding.steps.push_back(read_step(*filter, given, document));
    } else {
      coding.kind = is_one(name, kMedia) ? PdfCoding::Kind::Media : PdfCoding::Kind::Unknown;
    }
  }
  return coding;
}

Inflated decode_stream(Bytes packed, const PdfCoding& coding, std::uint64_t limit, Buffer& out) {
  if (coding.steps.empty()) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(limit, packed.size()));
    out.assign(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    return size < packed.size() ? Inflated::TooMuch : Inflated::All;
  }
  Inflated end = Inflated::All;
  Buffer before;
  for (const PdfStep& step : coding.steps) {
    before.swap(out);
    out.clear();
    const Inflated here = decode_step(&step == coding.steps.data() ? packed : Bytes(before), step, limit, out);
    if (here != Inflated::All) end = here;
    undo_predictor(step.predictor, out);
  }
  return end;
}

}  // namespace tightship::unpack
