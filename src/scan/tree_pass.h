#pragma once

// Second pass of an audit: every tree. Three things are taken from it:
//   - names that are secrets themselves;
//   - where the blobs that carry secrets hang, and the way to them from the root trees;
//   - which objects are named and not there.
//
// Delta-aware like the scan of blobs: git's trees expand to thirty times their packed size, and a
// tree differs from its base by an entry or two. Entries wholly inside a copied run are the base's;
// only new entries are parsed and looked up, and only names that are new as well are searched.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "detect/rule.h"
#include "git/object_store.h"
#include "scan/audit.h"
#include "scan/content_pass.h"
#include "scan/value_table.h"
#include "scan/worktree.h"

namespace tightship::scan {

// PathHit: a file whose path a rule of paths may report; the path is judged when it is known.
enum class ItemKind : std::uint8_t { Subtree, File, Symlink, NameHit, PathHit };

// An entry of a tree that matters: a folder, a blob that was asked for, or a name that is a secret.
struct TreeItem {
  std::uint64_t child = 0;  // first 64 bits of the entry's oid; of a NameHit: its ValueId; of a PathHit: 0
  std::uint32_t name = 0;   // in TreePass::names
  ItemKind kind = ItemKind::Subtree;
  friend auto operator<=>(const TreeItem&, const TreeItem&) = default;
};

struct TreeRecord {
  std::uint64_t id = 0;
  std::uint32_t list = 0;  // in TreePass::lists; trees with equal items often share one
  git::ObjectPlace place;
};

struct ItemList {
  std::uint32_t begin = 0, count = 0;  // in TreePass::items
};

struct TreePass {
  std::vector<TreeRecord> trees;  // sorted by id
  std::vector<ItemList> lists;
  std::vector<TreeItem> items;
  std::vector<std::string> names;
  ValueTable name_values;    // secrets in names
  std::vector<Oid> missing;  // named by a tree, and not in the store; sorted, each once
  std::uint64_t count = 0, bytes = 0;
  // One byte an object of the store: some tree names it. By pack, then entry; loose ones last.
  std::vector<std::vector<std::uint8_t>> named;
};

// One pack's part of the pass, before it is known what else the store holds.
struct PackTrees {
  TreePass pass;                    // `missing` and `named` are empty
  std::vector<Oid> outside;         // named by a tree, and not in the pack; sorted, each once
  std::vector<std::uint8_t> named;  // one byte an entry of the pack: some tree of the pack names it
};

class PackCache;

// `wanted` holds the first 64 bits of the blobs to look for. Packs that `cache` (may be null) has are not
// read; the others are given to it.
TreePass scan_trees(const detect::RuleSet& rules, const git::ObjectStore& store,
                    const std::vector<std::uint32_t>& loose_trees, const std::unordered_set<std::uint64_t>& wanted,
                    const AuditOptions& options, Progress& progress, Ledger& ledger, PackCache* cache = nullptr);

}  // namespace tightship::scan
