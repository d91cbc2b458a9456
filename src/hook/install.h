#pragma once

// Hooks of one repository: put in place, taken away, looked at.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "git/repository.h"
#include "hook/hook.h"

namespace tightship::hook {

struct InstallOptions {
  std::string tool;    // absolute path of this program: used when tightship is not on PATH
  bool plain = false;  // git's own hook also where a manager of hooks is
};

// Puts the hook where git, or the repository's manager of hooks, runs it. Can be repeated. Fails with
// Config, changing nothing, when that cannot be done without losing something; see plain_hook.h, husky.h,
// hooks_folder.h.
Result<Outcome> install_hook(const git::Repository& repository, HookKind kind, const InstallOptions& options);

// Takes the hook away wherever it was put by install_hook, and restores what was there byte for byte. One
// outcome for each place; a single Absent when there is none. Hooks of install_global are left.
Result<std::vector<Outcome>> uninstall_hook(const git::Repository& repository, HookKind kind);

struct HookStatus {
  HookKind kind = HookKind::PrePush;
  bool installed = false;
  bool active = false;   // git runs it
  std::string way;       // "git hook", "all repositories", "by hand", or the manager's name
  std::string path;      // of the hook or of the manager's file; where it would be when it is not installed
  unsigned version = 0;  // of our script; 0: by hand
  bool changed = false;  // by somebody after us
  std::string chained;   // the hook from before, when it runs too
  std::string problem;   // why it is not active, or what else is wrong
};

HookStatus hook_status(const git::Repository& repository, HookKind kind);

}  // namespace tightship::hook
