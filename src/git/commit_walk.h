#pragma once

// Which commits are new: reachable from some, and not from others. What `git rev-list WANTED --not KNOWN`
// says, found the same way (by committer date, newest first), without a table of the whole history.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "git/object_reader.h"
#include "git/repository.h"

namespace tightship::git {

struct NewCommit {
  Oid id, tree;
  std::vector<Oid> parents;        // those that are here; a shallow commit has none
  std::vector<bool> parent_known;  // one each: whether that parent was known before
  std::int64_t time = 0;
};

struct CommitWalk {
  std::vector<NewCommit> commits;  // parents before children
  bool over_limit = false;         // more than `limit` commits: `commits` is unusable
  bool cut_off = false;            // some new commit is a shallow one, or lacks a parent of a partial clone
};

// `wanted` and `known` are commits; known ones that are not here exclude nothing. Parents that are not
// here and should be go into `ledger` (MissingObject).
CommitWalk walk_new_commits(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& wanted,
                            const std::vector<Oid>& known, std::size_t limit, Ledger& ledger);

}  // namespace tightship::git
