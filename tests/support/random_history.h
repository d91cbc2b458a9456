#pragma once

// Random histories with merges, written by `git fast-import` in one go, and what is in them as plain data:
// the model that walks, diffs and scans of changes are compared with.

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace tightship::test {

struct HistoryOptions {
  std::uint64_t seed = 1;
  unsigned commits = 40;
  unsigned contents = 30;  // different files; few, so that the same one comes up at several places
  int skew_minutes = 0;    // committer dates go wrong by up to this much, both ways
  bool one_root = false;   // else some later commits have no parent either
  bool packed = false;     // else loose objects, for small histories
  // What content number `i` is; "content i" when not given. Must differ for each.
  std::string (*content)(std::uint64_t i) = nullptr;
};

struct ModelFile {
  std::string mode;  // "100644", "100755", "120000", "160000"
  std::uint64_t content = 0;
  friend bool operator==(const ModelFile&, const ModelFile&) = default;
};
using ModelTree = std::map<std::string, ModelFile>;  // by path

struct ModelCommit {
  std::string id;                    // hexadecimal
  std::vector<std::size_t> parents;  // earlier ones
  ModelTree tree;
};

// Commit i is refs/heads/cI, and `main` is the last one. Merges take files from each parent, and bring
// some of their own; some commits are roots.
class RandomHistory {
 public:
  RandomHistory(GitFixture& repo, const HistoryOptions& options);

  const std::vector<ModelCommit>& commits() const { return commits_; }
  const ModelCommit& operator[](std::size_t i) const { return commits_[i]; }
  std::size_t size() const { return commits_.size(); }
  // Numbers of the commits that are reached from `tips`, themselves too.
  std::set<std::size_t> reachable(const std::vector<std::size_t>& tips) const;
  // The same as hexadecimal names: of those reached from `wanted`, and not from `known`.
  std::set<std::string> new_commits(const std::vector<std::size_t>& wanted,
                                    const std::vector<std::size_t>& known) const;
  std::vector<std::size_t> pick(std::size_t at_most, bool none_too);  // random commits

 private:
  void make_commit(const HistoryOptions& options);
  void change_tree(ModelTree& tree, const HistoryOptions& options);
  std::string stream_of(const HistoryOptions& options);

  std::mt19937_64 random_;
  std::vector<ModelCommit> commits_;
};

}  // namespace tightship::test
