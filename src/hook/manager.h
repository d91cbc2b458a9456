#pragma once

// Programs that fill a repository's hooks from a file of their own: a hook that is not in that file is
// overwritten sooner or later, and one that is reaches everybody who works on the repository.
//
// They are told by their files at the top of the work tree, read as text and bounded; none of them is run.

#include <optional>
#include <string>

#include "git/repository.h"
#include "hook/hook.h"
#include "hook/hooks_folder.h"

namespace tightship::hook {

enum class ManagerKind {
  Husky,           // 5 and later: .husky/pre-push is a plain shell file, to which we add our lines
  Husky4,          // "husky" in package.json, .huskyrc
  Lefthook,        // lefthook.yml and its other names
  SimpleGitHooks,  // "simple-git-hooks" in package.json, .simple-git-hooks.json
  Overcommit,      // .overcommit.yml
  PreCommit,       // .pre-commit-config.yaml
};

struct Manager {
  ManagerKind kind = ManagerKind::Husky;
  std::string name;       // as its users write it
  std::string file;       // absolute: the one to edit; of husky the hook's own, which need not exist
  bool calls_us = false;  // the file runs `tightship hook run` for this hook already
  bool active = true;     // of husky: git runs its hooks (core.hooksPath leads to it)
};

inline constexpr std::size_t kMaxManagerFile = 4u << 20;

// The one that fills this hook of the repository. `folder` is where git looks for it. There is none for
// bare repositories and for pre-receive.
std::optional<Manager> find_manager(const git::Repository& repository, const HooksFolder& folder, HookKind kind);

// What to write into the manager's file, whole lines; and where in it and what to do then, a sentence.
// Empty for husky.
struct Paste {
  std::string lines, where;
};
Paste paste_for(const Manager& manager, HookKind kind);

// Whether a text runs tightship for this hook, on a line that is no comment.
bool calls_tightship(std::string_view content, HookKind kind);

}  // namespace tightship::hook
