#pragma once

// What `git diff` shows: files that git tracks, as they lie in the work tree, against the staging area.

#include "base/result.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/repository.h"
#include "scan/worktree.h"

namespace tightship::scan {

// Findings of files whose content is not the staged one and that the staged version does not have already.
// Job::Staged. Symbolic links and submodules are passed over; files that are gone are no change to scan.
Result<detect::ScanResult> scan_unstaged(const detect::RuleSet& rules, const git::Repository& repository,
                                         const unpack::Limits& archives, Progress& progress);

}  // namespace tightship::scan
