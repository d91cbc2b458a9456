#include "hook/plain_hook.h"

#include <fmt/format.h>

#include <filesystem>

#include "hook/manager.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

void describe(PlainHook& hook, HookKind kind) {
  hook.type = type_of(hook.path);
  hook.kept_type = type_of(hook.kept);
  hook.runs = is_executable(hook.path);
  hook.kept_runs = is_executable(hook.kept);
  if (hook.type != FileType::Regular && hook.type != FileType::Symlink) return;
  const std::string content = read_hook(hook.path);
  if (hook.type == FileType::Regular) hook.mark = read_script(content);
  hook.calls_us = !hook.mark && calls_tightship(content, kind);
}

// The pre-commit framework moves the hook that it finds aside, and runs it.
std::optional<PlainHook> legacy(const PlainHook& hook, HookKind kind) {
  PlainHook renamed{
      hook.path + ".legacy", hook.kept, FileType::Absent, FileType::Absent, {}, false, false, false};
  describe(renamed, kind);
  if (!renamed.mark || renamed.mark->name != hook_name(kind)) return std::nullopt;
  renamed.runs = renamed.runs && hook.runs;
  return renamed;
}

Outcome outcome(HookKind kind, Outcome::What what, const PlainHook& hook) {
  Outcome result;
  result.kind = kind;
  result.what = what;
  result.path = hook.path;
  return result;
}

// Says what becomes of the hook from before.
void tell_kept(const PlainHook& hook, Outcome& result) {
  if (hook.kept_type == FileType::Absent) return;
  if (hook.kept_runs) {
    result.chained = hook.kept;
  } else {
    result.notes.push_back("the hook that was there is kept as " + name_of(hook.kept) +
                           "; it is not executable, so git did not run it, and it is still not run");
  }
}

Result<Outcome> write_script(PlainHook hook, HookKind kind, Outcome::What what, const std::string& text) {
  if (const auto written = replace_file(hook.path, text, script_mode()); !written) {
    return tl::unexpected(written.error());
  }
  describe(hook, kind);
  Outcome result = outcome(kind, what, hook);
  tell_kept(hook, result);
  return result;
}

Result<Outcome> update(const PlainHook& hook, HookKind kind, const std::string& tool, bool global) {
  const Mark& mark = *hook.mark;
  if (!mark.intact) {
    return changed_by_hand(hook.path, fmt::format("mv {0} {0}.mine, then install again", name_of(hook.path)));
  }
  const bool same_name = mark.name == hook_name(kind);
  if (same_name && (mark.version > kScriptVersion || (mark.flags.global && !global))) {
    Outcome result = outcome(kind, Outcome::What::Already, hook);
    result.notes.emplace_back(mark.flags.global ? "it serves all repositories that use this folder"
                                                : "it is of a newer tightship, and stays as it is");
    tell_kept(hook, result);
    return result;
  }
  MarkFlags flags = mark.flags;
  flags.global = global;
  const std::string text = script_text(kind, tool, flags);
  if (read_hook(hook.path) == text && is_executable(hook.path)) {
    Outcome result = outcome(kind, Outcome::What::Already, hook);
    tell_kept(hook, result);
    return result;
  }
  const auto what = same_name ? Outcome::What::Updated : Outcome::What::Installed;
  return write_script(hook, kind, what, text);
}

// The folder that we made goes with the last of our hooks: another one remembers it from now on.
Result<void> leave_folder(const HooksFolder& folder, unsigned made) {
  for (const HookKind kind : kHookKinds) {
    const PlainHook other = look_at(folder, kind);
    if (made == 0 || !other.mark || !other.mark->intact) continue;
    MarkFlags flags = other.mark->flags;
    flags.made_folders = made;
    return replace_file(other.path, with_flags(read_hook(other.path), flags),
                        mode_of(other.path).value_or(script_mode()));
  }
  remove_folders(folder.path, made);
  return {};
}

Result<void> keep(const PlainHook& hook) {
  if (hook.kept_type == FileType::Absent) return keep_as(hook.path, hook.kept);
  if (same_file(hook.path, hook.kept)) return {};  // an install that was interrupted
  return fail(ErrorKind::Config,
              "a hook is kept here from an earlier install, and the present one is not tightship's",
              hook.kept,
              fmt::format("if it is no longer needed: rm {}, else move it into {}", name_of(hook.kept),
                          name_of(hook.path)));
}

}  // namespace

tl::unexpected<Error> changed_by_hand(const std::string& path, std::string help) {
  return fail(ErrorKind::Config, "somebody changed this after tightship wrote it, so it is left as it is",
              path, std::move(help));
}

PlainHook look_at(const HooksFolder& folder, HookKind kind) {
  PlainHook hook;
  hook.path = fmt::format("{}/{}", folder.path, hook_name(kind));
  hook.kept = hook.path + ".before-tightship";
  describe(hook, kind);
  if (!hook.mark) {
    if (auto renamed = legacy(hook, kind)) return *renamed;
  }
  return hook;
}

Result<Outcome> install_plain(const HooksFolder& folder, HookKind kind, const std::string& tool,
                              Serves serves) {
  const bool global = serves == Serves::All;
  const PlainHook hook = look_at(folder, kind);
  if (hook.mark) return update(hook, kind, tool, global);
  if (hook.calls_us) {
    Outcome result = outcome(kind, Outcome::What::Already, hook);
    result.notes.emplace_back("the hook that is there runs tightship by itself");
    return result;
  }
  const bool is_file = hook.type == FileType::Regular || hook.type == FileType::Symlink;
  if (hook.type != FileType::Absent && (!is_file || global)) {
    return fail(ErrorKind::Config, "something that is not tightship's is in the place of the hook", hook.path,
                "move it away, then install again");
  }
  MarkFlags flags;
  flags.global = global;
  if (hook.type == FileType::Absent) {
    const auto made = make_folders(folder.path);
    if (!made) return tl::unexpected(made.error());
    if (serves == Serves::Repository) flags.made_folders = *made;
  } else if (const auto kept = keep(hook); !kept) {
    return tl::unexpected(kept.error());
  }
  return write_script(hook, kind, Outcome::What::Installed, script_text(kind, tool, flags));
}

Result<Outcome> uninstall_plain(const HooksFolder& folder, HookKind kind) {
  const PlainHook hook = look_at(folder, kind);
  const bool ours = hook.mark && hook.mark->name == hook_name(kind);
  const bool lost = hook.type == FileType::Absent && hook.kept_type != FileType::Absent;
  if (!ours && !lost) {
    Outcome result = outcome(kind, Outcome::What::Absent, hook);
    if (hook.kept_type != FileType::Absent) {
      result.notes.push_back("a hook from before is still kept as " + name_of(hook.kept) +
                             ": the present one is not tightship's and stays");
    }
    return result;
  }
  if (ours && !hook.mark->intact) {
    return changed_by_hand(
        hook.path,
        fmt::format("take the call of tightship out of {} yourself, or delete the file", name_of(hook.path)));
  }
  Outcome result = outcome(kind, Outcome::What::Removed, hook);
  const bool restores = hook.kept_type != FileType::Absent;
  const auto done = restores ? rename_file(hook.kept, hook.path) : remove_file(hook.path);
  if (!done) return tl::unexpected(done.error());
  if (restores) result.chained = hook.path;
  if (ours) {
    if (const auto left = leave_folder(folder, hook.mark->flags.made_folders); !left) {
      return tl::unexpected(left.error());
    }
  }
  return result;
}

}  // namespace tightship::hook
