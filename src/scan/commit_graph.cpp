#include "scan/commit_graph.h"

#include <algorithm>

namespace tightship::scan {

CommitGraph::CommitGraph(const ContentPass& contents) : contents_(contents) {
  begin_.reserve(contents.commits.size() + 1);
  begin_.push_back(0);
  for (CommitIndex i = 0; i < size(); ++i) {
    const CommitRecord& record = contents.commits[i];
    for (std::uint32_t p = 0; p < record.parents_count; ++p) {
      const Oid& oid = contents.parents[record.parents_begin + p];
      if (const auto parent = find(oid.prefix64())) {
        parents_.push_back(*parent);
      } else {
        missing_.emplace_back(i, oid);
      }
    }
    begin_.push_back(static_cast<std::uint32_t>(parents_.size()));
  }
  sort_topologically();
}

std::optional<CommitIndex> CommitGraph::find(std::uint64_t id) const {
  const auto& commits = contents_.commits;
  const auto at = std::lower_bound(commits.begin(), commits.end(), id,
                                   [](const CommitRecord& c, std::uint64_t wanted) { return c.id < wanted; });
  if (at == commits.end() || at->id != id) return std::nullopt;
  return static_cast<CommitIndex>(at - commits.begin());
}

void CommitGraph::sort_topologically() {
  std::vector<std::uint32_t> child_begin(std::size_t{size()} + 1), waiting(size());
  for (const CommitIndex parent : parents_) ++child_begin[parent + 1];
  for (CommitIndex i = 0; i < size(); ++i) child_begin[i + 1] += child_begin[i];
  std::vector<CommitIndex> children(parents_.size());
  std::vector<std::uint32_t> next(child_begin.begin(), child_begin.end() - 1);
  for (CommitIndex i = 0; i < size(); ++i) {
    for (auto p = parents_begin(i); p != parents_end(i); ++p) children[next[*p]++] = i;
    waiting[i] = begin_[i + 1] - begin_[i];
    if (waiting[i] == 0) order_.push_back(i);
  }
  for (std::size_t at = 0; at < order_.size(); ++at) {
    for (std::uint32_t c = child_begin[order_[at]]; c < child_begin[order_[at] + 1]; ++c) {
      if (--waiting[children[c]] == 0) order_.push_back(children[c]);
    }
  }
  // Only a forged pair of oids with equal beginnings can make a cycle; its commits come last.
  for (CommitIndex i = 0; order_.size() < size() && i < size(); ++i) {
    if (waiting[i] != 0) order_.push_back(i);
  }
}

std::vector<std::uint8_t> CommitGraph::reachable_from(const std::vector<CommitIndex>& tips) const {
  std::vector<std::uint8_t> reached(size());
  std::vector<CommitIndex> todo;
  const auto visit = [&](CommitIndex commit) {
    if (reached[commit] == 0) todo.push_back(commit);
    reached[commit] = 1;
  };
  for (const CommitIndex tip : tips) visit(tip);
  while (!todo.empty()) {
    const CommitIndex commit = todo.back();
    todo.pop_back();
    for (auto p = parents_begin(commit); p != parents_end(commit); ++p) visit(*p);
  }
  return reached;
}

void CommitGraph::spread_to_descendants(std::vector<std::uint64_t>& bits) const {
  for (const CommitIndex commit : order_) {
    for (auto p = parents_begin(commit); p != parents_end(commit); ++p) bits[commit] |= bits[*p];
  }
}

bool CommitGraph::older(CommitIndex a, CommitIndex b) const {
  const CommitRecord& x = commit(a);
  const CommitRecord& y = commit(b);
  if (x.time != y.time) return x.time < y.time;
  return __builtin_bswap64(x.id) < __builtin_bswap64(y.id);
}

}  // namespace tightship::scan
