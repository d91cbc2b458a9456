#pragma once

// How to get the secrets out of what is to be pushed: commands, chosen by the case.
//
//   only the tip brings them            edit, git commit --amend
//   older commits, straight history     one git rebase -i that stops at each
//   merges in between, several refs,    git filter-branch over the new commits, with `tightship redact`:
//   or gone again in the tip            nothing to resolve by hand, and no secret in a command
//   in a message, a name, a tag         amend, reword, mv, git tag -f, git branch -m
//
// Nothing is run and nothing is written here.

#include <map>
#include <string>
#include <vector>

#include "base/oid.h"
#include "detect/finding.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "scan/push.h"

namespace tightship::push {

struct FixStep {
  enum class Kind : std::uint8_t { Run, Edit };
  Kind kind = Kind::Run;
  std::string command;  // for a shell (Run); "edit FILE" (Edit)
  std::string note;     // may be empty
};

enum class FixWay : std::uint8_t { None, Amend, Rebase, Filter };
std::string_view fix_way_name(FixWay way);  // "none", "amend", "rebase", "filter"

struct FixPlan {
  FixWay way = FixWay::None;
  std::string why;                          // of the way, when it is not the obvious one
  std::vector<FixStep> steps;               // empty when there is nothing to paste
  std::map<std::string, std::string> seen;  // by fingerprint: "only in 8c1d2e3 "wire up billing", 1 commit below main"
  std::uint64_t bad_commits = 0;
};

struct PushContext {
  const git::Repository& repository;
  const std::vector<git::Ref>& refs;
  const std::vector<scan::RefUpdate>& updates;
  const std::vector<Oid>& known;  // what the remote has
  std::string remote;             // as git named it: a remote or a URL
};

// For the findings that block. `findings` have their commits (Occurrence::commit).
FixPlan plan_fix(const PushContext& push, git::ObjectReader& objects,
                 const std::vector<const detect::Finding*>& findings);

// For a shell: 'it'\''s'. As it is when nothing in it needs quotes.
std::string shell_quoted(std::string_view text);

}  // namespace tightship::push
