#pragma once

// The commits of a repository as a graph of numbers, and what reaches what in it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scan/content_pass.h"

namespace tightship::scan {

using CommitIndex = std::uint32_t;  // in ContentPass::commits
inline constexpr CommitIndex kNoCommit = ~CommitIndex{0};

class CommitGraph {
 public:
  explicit CommitGraph(const ContentPass& contents);

  std::uint32_t size() const { return static_cast<std::uint32_t>(contents_.commits.size()); }
  const CommitRecord& commit(CommitIndex index) const { return contents_.commits[index]; }
  // By the first 64 bits of its oid.
  std::optional<CommitIndex> find(std::uint64_t id) const;
  // Parents that are there.
  const CommitIndex* parents_begin(CommitIndex commit) const { return parents_.data() + begin_[commit]; }
  const CommitIndex* parents_end(CommitIndex commit) const { return parents_.data() + begin_[commit + 1]; }
  // Every commit after its parents.
  const std::vector<CommitIndex>& order() const { return order_; }
  // Parents that a commit names and the store has not: (child, parent's oid).
  const std::vector<std::pair<CommitIndex, Oid>>& missing_parents() const { return missing_; }

  // One byte a commit: whether one of `tips` is it or descends from it.
  std::vector<std::uint8_t> reachable_from(const std::vector<CommitIndex>& tips) const;
  // `bits` has a word for each commit; afterwards each commit also has the bits of all its ancestors.
  void spread_to_descendants(std::vector<std::uint64_t>& bits) const;
  // Whether `a` is to be called older than `b`: by committer time, then by oid, so that it is a total order.
  bool older(CommitIndex a, CommitIndex b) const;

 private:
  void sort_topologically();

  const ContentPass& contents_;
  std::vector<std::uint32_t> begin_;
  std::vector<CommitIndex> parents_;
  std::vector<CommitIndex> order_;
  std::vector<std::pair<CommitIndex, Oid>> missing_;
};

}  // namespace tightship::scan
