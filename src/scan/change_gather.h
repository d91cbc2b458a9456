#pragma once

// Two ways to the same ChangeSet: commit by commit for the usual push, by the pack walk for a large one.

#include "scan/change_set.h"

namespace tightship::scan {

// Wanted and known objects with tags followed.
struct Tips {
  std::vector<Oid> commits;       // wanted
  std::vector<Oid> known;         // commits that are here
  std::vector<Oid> tags;          // wanted tag objects
  std::vector<Oid> trees, blobs;  // wanted without a commit
};
// Fails with NotFound when a wanted object is not here.
Result<Tips> follow_tags(git::ObjectReader& objects, const Changes& changes, Ledger& ledger);

// More new commits than this go through the pack walk.
inline constexpr std::size_t kMaxSingleCommits = 3000;

// False when there are more new commits than that; `set` is then empty.
bool gather_commits(const git::Repository& repository, git::ObjectReader& objects, const Tips& tips, ChangeSet& set,
                    Ledger& ledger);

// Scans the whole store and keeps what the new commits bring. `set.uses` and `set.names` hold only what
// carries secrets, and `set.messages` likewise.
void gather_by_walk(const detect::RuleSet& rules, const git::Repository& repository, git::ObjectReader& objects,
                    const Tips& tips, const ChangeOptions& options, Progress& progress, ChangeSet& set,
                    BlobSecrets& secrets, BlobCounts& counts, Ledger& ledger);

}  // namespace tightship::scan
