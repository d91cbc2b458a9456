#pragma once

// `tightship explain FILE:LINE`: why something in a line was or was not reported.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/allowance_source.h"
#include "cli/rule_source.h"

namespace tightship::cli {

struct LineOfFile {
  std::string path;
  std::uint32_t line = 0;
};

// "api/billing.py:31"; nothing for the id of a rule.
std::optional<LineOfFile> parse_line_of_file(std::string_view text);

// The text for standard output. Fails with NotFound, Io, Limit or Config.
Result<std::string> explain_line(const LineOfFile& place, const RuleOptions& rules, const AllowOptions& allow);

}  // namespace tightship::cli
