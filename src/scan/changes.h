#pragma once

// What a set of commits brings, and nothing else: for the pre-push hook, `scan --range`, CI.
//
// New is what is reachable from `wanted` and not from `known`: contents (a merge's own included), names,
// symlink targets, messages and author lines of commits and tags. A blob that stood at any path of a
// known parent of a new commit is not new. Gitlinks are passed over. Secrets that are added and removed
// again inside the range are found: history is what is pushed.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/repository.h"
#include "scan/worktree.h"

namespace tightship::scan {

struct Changes {
  std::vector<Oid> wanted;         // commits, tags, or (a tag may name anything) trees and blobs
  std::vector<Oid> known;          // those that are not here are passed over: they exclude nothing
  std::vector<std::string> names;  // of refs: scanned as text
};

struct ChangeFacts {
  std::uint64_t commits = 0, blobs = 0;    // new ones
  std::vector<detect::Finding> inherited;  // see scan_changes
  bool cut_off = false;                    // some new commit has parents that a shallow or partial clone left out
  std::uint64_t promised = 0;              // blobs of new commits that only the promisor remote has: not read
};

struct ChangeOptions {
  unsigned threads = 0;
  std::string cache_folder;      // for what is walked pack by pack; as in AuditOptions
  unpack::Limits archives = {};  // as in WorktreeOptions
};

// Findings as in an audit, with Occurrence::commit the new commit that brings it. What stands in a file
// that the commits change, and stood in the known version of that file already, was not brought by them:
// it is no finding but `inherited`, and a remark counts it. Missing objects are
// losses, but for those that a promisor remote has: they are not new. Job::Changes.
// Fails with NotFound when a wanted object is not here.
Result<detect::ScanResult> scan_changes(const detect::RuleSet& rules, const git::Repository& repository,
                                        const Changes& changes, const ChangeOptions& options, Progress& progress,
                                        ChangeFacts* facts = nullptr);

// The staging area against HEAD: blobs that `git commit` would record and HEAD has not at that path.
// Job::Staged. `paths` limits it, when not empty (relative to the work tree).
Result<detect::ScanResult> scan_staged(const detect::RuleSet& rules, const git::Repository& repository,
                                       const std::vector<std::string>& paths, const ChangeOptions& options,
                                       Progress& progress);

}  // namespace tightship::scan
