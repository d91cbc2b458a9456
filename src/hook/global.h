#pragma once

// Hooks for all repositories of a user: a folder that core.hooksPath names (git then looks there instead
// of into each repository, also into those that exist already), or one that git copies into every new
// repository (init.templateDir).
//
// A folder of our own (XDG_CONFIG_HOME/tightship) is made when neither is set. For core.hooksPath every
// script in it also runs the repository's own hook of its name, and the other hooks of kPassedOn get a
// script that does only that, so that nothing stops working. A folder that is the user's keeps its
// meaning: there our script is put beside what is in it.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hook/hook.h"
#include "hook/install.h"

namespace tightship::hook {

enum class GlobalWay { Undecided, HooksPath, Template };

struct GlobalPlace {
  GlobalWay way = GlobalWay::HooksPath;
  std::string folder;   // holds, or will hold, the hooks
  bool ours = false;    // the folder is the one we make
  std::string setting;  // the value of the configuration; empty when it is to be set
  std::string origin;   // the file that sets it
};

// Hooks that run as before when core.hooksPath is our folder. Left out are those whose mere presence
// changes what git does (push-to-checkout, proc-receive, fsmonitor-watchman, reference-transaction,
// post-index-change, and those of git-p4).
inline constexpr std::array<std::string_view, 19> kPassedOn{
    "applypatch-msg", "pre-applypatch", "post-applypatch",    "pre-commit",        "pre-merge-commit",
    "commit-msg",     "post-commit",    "prepare-commit-msg", "pre-rebase",        "post-checkout",
    "post-merge",     "post-rewrite",   "pre-push",           "pre-receive",       "update",
    "post-receive",   "post-update",    "pre-auto-gc",        "sendemail-validate"};

// Decides: core.hooksPath where it is set, else init.templateDir, else what `wanted` says. With
// Undecided and neither set, the way of the result is Undecided.
// Fails with Config when core.hooksPath is relative (it then names a folder in each repository) or hooks of
// a template would not be run because it is set.
Result<GlobalPlace> global_place(GlobalWay wanted);

// Installs the hooks and sets the configuration where that is ours to do. Fails as install_plain.
Result<std::vector<Outcome>> install_global(const std::vector<HookKind>& kinds, const GlobalPlace& place,
                                            const std::string& tool);
// Takes them away; with the last one also the folder and the setting, when they are ours.
Result<std::vector<Outcome>> uninstall_global(const std::vector<HookKind>& kinds, const GlobalPlace& place);

// For a place that is decided: installed means that the hook is there and the configuration leads to it.
HookStatus global_status(HookKind kind, const GlobalPlace& place);

}  // namespace tightship::hook
