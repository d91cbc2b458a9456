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
  bool verify = false;          // also check every object's oid and the packs' checksums
  bool first_versions = false;  // show each place as the commit that brought it has it, not as HEAD has it
  bool whole_blobs = false;     // reference semantics: no inheritance along deltas (slower, same answer)
  std::uint64_t memory_cap = std::uint64_t{96} << 20;  // bytes of base buffers over all threads
  // Where results are remembered (scan/cache.h: default_cache_folder); empty: nowhere. Not used when
  // `verify` or `whole_blobs` is set. The answer is the same with and without.
  std::string cache_folder;
  unpack::Limits archives;  // as in WorktreeOptions
};

Result<detect::ScanResult> audit_repository(const detect::RuleSet& rules, const AuditOptions& options,
                                            Progress& progress);

}  // namespace tightship::scan
