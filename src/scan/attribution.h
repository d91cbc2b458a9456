#pragma once

// From hits in objects to findings with their history: at which paths, brought by whom and when,
// still in HEAD, on which refs, pushed or not.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/object_store.h"
#include "git/repository.h"
#include "scan/commit_graph.h"
#include "scan/content_pass.h"
#include "scan/content_scanner.h"
#include "scan/path_history.h"
#include "scan/tree_pass.h"

namespace tightship::scan {

// A ref or reflog entry, followed through tags to what it names.
struct Tip {
  std::string name;          // ref, or the ref of a reflog
  std::uint64_t target = 0;  // first 64 bits of the oid, tags followed
  CommitIndex commit = kNoCommit;
  bool reflog = false;
};

struct HistoryInput {
  const detect::RuleSet& rules;
  const git::Repository& repository;
  const git::ObjectStore& store;
  const ContentPass& contents;
  const TreePass& trees;
  const CommitGraph& graph;
  const std::vector<PathUse>& uses;  // sorted by target
  const std::vector<Tip>& tips;      // refs first, sorted by name; then reflog entries
  const std::vector<std::pair<std::string, std::uint64_t>>& tag_refs;  // ref -> tag object it names directly
  bool first_versions = false;                                         // as AuditOptions
  unpack::Limits archives = {};                                        // likewise
};

// Adds a finding's occurrences of objects to `findings`; what cannot be read again goes into `ledger`.
// Afterwards fill_history completes the findings that were taken out of the set.
class Attribution {
 public:
  Attribution(const HistoryInput& input, FindingSet& findings, Ledger& ledger);
  ~Attribution();
  void add_objects();
  void fill_history(std::vector<detect::Finding>& findings) const;
  // Commits that no ref reaches (a reflog may).
  std::uint64_t unreachable_commits() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::scan
