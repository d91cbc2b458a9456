#pragma once

// From arguments to a filled command, by CLI11. Its parser is built for the chosen command only: it
// costs about 0.1 ms, and `tightship --version` needs none.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"

namespace tightship::cli {

enum class Parsed {
  Ready,      // every flag and operand has been taken
  BriefHelp,  // -h was given; nothing was taken
  FullHelp,   // --help was given; nothing was taken
};

// Fails with Usage; the error is complete, with a help line.
Result<Parsed> parse(const Command& command, std::vector<std::string> arguments);

}  // namespace tightship::cli
