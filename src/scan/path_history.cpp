#include "scan/path_history.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace tightship::scan {
namespace {

using NodeId = std::uint32_t;
constexpr NodeId kEmpty = 0;
constexpr NodeId kUnknown = ~NodeId{0};
constexpr NodeId kInProgress = kUnknown - 1;
constexpr std::size_t kMaxPathLength = 64 * 1024;  // a path longer than that is not followed

// An entry of a cut tree. `target` is a NodeId for a Subtree.
using NodeItem = TreeItem;

// TreeRecord by id: open addressing, since it is asked some millions of times.
class TreeFinder {
 public:
  explicit TreeFinder(const std::vector<TreeRecord>& trees)
      : trees_(trees), mask_(std::bit_ceil(trees.size() * 2 + 1) - 1), slots_(mask_ + 1, kFree) {
    for (std::uint32_t i = 0; i < trees.size(); ++i) {
      std::size_t at = trees[i].id & mask_;
      while (slots_[at] != kFree) at = (at + 1) & mask_;
      slots_[at] = i;
    }
  }
  const TreeRecord* find(std::uint64_t id) const {
    for (std::size_t at = id & mask_; slots_[at] != kFree; at = (at + 1) & mask_) {
      if (trees_[slots_[at]].id == id) return &trees_[slots_[at]];
    }
    return nullptr;
  }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};
  const std::vector<TreeRecord>& trees_;
  std::size_t mask_;
  std::vector<std::uint32_t> slots_;
};

// Cut trees by number.
class CutTrees {
 public:
  explicit CutTrees(const TreePass& trees)
      : trees_(trees), finder_(trees.trees), node_of_list_(trees.lists.size(), kUnknown), nodes_(1) {}

  NodeId of_tree(std::uint64_t id) {
    const TreeRecord* tree = finder_.find(id);
    return tree == nullptr ? kEmpty : of_list(tree->list);
  }
  const std::vector<NodeItem>& items(NodeId node) const { return nodes_[node]; }

 private:
  struct Frame {
    std::uint32_t list;
    std::uint32_t at = 0;
    std::vector<NodeItem> kept;
  };

  // No recursion: the nesting of folders is the repository's choice.
  NodeId of_list(std::uint32_t list) {
    if (node_of_list_[list] < kInProgress) return node_of_list_[list];
    std::vector<Frame> stack;
    const auto enter = [&](std::uint32_t l) {
      node_of_list_[l] = kInProgress;
      stack.push_back({l, 0, {}});
    };
    enter(list);
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const ItemList& items = trees_.lists[frame.list];
      if (frame.at == items.count) {
        node_of_list_[frame.list] = number(std::move(frame.kept));
        stack.pop_back();
        continue;
      }
      const TreeItem& item = trees_.items[items.begin + frame.at];
      if (item.kind != ItemKind::Subtree) {
        frame.kept.push_back(item);
      } else if (const TreeRecord* child = finder_.find(item.child)) {
        const NodeId node = node_of_list_[child->list];
        if (node == kUnknown) {
          enter(child->list);
          continue;  // and come back to this item
        }
        if (node != kEmpty && node != kInProgress) frame.kept.push_back({node, item.name, ItemKind::Subtree});
      }
      ++frame.at;
    }
    return node_of_list_[list];
  }

  NodeId number(std::vector<NodeItem> items) {
    if (items.empty()) return kEmpty;
    std::string key;
    for (const NodeItem& item : items) {
      key.append(reinterpret_cast<const char*>(&item.child), sizeof item.child);
      key.append(reinterpret_cast<const char*>(&item.name), sizeof item.name);
      key.push_back(static_cast<char>(item.kind));
    }
    const auto [at, is_new] = numbers_.try_emplace(std::move(key), static_cast<NodeId>(nodes_.size()));
    if (is_new) nodes_.push_back(std::move(items));
    return at->second;
  }

  const TreePass& trees_;
  TreeFinder finder_;
  std::vector<NodeId> node_of_list_;
  std::vector<std::vector<NodeItem>> nodes_;
  std::unordered_map<std::string, NodeId> numbers_;
};

