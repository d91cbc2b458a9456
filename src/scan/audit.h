#pragma once

// `tightship audit`: every object of a repository, and who, where, since when, still there, pushed.

#include <string>

#include "base/result.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "scan/worktree.h"

namespace tightship::scan {

struct AuditOptions {
  std::string path = ".";
  unsigned threads = 0;
  bool verify = false;            // also check every object's oid and the packs' checksums
  bool whole_blobs = false;       // reference semantics: no inheritance along deltas (slower, same answer)
  std::uint64_t memory_cap = std::uint64_t{96} << 20;  // bytes of base buffers over all threads
};

Result<detect::ScanResult> audit_repository(const detect::RuleSet& rules, const AuditOptions& options,
                                            Progress& progress);

}  // namespace tightship::scan
