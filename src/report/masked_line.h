#pragma once

// The line of an occurrence with every candidate in it replaced by its redacted form, and where the
// occurrence's own secret is after that.

#include <cstddef>
#include <string>

#include "detect/finding.h"
#include "report/secret_mask.h"

namespace tightship::report {

struct MaskedLine {
  std::string text;                // raw bytes of one line: the printer escapes them
  std::size_t begin = 0, end = 0;  // the secret, as replaced
};

// Of an excerpt of several lines the line where the secret begins. Replaced are the spans that the
// excerpt names and every guarded value that it does not name; replaced parts that overlap become one.
// A neighbour that the excerpt cuts shows no last characters: they are from its middle.
// Offsets outside the text, and spans out of order, are tolerated.
MaskedLine masked_line(const detect::Finding& finding, const detect::Excerpt& excerpt, const SecretMask& mask);

// Lines that the secret covers: 27 for a PEM block, 1 for most.
std::uint32_t covered_lines(const detect::Position& position);

}  // namespace tightship::report