bool has_item(const std::vector<NodeItem>& items, const NodeItem& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

class Tracer {
 public:
  Tracer(const CommitGraph& graph, const TreePass& trees) : graph_(graph), trees_(trees), cut_(trees) {}

  void trace_commits() {
    std::vector<NodeId> root(graph_.size());
    for (CommitIndex i = 0; i < graph_.size(); ++i) root[i] = cut_.of_tree(graph_.commit(i).tree);
    for (CommitIndex i = 0; i < graph_.size(); ++i) {
      std::vector<NodeId> parents;
      for (auto p = graph_.parents_begin(i); p != graph_.parents_end(i); ++p) parents.push_back(root[*p]);
      walk_new(root[i], std::move(parents), [&](PathUse& use) { use.brought_by.push_back(i); });
    }
  }

  void trace_head(std::uint64_t tree) {
    walk_new(cut_.of_tree(tree), {}, [](PathUse& use) { use.in_head = true; });
  }

  void trace_bare(std::uint64_t tree) {
    walk_new(cut_.of_tree(tree), {}, [](PathUse&) {});
  }

  // Trees that hang on no commit at all: what they hold is given with the path inside of them.
  void trace_orphans(const std::vector<std::uint64_t>& wanted) {
    std::vector<std::uint64_t> without;
    for (const std::uint64_t target : wanted) {
      const auto at = uses_.lower_bound({target, ItemKind::File, std::string()});
      if (at == uses_.end() || std::get<0>(at->first) != target) without.push_back(target);
    }
    std::sort(without.begin(), without.end());
    for (const TreeItem& item : trees_.items) {
      if (item.kind == ItemKind::Subtree) continue;
      if (item.kind == ItemKind::PathHit) continue;  // its path is not known
      const bool orphan = item.kind == ItemKind::NameHit
                              ? !traced_names_.contains({item.child, item.name})
                              : std::binary_search(without.begin(), without.end(), item.child);
      if (orphan) use_of(item.child, item.kind, trees_.names[item.name]).partial_path = true;
    }
  }

  std::vector<PathUse> take() {
    std::vector<PathUse> uses;
    for (auto& [key, use] : uses_) {
      std::sort(use.brought_by.begin(), use.brought_by.end(),
                [&](CommitIndex a, CommitIndex b) { return graph_.older(a, b); });
      uses.push_back(std::move(use));
    }
    return uses;
  }

 private:
  struct Step {
    NodeId node;
    std::vector<NodeId> others;
    std::string path;  // with a slash at the end, or empty
  };

  // Calls `note` for each wanted thing under `node` that none of `others` has at the same path.
  template <class Note>
  void walk_new(NodeId node, std::vector<NodeId> others, const Note& note) {
    const auto differs = [](NodeId wanted, const std::vector<NodeId>& have) {
      return wanted != kEmpty && std::find(have.begin(), have.end(), wanted) == have.end();
    };
    if (!differs(node, others)) return;
    std::vector<Step> todo;
    todo.push_back({node, std::move(others), {}});
    while (!todo.empty()) {
      const Step step = std::move(todo.back());
      todo.pop_back();
      for (const NodeItem& item : cut_.items(step.node)) {
        std::string path = step.path + trees_.names[item.name];
        if (item.kind == ItemKind::Subtree) {
          std::vector<NodeId> below = children_called(step.others, item.name);
          const auto child = static_cast<NodeId>(item.child);
          if (path.size() > kMaxPathLength || !differs(child, below)) continue;
          todo.push_back({child, std::move(below), path + '/'});
          continue;
        }
        const auto has = [&](NodeId other) { return has_item(cut_.items(other), item); };
        if (std::any_of(step.others.begin(), step.others.end(), has)) continue;
        if (item.kind == ItemKind::NameHit) traced_names_.insert({item.child, item.name});
        note(use_of(item.child, item.kind, std::move(path)));
      }
    }
  }

  std::vector<NodeId> children_called(const std::vector<NodeId>& nodes, std::uint32_t name) const {
    std::vector<NodeId> children;
    for (const NodeId node : nodes) {
      for (const NodeItem& item : cut_.items(node)) {
        if (item.name == name && item.kind == ItemKind::Subtree) {
          children.push_back(static_cast<NodeId>(item.child));
        }
      }
    }
    return children;
  }

  PathUse& use_of(std::uint64_t target, ItemKind kind, std::string path) {
    const auto [at, is_new] = uses_.try_emplace({target, kind, path});
    if (is_new) {
      at->second.target = target;
      at->second.kind = kind;
      at->second.path = std::move(path);
    }
    return at->second;
  }

  const CommitGraph& graph_;
  const TreePass& trees_;
  CutTrees cut_;
  std::map<std::tuple<std::uint64_t, ItemKind, std::string>, PathUse> uses_;
  std::set<std::pair<std::uint64_t, std::uint32_t>> traced_names_;  // (value, name)
};

}  // namespace

std::vector<PathUse> trace_paths(const CommitGraph& graph, const TreePass& trees,
                                 const std::vector<std::uint64_t>& wanted, std::uint64_t head_tree,
                                 const std::vector<std::uint64_t>& bare_trees) {
  Tracer tracer(graph, trees);
  tracer.trace_commits();
  if (head_tree != 0) tracer.trace_head(head_tree);
  for (const std::uint64_t tree : bare_trees) tracer.trace_bare(tree);
  tracer.trace_orphans(wanted);
  return tracer.take();
}

}  // namespace tightship::scan
