#pragma once

// What a commit's tree has that none of its parents' trees has at the same path: what the commit brings,
// the way `git log -c` sees a merge.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "git/object_reader.h"

namespace tightship::git {

struct TreeChange {
  const std::string& path;  // from the root, separated by '/'
  std::uint32_t mode = 0;
  Oid oid;
  const std::vector<Oid>& before;  // what stood there, by parent; parents without it are left out
  bool new_name = false;           // no parent has anything of that name there
  bool is_tree() const { return (mode & 0170000) == 0040000; }
};

// Calls `see` for every entry of the tree `root` and the trees below it whose object is another than in
// each of `parents` (root trees; none: everything). Folders are told too, before what is in them;
// submodules as well. Trees that cannot be read go into `ledger`, those that a promisor remote keeps
// (`partial`) do not. Depth is bounded by kMaxTreeDepth.
inline constexpr std::size_t kMaxTreeDepth = 4096;
void diff_trees(ObjectReader& objects, const Oid& root, const std::vector<Oid>& parents, bool partial,
                const std::function<void(const TreeChange&)>& see, Ledger& ledger);

struct PathEntry {
  std::uint32_t mode = 0;
  Oid oid;
};
// What stands at `path` in the tree `root`; nothing also when a tree on the way cannot be read.
std::optional<PathEntry> find_path(ObjectReader& objects, const Oid& root, std::string_view path);

// Those of `wanted` that stand anywhere in the trees `roots`. Each tree is read once; ones that cannot be
// read hold nothing.
std::unordered_set<Oid> find_in_trees(ObjectReader& objects, const std::vector<Oid>& roots,
                                      const std::unordered_set<Oid>& wanted);

}  // namespace tightship::git
