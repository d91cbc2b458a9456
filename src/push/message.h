#pragma once

// What a hook says on standard error.

#include <optional>
#include <string>
#include <vector>

#include "detect/finding.h"
#include "push/plan.h"
#include "report/report.h"

namespace tightship::push {

// Since when a value is public already, by its fingerprint.
struct PublicSince {
  std::string remote;
  std::optional<detect::CommitInfo> commit;
};

struct Blocked {
  const detect::ScanResult& result;
  std::vector<const detect::Finding*> findings;  // those that block, worst first
  const FixPlan& plan;
  std::map<std::string, PublicSince> already_public;  // by fingerprint
  std::string remote;                                 // "origin", or a URL
  std::uint64_t commits = 0;                          // new ones
};

// The whole text, from "tightship: push blocked" to "checked 2 commits, ...".
std::string blocked_push(const Blocked& blocked, const report::Options& options);

// For pre-commit: what is staged.
std::string blocked_commit(const detect::ScanResult& result, const std::vector<const detect::Finding*>& findings,
                           const report::Options& options);
// For pre-receive: read by the person who pushed, on another machine.
std::string blocked_receive(const detect::ScanResult& result, const std::vector<const detect::Finding*>& findings,
                            const report::Options& options);

// "checked 2 commits, 9 new blobs, 41 kB in 11 ms"
std::string checked_line(const detect::ScanResult& result);

// The plan and what it is for, as JSON: docs/formats/fix-plan.md.
std::string fix_plan_json(const Blocked& blocked);

}  // namespace tightship::push
