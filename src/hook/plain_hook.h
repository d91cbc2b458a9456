#pragma once

// A hook of git's own: the file `pre-push` of the folder where git looks for it. A hook that is there
// already is kept beside it as `pre-push.before-tightship`, byte for byte and with its mode (a link as a
// link), and our script runs it too.

#include <optional>
#include <string>

#include "base/result.h"
#include "hook/file_change.h"
#include "hook/hooks_folder.h"
#include "hook/script.h"

namespace tightship::hook {

struct PlainHook {
  std::string path;  // our script, or what is in its place; "pre-push.legacy" when pre-commit renamed ours
  std::string kept;  // the name under which the hook from before is kept, there or not
  FileType type = FileType::Absent;
  FileType kept_type = FileType::Absent;
  std::optional<Mark> mark;              // when it is our script
  bool calls_us = false;                 // somebody else's, which runs tightship by itself
  bool runs = false, kept_runs = false;  // executable, as git wants it
};
PlainHook look_at(const HooksFolder& folder, HookKind kind);

// Whom the folder serves: a repository (or those whose core.hooksPath names it, as the user wanted it);
// all repositories, whose own hooks our script then runs; new repositories, which get a copy of it.
enum class Serves { Repository, All, Copies };

// `tool` as in script_text. Fails with Config, changing nothing, when somebody changed our script, when a
// hook is kept already although the present one is not ours, when the place is taken by a folder, or for
// Serves::All by anything.
Result<Outcome> install_plain(const HooksFolder& folder, HookKind kind, const std::string& tool, Serves serves);

// Puts back what was there before. Fails with Config when somebody changed our script.
Result<Outcome> uninstall_plain(const HooksFolder& folder, HookKind kind);

// For whatever of ours somebody changed.
tl::unexpected<Error> changed_by_hand(const std::string& path, std::string help);

}  // namespace tightship::hook
