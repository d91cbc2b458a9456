#pragma once

// What git says is new: the staging area, or the commits of a range. For `scan` and `ci`.

#include <string>
#include <vector>

#include "base/result.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/repository.h"
#include "scan/changes.h"
#include "scan/worktree.h"

namespace tightship::cli {

struct GitScan {
  bool staged = false;
  std::string range;  // "A..B", "A...B", or B alone: all that it reaches
  std::string since;  // REF: what HEAD reaches and REF does not
  bool wanted() const { return staged || !range.empty() || !since.empty(); }
};

// Paths are as typed, relative to the working directory, and belong to --staged alone.
// Fails with NotFound (no repository, no such commit) and Usage.
Result<detect::ScanResult> scan_git(const GitScan& what, const std::vector<std::string>& paths,
                                    const scan::ChangeOptions& options, const detect::RuleSet& rules,
                                    scan::Progress& progress);

// The result's subject is `name`. A range that a shallow clone cuts off is incomplete.
Result<detect::ScanResult> scan_commits(const git::Repository& repository, const scan::Changes& changes,
                                        const std::string& name, const scan::ChangeOptions& options,
                                        const detect::RuleSet& rules, scan::Progress& progress);

// The repository of the working directory, as git finds it. What is merely damaged is met again by the scan.
Result<git::Repository> open_here();

}  // namespace tightship::cli
