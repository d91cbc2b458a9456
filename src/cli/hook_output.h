#pragma once

// What the commands of `tightship hook` share: which hooks are meant, and how outcomes are said.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"
#include "hook/global.h"
#include "hook/hook.h"

namespace tightship::cli {

struct HookFlags {
  bool pre_push = false, pre_commit = false, pre_receive = false;
  bool global = false;
  std::vector<std::string> paths;
  std::vector<hook::HookKind> kinds() const;  // those that were named
};

std::vector<Flag> hook_flags(HookFlags& flags);

// A Usage error for --global with a PATH.
Result<void> check_hook_flags(const HookFlags& flags);

// For standard output; foreign text is escaped, but in lines to paste.
std::string outcome_text(const hook::Outcome& outcome);

// 1 when something is left to be done by hand.
int outcome_status(const std::vector<hook::Outcome>& outcomes);

// This program, as an absolute path that exists; else empty.
std::string own_path();
// Where a shell finds `tightship`; empty when it does not.
std::string path_of_tightship();

}  // namespace tightship::cli
