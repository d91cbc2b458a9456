#pragma once

// The text that a PDF's content stream draws, in lines, as its readers see it.
//
// Source: ISO 32000-1, 9.3, 9.4 (text), 8.4.2 (graphics state). Where the pieces of a line stand is computed from the
// matrices and from the widths of the fonts: a gap of a blank's width is a blank, however it was made, and letters that
// are set one by one are a word. Pieces come in the order in which they are drawn.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "unpack/pdf_fonts.h"

namespace tightship::unpack {

struct PdfText {
  std::string drawn;
  // The stream with blanks for what is in `drawn`: of the same length, places are the stream's.
  std::string rest;
  bool cut = false;  // `drawn` ends at the limit
};

// The font that a stream calls by this name, or null.
using FontOf = std::function<const PdfFont*(std::string_view name)>;

// Nothing when the stream draws no text. O(stream), and a few characters for each code.
std::optional<PdfText> read_pdf_text(Bytes stream, const FontOf& font_of, std::uint64_t limit);

}  // namespace tightship::unpack
