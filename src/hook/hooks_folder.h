#pragma once

// Where git looks for the hooks of a repository (githooks(5), core.hooksPath in git-config(1)).

#include <string>

#include "base/result.h"
#include "git/repository.h"
#include "hook/hook.h"

namespace tightship::hook {

struct HooksFolder {
  std::string path;     // absolute; need not exist
  std::string setting;  // core.hooksPath as git gives it; empty when it is not set
  std::string origin;   // the configuration file that sets it
  // Set outside of the repository: for all repositories of the user or the machine.
  bool for_all = false;
  bool in_work_tree = false;  // may be committed, so nothing of this machine belongs into its files
};

// The folder in which git looks for this hook. A relative core.hooksPath starts at the top of the work
// tree, for a bare repository and for pre-receive at the git directory: where git runs the hook.
//
// Asks git (git_config.h). Fails with Config when core.hooksPath names no folder (git then runs no hook),
// or when the folder, as part of the repository, is a link that leads out of it: what lies there may serve
// others, and a repository must not choose where we write.
Result<HooksFolder> hooks_folder(const git::Repository& repository, HookKind kind);

// .git/hooks, whatever core.hooksPath says.
HooksFolder default_folder(const git::Repository& repository);

// Fails with Config when the file or folder `path` (absolute), which belongs to the repository by name,
// lies outside of it through a link. Gives the real path.
Result<std::string> inside(const git::Repository& repository, const std::string& path);

}  // namespace tightship::hook
