#include "git/tree_diff.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace tightship::git {
namespace {

// A tree and a place in it. Entries are sorted by name as bytes, which git's own order nearly is.
struct LoadedTree {
  std::shared_ptr<const StoredObject> object;  // keeps the bytes of the entries alive
  std::vector<TreeEntry> entries;
  std::size_t next = 0;

  const TreeEntry* find(std::string_view name) {
    if (next < entries.size() && entries[next].name == name) return &entries[next++];
    const auto at = std::lower_bound(entries.begin(), entries.end(), name,
                                     [](const TreeEntry& entry, std::string_view n) { return entry.name < n; });
    if (at == entries.end() || at->name != name) return nullptr;
    next = static_cast<std::size_t>(at - entries.begin()) + 1;
    return &*at;
  }
};

struct Level {
  LoadedTree tree;
  std::vector<LoadedTree> parents;
  std::size_t at = 0;
  std::size_t path_length = 0;  // of the folder, with its '/'
};

class Differ {
 public:
  Differ(ObjectReader& objects, bool partial, const std::function<void(const TreeChange&)>& see, Ledger& ledger)
      : objects_(objects), partial_(partial), see_(see), ledger_(ledger) {}

  void run(const Oid& root, const std::vector<Oid>& parents) {
    enter(root, parents);
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.at == level.tree.entries.size()) {
        levels_.pop_back();
      } else {
        path_.resize(level.path_length);
        step(level, level.tree.entries[level.at++]);
      }
    }
  }

 private:
  std::optional<LoadedTree> load(const Oid& oid);
  void enter(const Oid& tree, const std::vector<Oid>& parents);
  void step(Level& level, const TreeEntry& entry);

  ObjectReader& objects_;
  bool partial_;
  const std::function<void(const TreeChange&)>& see_;
  Ledger& ledger_;
  std::vector<Level> levels_;
  std::string path_;
  std::vector<Oid> before_, before_trees_;
};

std::optional<LoadedTree> Differ::load(const Oid& oid) {
  auto object = objects_.share(oid);
  if (!object || (*object)->type != ObjectType::Tree) {
    const bool missing = !object && object.error().kind == ErrorKind::NotFound;
    if (!missing || !partial_) {
      ledger_.add({missing ? LossKind::MissingObject : LossKind::CorruptObject,
                   object ? "object is not a tree, and is named as one" : object.error().what, oid.hex(), "git fsck"});
    }
    return std::nullopt;
  }
  LoadedTree tree{std::move(*object), {}, 0};
  TreeReader reader(tree.object->bytes, objects_.hash());
  TreeEntry entry;
  while (reader.next(entry)) tree.entries.push_back(entry);
  if (reader.broken()) ledger_.add({LossKind::CorruptObject, "tree is damaged", oid.hex(), "git fsck"});
  const auto by_name = [](const TreeEntry& a, const TreeEntry& b) { return a.name < b.name; };
  if (!std::is_sorted(tree.entries.begin(), tree.entries.end(), by_name)) {
    std::sort(tree.entries.begin(), tree.entries.end(), by_name);
  }
  return tree;
}

void Differ::enter(const Oid& oid, const std::vector<Oid>& parents) {
  auto tree = load(oid);
  if (!tree) return;
  Level level;
  level.tree = std::move(*tree);
  level.path_length = path_.size();
  for (const Oid& parent : parents) {
    if (auto loaded = load(parent)) level.parents.push_back(std::move(*loaded));
  }
  levels_.push_back(std::move(level));
}

void Differ::step(Level& level, const TreeEntry& entry) {
  before_.clear();
  before_trees_.clear();
  bool new_name = true;
  for (LoadedTree& parent : level.parents) {
    const TreeEntry* old = parent.find(entry.name);
    if (old == nullptr) continue;
    new_name = false;
    const bool same = std::equal(old->oid.begin(), old->oid.end(), entry.oid.begin(), entry.oid.end());
    if (same && old->is_tree() == entry.is_tree()) return;
    if (old->is_tree())
      before_trees_.push_back(Oid::from_raw(old->oid));
    else if (!old->is_submodule())
      before_.push_back(Oid::from_raw(old->oid));
  }
  path_ += entry.name;
  const Oid oid = Oid::from_raw(entry.oid);
  see_({path_, entry.mode, oid, before_, new_name});
  if (!entry.is_tree()) return;
  if (levels_.size() >= kMaxTreeDepth) {
    ledger_.add({LossKind::LimitExceeded, "folders are nested deeper than is followed", oid.hex(), {}});
    return;
  }
  path_ += '/';
  const std::vector<Oid> trees = before_trees_;
  enter(oid, trees);
}

}  // namespace

void diff_trees(ObjectReader& objects, const Oid& root, const std::vector<Oid>& parents, bool partial,
                const std::function<void(const TreeChange&)>& see, Ledger& ledger) {
  Differ(objects, partial, see, ledger).run(root, parents);
}

std::optional<PathEntry> find_path(ObjectReader& objects, const Oid& root, std::string_view path) {
  Oid tree = root;
  for (;;) {
    const auto object = objects.share(tree);
    if (!object || (*object)->type != ObjectType::Tree) return std::nullopt;
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    TreeReader reader((*object)->bytes, objects.hash());
    TreeEntry entry;
    bool found = false;
    while (!found && reader.next(entry)) found = entry.name == name;
    if (!found) return std::nullopt;
    const Oid oid = Oid::from_raw(entry.oid);
    if (slash == std::string_view::npos) return PathEntry{entry.mode, oid};
    if (!entry.is_tree()) return std::nullopt;
    tree = oid;
    path.remove_prefix(slash + 1);
  }
}

std::unordered_set<Oid> find_in_trees(ObjectReader& objects, const std::vector<Oid>& roots,
                                      const std::unordered_set<Oid>& wanted) {
  std::unordered_set<Oid> found, seen;
  std::vector<Oid> todo(roots.rbegin(), roots.rend());
  while (!todo.empty() && found.size() < wanted.size()) {
    const Oid tree = todo.back();
    todo.pop_back();
    if (!seen.insert(tree).second) continue;
    const auto object = objects.share(tree);
    if (!object || (*object)->type != ObjectType::Tree) continue;
    TreeReader reader((*object)->bytes, objects.hash());
    TreeEntry entry;
    while (reader.next(entry)) {
      const Oid oid = Oid::from_raw(entry.oid);
      if (entry.is_tree())
        todo.push_back(oid);
      else if (wanted.contains(oid))
        found.insert(oid);
    }
  }
  return found;
}

}  // namespace tightship::git
