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

// What blocks: findings of `severity` and over. A guess, a warning of a generic rule, that stands in tests only passes,
// and is told, unless `tests` says otherwise: who is stopped for `password: "hunter2"` in a test learns to go past hooks.
struct Threshold {
  detect::Severity severity = detect::Severity::Warning;
  bool tests = false;
};

// `git config tightship.severity error`: configuration of the clone, not of its content. Fails with Config.
Result<Threshold> configured_threshold(const git::Repository& repository);

struct PushRequest {
  const git::Repository& repository;
  const std::vector<git::Ref>& refs;
  std::vector<scan::RefUpdate> updates;
  std::string remote, url;
  Threshold threshold;
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

// The findings that block, worst first. A remark in `result` says what passes as a guess in tests.
std::vector<const detect::Finding*> blocking_findings(detect::ScanResult& result, const Threshold& threshold);

}  // namespace tightship::push
