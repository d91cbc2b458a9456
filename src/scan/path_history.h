#pragma once

// Where in the history the wanted blobs and names stand: at which paths, brought by which commits,
// still in HEAD or not.
//
// Idea: cut every tree down to the entries that lead to something wanted, and number the cut trees
// so that equal ones have one number (hash-consing). Nearly all root trees of a history then share
// a few numbers, and a commit can only have brought something if its number differs from those of
// all its parents. Each different list of entries is looked at once; trees are not read again.

#include <cstdint>
#include <string>
#include <vector>

#include "scan/commit_graph.h"
#include "scan/tree_pass.h"

namespace tightship::scan {

// A wanted blob, or a name that is a secret, at one path.
struct PathUse {
  std::uint64_t target = 0;  // first 64 bits of the blob's oid; of a NameHit: ValueId in name_values; of a PathHit: 0
  ItemKind kind = ItemKind::File;
  std::string path;
  // Commits that have it there while none of their parents has. Oldest first. Empty for a tree that
  // no commit has.
  std::vector<CommitIndex> brought_by;
  bool in_head = false;
  bool partial_path = false;  // the tree hangs on no commit: the path begins at that tree
};

// `head_tree`: first 64 bits of HEAD's tree, 0 when there is none. `bare_trees`: trees that refs or
// tags point at directly. `wanted`: as for scan_trees. Sorted by target, then path.
std::vector<PathUse> trace_paths(const CommitGraph& graph, const TreePass& trees,
                                 const std::vector<std::uint64_t>& wanted, std::uint64_t head_tree,
                                 const std::vector<std::uint64_t>& bare_trees);

}  // namespace tightship::scan
