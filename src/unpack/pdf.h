#pragma once

// The compressed streams of a PDF, and the text that a page's stream draws.
//
// Source: ISO 32000-1, 7.3.8 (streams), 7.4.4 (Flate), 9.4 (text). Streams are found by their keywords, not through the
// table of references: nothing in a damaged or edited file is passed over. Left out: streams with another filter than
// Flate, pictures and fonts. Characters are taken for what their codes are in ASCII: text in fonts that number their
// glyphs otherwise is not told.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace tightship::unpack {

struct PdfStream {
  std::string name;  // "object 12", by its number
  Bytes packed;      // zlib data, perhaps with something behind them
};

// O(content) for all of them together.
class PdfReader {
 public:
  explicit PdfReader(Bytes content) : content_(content) {}
  std::optional<PdfStream> next();
  bool encrypted() const;  // the streams are, too

 private:
  Bytes content_;
  std::size_t at_ = 0;
};

enum class Inflated : std::uint8_t { All, TooMuch, Damaged };
// Appends to `out` until the data end, are damaged, or `out` has `limit` bytes.
Inflated inflate_stream(Bytes packed, std::uint64_t limit, std::vector<std::uint8_t>& out);

// The text that the operators of a content stream show, lines where it moves to another one; nothing when it shows
// none. O(stream).
std::optional<std::string> read_pdf_text(Bytes stream);

}  // namespace tightship::unpack
