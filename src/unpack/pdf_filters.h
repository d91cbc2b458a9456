#pragma once

// The filters of a PDF's streams that text is packed with, in any order: Flate and LZW with their predictors, run
// lengths, ASCII85 and hexadecimal digits.
//
// Source: ISO 32000-1, 7.4. O(packed + unpacked). Thread-safe: no shared state.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tightship::unpack {

class PdfDocument;

enum class Inflated : std::uint8_t { All, TooMuch, Damaged };

struct PdfPredictor {
  std::uint32_t kind = 1, colors = 1, bits = 8, columns = 1;  // `kind` as written: 2 is TIFF's, from 10 on PNG's
};
enum class PdfFilter : std::uint8_t { Flate, Lzw, RunLength, Hex, Ascii85 };
struct PdfStep {
  PdfFilter filter = PdfFilter::Flate;
  PdfPredictor predictor;
  bool early = true;  // LZW's codes grow one code early
};
struct PdfCoding {
  // Media: a picture, a font or a table of references, which have no text. Unknown: a filter that is not read.
  enum class Kind : std::uint8_t { Readable, Media, Unknown };
  Kind kind = Kind::Readable;
  std::vector<PdfStep> steps;  // none: the bytes lie open
};

// Of a stream with this dictionary.
PdfCoding read_coding(std::string_view dictionary, PdfDocument& document);

// Appends to `out`, which is empty, until the data end, are damaged, or a step has more than `limit` bytes. What could
// be read until then is given.
Inflated decode_stream(Bytes packed, const PdfCoding& coding, std::uint64_t limit, std::vector<std::uint8_t>& out);

}  // namespace tightship::unpack
