#pragma once

// `tightship scan`: files of a work tree or any folder, single files, standard input.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "unpack/unpack.h"

namespace tightship::scan {

struct Progress {                                // written by workers, read by whoever draws
  std::atomic<std::uint64_t> done{0}, total{0};  // bytes (packed bytes for an audit)
  std::atomic<std::uint64_t> findings{0};
  std::atomic<bool> cancelled{false};
};

struct WorktreeOptions {
  std::vector<std::string> paths;  // files and folders; empty: "."
  bool no_ignore = false;          // also ignored files; .git folders are never entered
  unsigned threads = 0;            // 0: as many as processors
  std::uint64_t max_file_size = std::uint64_t{1} << 30;
  unpack::Limits archives;  // depth 0: archives are counted, not opened
};

// Fails with NotFound (a path that does not exist) or Usage. Everything met on the way goes into the
// result's losses.
Result<detect::ScanResult> scan_worktree(const detect::RuleSet& rules, const WorktreeOptions& options,
                                         Progress& progress);

// Reads `fd` to its end (at most max_file_size) and scans it as one file called `name`.
Result<detect::ScanResult> scan_stream(const detect::RuleSet& rules, int fd, std::string_view name,
                                       const WorktreeOptions& options, Progress& progress);

}  // namespace tightship::scan
