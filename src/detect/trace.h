#pragma once

// Why something in a text is reported or not: the way of every match through confirm() and settle(),
// with the step that ended it. For `tightship explain FILE:LINE`; scans do not pay for it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/rule.h"

namespace tightship::detect {

struct TracedMatch {
  Candidate candidate;
  bool reported = false;
  std::string reason;  // why it is not: "the value is a placeholder"; holds no secret
  std::string file;    // the rule file that decided, when one did
};

// Matches of every rule whose secret or whole match touches [begin, end) of `text`, by position. What
// no expression matches as a whole leaves no trace: how near it came is not known.
// As many candidates as kMaxTraced are followed; `truncated` says that there are more.
inline constexpr std::size_t kMaxTraced = std::size_t{1} << 20;
std::vector<TracedMatch> trace_matches(const RuleSet& rules, Bytes text, std::string_view path, std::uint64_t begin,
                                       std::uint64_t end, bool& truncated);

}  // namespace tightship::detect
