#pragma once

// Secrets inside of containers: every member is scanned like a file of its own, and each hit says in which
// member it stands (Hit::member). Line and column are the member's.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ledger.h"
#include "detect/rule.h"
#include "scan/content_scanner.h"
#include "unpack/unpack.h"

namespace tightship::scan {

// `scan_text` scans one content as it is, under a path as detect::settle takes it.
using ScanText = std::function<std::vector<Hit>(Bytes content, std::string_view path)>;

struct ContainerAnswer {
  std::vector<Hit> hits;     // by member as they lie in it, then by position
  std::vector<Loss> losses;  // LossKind::UnreadArchive; `where` is the member, empty for the container
  ArchiveCounts counts;
  bool truncated = false;  // more hits than kMaxHits
};

// `path` is the container's, as ContentScanner::scan takes it.
ContainerAnswer scan_container(const detect::RuleSet& rules, Bytes content, std::string_view path,
                               const unpack::Limits& limits, const ScanText& scan_text);

}  // namespace tightship::scan
