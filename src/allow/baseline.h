#pragma once

// A baseline: what was there when tightship was introduced, and is to be worked off rather than to stop
// everything else.
//
//   # tightship baseline 1: work tree
//   5d0c9a3e71b2f640 stripe-secret-key api/billing.py
//
// Text, one line a secret, sorted by id: the id of a finding (rule and value, not the place), its rule,
// and a path that helps to find it. Lines tell nothing of each other, and neither order nor doubled
// lines matter: what git merges, even by taking both sides, is a baseline. Nothing in it changes when
// lines move or time passes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "allow/source.h"

namespace tightship::allow {

inline constexpr std::string_view kBaselineFile = ".tightship/baseline";

// What a baseline was made from: only such a scan can say that an entry matches nothing any more.
enum class Extent : std::uint8_t { WorkTree, History };

struct BaselineEntry {
  std::string id, rule;
  std::string hint;  // a path, escaped and without secrets; says nothing that is needed
  std::uint32_t line = 0;
};

struct Baseline {
  Source source;
  Extent extent = Extent::WorkTree;
  std::vector<BaselineEntry> entries;  // sorted by id, each id once
  const BaselineEntry* find(std::string_view id) const;
};

// Never fails: what is wrong is in source.problems. Lines are split by \n or \r\n; lines that begin with
// '#' and blank lines are passed over.
Baseline parse_baseline(std::string text, std::string path);

// The file: header and sorted lines. Of an entry's hint the line ends are left out.
std::string baseline_text(Extent extent, const std::vector<BaselineEntry>& entries);

// What `found` (any order, one an id) makes of `old`: an entry that is in both keeps its hint, so that
// a file that moved changes nothing.
struct BaselineUpdate {
  std::vector<BaselineEntry> entries;      // of the new file, sorted
  std::vector<BaselineEntry> added, gone;  // sorted
};
BaselineUpdate update_baseline(const Baseline& old, std::vector<BaselineEntry> found);

}  // namespace tightship::allow
