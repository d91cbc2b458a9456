#pragma once

// What is said of the files that accept findings. Private to src/allow.

#include <cstdint>
#include <vector>

#include "allow/allowances.h"

namespace tightship::allow {

struct FileUsage {
  std::vector<bool> matched;  // an entry's finding is there, expired or not
  std::uint64_t allowed = 0;  // findings
};

struct Usage {
  std::vector<FileUsage> files, baselines, placed;  // as in Allowances
};

Usage make_usage(const Allowances& allowances);

// Which files took part, which entries have expired, which matched nothing.
void add_remarks(const Allowances& allowances, const Usage& usage, const ApplyOptions& options,
                 detect::ScanResult& result);

}  // namespace tightship::allow
