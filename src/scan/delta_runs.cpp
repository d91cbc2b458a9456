#include "scan/delta_runs.h"

namespace tightship::scan {

void join_runs(const std::vector<git::DeltaOp>& ops, std::uint32_t min_length, std::vector<Run>& runs) {
  runs.clear();
  const auto drop_short = [&] {
    if (!runs.empty() && runs.back().length() < min_length) runs.pop_back();
  };
  std::uint32_t at = 0;
  bool adjacent = false;  // the operation before was the copy at the back of `runs`
  for (const git::DeltaOp& op : ops) {
    if (!op.copy) {
      adjacent = false;
    } else if (adjacent && op.source == runs.back().base_end()) {
      runs.back().end += op.length;
    } else {
      drop_short();
      runs.push_back({at, at + op.length, op.source});
      adjacent = true;
    }
    at += op.length;
  }
  drop_short();
}

}  // namespace tightship::scan
