#pragma once

// A push from git's lines to what is said about it; shared by the hook and `tightship fix plan`.

#include <functional>
#include <string>
#include <vector>

#include "detect/rule.h"
#include "git/repository.h"
#include "push/message.h"
#include "push/plan.h"
#include "scan/changes.h"
#include "scan/push.h"

namespace tightship::push {

struct PushRequest {
  const git::Repository& repository;
  const std::vector<git::Ref>& refs;
  std::vector<scan::RefUpdate> updates;
  std::string remote, url;
  detect::Severity threshold = detect::Severity::Warning;
  std::string cache_folder;  // as in scan::ChangeOptions
  unpack::Limits archives = {};
};

struct PushAnswer {
  detect::ScanResult result;
  scan::ChangeFacts facts;
  std::vector<const detect::Finding*> blocking;  // of `result`, worst first; empty: nothing to block
  FixPlan plan;
  std::map<std::string, PublicSince> already_public;

  Blocked blocked(const std::string& remote) const {
    return {result, blocking, plan, already_public, remote, facts.commits};
  }
};

// `amend` may take allowed findings out of the result before it is judged. A repository over 2 GB is not
// asked whether a secret is public already: it would hold the push up too long.
Result<PushAnswer> scan_push(const detect::RuleSet& rules, const PushRequest& request, scan::Progress& progress,
                             const std::function<void(detect::ScanResult&)>& amend);

// Findings at or over `threshold`, worst first.
std::vector<const detect::Finding*> blocking_findings(const detect::ScanResult& result, detect::Severity threshold);

}  // namespace tightship::push
