#pragma once

// Which allowances a hook honours, and what it says of them.

#include <vector>

#include "base/result.h"
#include "detect/finding.h"
#include "git/repository.h"
#include "scan/push.h"

namespace tightship::cli {

// The work tree's own .tightship/allow.toml for a push or commit; on the receiving side, which has no work
// tree, that of the old tips. An allowance that the same push brings is told.
class HookAllowances {
 public:
  HookAllowances(const git::Repository& repository, bool ignore) : repository_(repository), ignore_(ignore) {}

  Result<void> load(const std::vector<git::Ref>& refs, const std::vector<scan::RefUpdate>& updates);
  void apply(detect::ScanResult& result) const;

 private:
  const git::Repository& repository_;
  bool ignore_;
};

}  // namespace tightship::cli
