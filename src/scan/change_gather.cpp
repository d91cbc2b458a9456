#include "scan/change_gather.h"

#include <algorithm>

#include "git/tree_diff.h"

namespace tightship::scan {
namespace {

constexpr unsigned kMaxTagDepth = 64;

void sort_unique(std::vector<Oid>& oids) {
  std::sort(oids.begin(), oids.end());
  oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
}

// Follows one wanted object; `seen_tags` collects the tags on the way.
Result<void> follow(git::ObjectReader& objects, Oid oid, Tips& tips) {
  for (unsigned depth = 0; depth < kMaxTagDepth; ++depth) {
    const auto object = objects.share(oid);
    if (!object) return tl::unexpected(object.error());
    switch ((*object)->type) {
      case git::ObjectType::Commit: tips.commits.push_back(oid); return {};
      case git::ObjectType::Tree: tips.trees.push_back(oid); return {};
      case git::ObjectType::Blob: tips.blobs.push_back(oid); return {};
      case git::ObjectType::Tag: break;
    }
    tips.tags.push_back(oid);
    const auto tag = git::parse_tag((*object)->bytes, objects.hash());
    if (!tag) return tl::unexpected(tag.error());
    oid = tag->target;
  }
  return fail(ErrorKind::Limit, "tags of tags go deeper than is followed", oid.hex());
}

// What a remote or a range already has; what is not here excludes nothing, and is no loss.
void follow_known(git::ObjectReader& objects, Oid oid, Tips& known) {
  if (!oid.is_zero()) static_cast<void>(follow(objects, oid, known));
}

struct TreeOfCommit {
  const std::unordered_map<Oid, Oid>& new_trees;
  git::ObjectReader& objects;

  std::optional<Oid> operator()(const Oid& commit) const {
    if (const auto at = new_trees.find(commit); at != new_trees.end()) return at->second;
    const auto object = objects.share(commit);
    if (!object) return std::nullopt;
    const auto parsed = git::parse_commit((*object)->bytes, objects.hash());
    return parsed ? std::optional(parsed->tree) : std::nullopt;
  }
};

void add_tree(git::ObjectReader& objects, const Oid& commit, const Oid& tree, const std::vector<Oid>& parents,
              bool partial, ChangeSet& set, Ledger& ledger) {
  git::diff_trees(
      objects, tree, parents, partial,
      [&](const git::TreeChange& change) {
        if (change.new_name) set.names.push_back({commit, change.path});
        const bool submodule = (change.mode & 0170000) == 0160000;
        if (change.is_tree() || submodule) return;
        set.uses.push_back({commit, change.path, change.mode, change.oid, change.before});
      },
      ledger);
}

}  // namespace

Result<Tips> follow_tags(git::ObjectReader& objects, const Changes& changes, Ledger&) {
  Tips known, tips;
  for (const Oid& oid : changes.known) follow_known(objects, oid, known);
  for (const Oid& oid : changes.wanted) {
    if (oid.is_zero()) continue;
    if (const auto followed = follow(objects, oid, tips); !followed) return tl::unexpected(followed.error());
  }
  tips.known = std::move(known.commits);
  sort_unique(known.tags);
  for (std::vector<Oid>* oids : {&tips.commits, &tips.known, &tips.tags, &tips.trees, &tips.blobs}) sort_unique(*oids);
  std::erase_if(tips.tags,
                [&](const Oid& tag) { return std::binary_search(known.tags.begin(), known.tags.end(), tag); });
  return tips;
}

bool gather_commits(const git::Repository& repository, git::ObjectReader& objects, const Tips& tips, ChangeSet& set,
                    Ledger& ledger) {
  const git::CommitWalk walk =
      git::walk_new_commits(repository, objects, tips.commits, tips.known, kMaxSingleCommits, ledger);
  if (walk.over_limit) return false;
  std::unordered_map<Oid, Oid> new_trees;
  for (const git::NewCommit& commit : walk.commits) new_trees.emplace(commit.id, commit.tree);
  const TreeOfCommit tree_of{new_trees, objects};
  for (const git::NewCommit& commit : walk.commits) {
    std::vector<Oid> parents;
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
      const auto tree = tree_of(commit.parents[i]);
      if (!tree) continue;
      parents.push_back(*tree);
      if (commit.parent_known[i]) set.boundary_trees.push_back(*tree);
    }
    add_tree(objects, commit.id, commit.tree, parents, repository.partial, set, ledger);
    set.messages.push_back(commit.id);
  }
  for (const Oid& tree : tips.trees) add_tree(objects, Oid{}, tree, {}, repository.partial, set, ledger);
  for (const Oid& blob : tips.blobs) set.uses.push_back({Oid{}, {}, 0100644, blob, {}});
  set.messages.insert(set.messages.end(), tips.tags.begin(), tips.tags.end());
  set.commits = walk.commits.size();
  set.cut_off = walk.cut_off;
  set.tags = tips.tags.size();
  sort_unique(set.boundary_trees);
  return true;
}

}  // namespace tightship::scan
