#pragma once

// The help of a command, drawn from its records.

#include <string>

#include "cli/flag.h"

namespace tightship::cli {

enum class HelpLength { Brief, Full };  // -h: a line a flag; --help: a paragraph a flag

// Text for stdout, folded at `width` columns, ending in a newline.
std::string render_help(const Command& command, HelpLength length, unsigned width);

// `text` with every paragraph (separated by "\n\n") folded into lines of at most `width` columns, each
// indented by `indent` spaces. Lines that start with a space are kept as they are. ASCII.
std::string fold(std::string_view text, unsigned indent, unsigned width);

}  // namespace tightship::cli
