#pragma once

// Which allowances a hook honours, and what it says of them.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/allowance_source.h"
#include "detect/finding.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "scan/push.h"

namespace tightship::cli {

// The work tree's own files for a push or commit; on the receiving side, which has no work tree, the
// .tightship/allow.toml that the ref had before. Configuration that arrives in the same push must not allow
// in silence what the push brings: an allowance that was used and that the other side does not have yet is
// told.
class HookAllowances {
 public:
  HookAllowances(const git::Repository& repository, bool ignore) : repository_(repository), ignore_(ignore) {}

  // Fails with Config when a file is wrong.
  Result<void> load(const std::vector<git::Ref>& refs, const std::vector<scan::RefUpdate>& updates);
  void apply(detect::ScanResult& result) const;

 private:
  Result<void> load_from(git::ObjectReader& objects, const Oid& commit);

  const git::Repository& repository_;
  bool ignore_;
  AllowSource source_;
  std::vector<Oid> before_;  // what the refs were at the other side
};

}  // namespace tightship::cli
