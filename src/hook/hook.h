#pragma once

// The hooks that tightship knows to fill, and what becomes of one of them.

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::hook {

enum class HookKind { PrePush, PreCommit, PreReceive };

inline constexpr std::array kHookKinds{HookKind::PrePush, HookKind::PreCommit, HookKind::PreReceive};

// "pre-push": the name of git's hook, of its file, and of the argument of `tightship hook run`.
constexpr std::string_view hook_name(HookKind kind) {
  switch (kind) {
    case HookKind::PrePush: return "pre-push";
    case HookKind::PreCommit: return "pre-commit";
    case HookKind::PreReceive: return "pre-receive";
  }
  return {};
}

// What install or uninstall did for one hook.
struct Outcome {
  enum class What {
    Installed,  // written where there was nothing of ours
    Updated,    // ours was there, of another version, for another place of tightship, or not executable
    Already,    // nothing to do
    ToPaste,    // nothing was written: `paste` belongs into the file `path`, by hand
    Removed,    // ours was taken away; what was there before is back
    Absent,     // uninstall found nothing of ours
    ToCut,      // uninstall: the lines of the file `path` that call tightship are to be taken out by hand
  };
  HookKind kind = HookKind::PrePush;
  What what = What::Absent;
  std::string path;                // of the hook, or of the file to edit
  std::string manager;             // "husky", "lefthook", ...: whose file `path` is; empty for a hook of git's own
  std::string chained;             // the hook that was there before, and now runs too (or, after Removed, is back)
  std::string paste;               // whole lines
  std::vector<std::string> notes;  // what the user should know besides, a sentence each
};

}  // namespace tightship::hook
