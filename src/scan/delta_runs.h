#pragma once

// Stretches of a delta's result that are one stretch of its base.

#include <cstdint>
#include <vector>

#include "git/delta.h"

namespace tightship::scan {

struct Run {
  std::uint32_t begin = 0, end = 0;  // in the result
  std::uint32_t base_begin = 0;
  std::uint32_t length() const { return end - begin; }
  std::uint32_t base_end() const { return base_begin + length(); }
};

// Joins copies that lie side by side in base and result, and leaves out runs under `min_length`.
// `runs` is cleared first; in order of `begin`.
void join_runs(const std::vector<git::DeltaOp>& ops, std::uint32_t min_length, std::vector<Run>& runs);

}  // namespace tightship::scan
