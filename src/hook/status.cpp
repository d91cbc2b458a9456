#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "hook/husky.h"
#include "hook/install.h"
#include "hook/plain_hook.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

void take_mark(const Mark& mark, HookStatus& status) {
  status.version = mark.version;
  status.changed = !mark.intact;
  status.installed = true;
}

// The hook of git's own; false when there is nothing of ours.
bool read_plain(const HooksFolder& folder, HookKind kind, HookStatus& status) {
  const PlainHook hook = look_at(folder, kind);
  const bool ours = hook.mark && hook.mark->name == hook_name(kind);
  if (!ours && !hook.calls_us) return false;
  status.installed = true;
  status.path = hook.path;
  status.active = hook.runs;
  status.way = "by hand";
  if (ours) {
    take_mark(*hook.mark, status);
    status.way = hook.mark->flags.global ? "all repositories" : "git hook";
  }
  if (ours && hook.kept_runs) status.chained = hook.kept;
  if (!hook.runs) status.problem = "the file is not executable, so git ignores it: tightship hook install";
  return true;
}

// Whether git's own hook leads to husky's file.
bool husky_runs(const Manager& husky, const HooksFolder& folder, HookKind kind) {
  return husky.active && is_executable(fmt::format("{}/{}", folder.path, hook_name(kind)));
}

bool read_managed(const Manager& manager, const HooksFolder& folder, HookKind kind, HookStatus& status) {
  std::optional<Block> block;
  if (manager.kind == ManagerKind::Husky) block = find_block(read_hook(manager.file));
  if (!block && !manager.calls_us) return false;
  status.installed = true;
  status.way = manager.name;
  status.path = manager.file;
  if (block) take_mark(block->mark, status);
  if (manager.kind == ManagerKind::Husky) {
    status.active = husky_runs(manager, folder, kind);
    if (!status.active) status.problem = "husky is not set up in this clone: npm install, or npx husky";
  } else {
    status.active = is_executable(fmt::format("{}/{}", folder.path, hook_name(kind)));
    if (!status.active) status.problem = manager.name + " has not put its hook in place in this clone";
  }
  return true;
}

// Ours lies in .git/hooks, but core.hooksPath was set since.
bool read_forsaken(const git::Repository& repository, HookKind kind, const std::string& why, HookStatus& status) {
  if (!read_plain(default_folder(repository), kind, status)) return false;
  status.active = false;
  status.problem = why;
  return true;
}

void tell_changed(HookStatus& status) {
  if (!status.changed || !status.problem.empty()) return;
  status.problem = "somebody changed it after tightship wrote it";
}

}  // namespace

HookStatus hook_status(const git::Repository& repository, HookKind kind) {
  HookStatus status;
  status.kind = kind;
  const auto folder = hooks_folder(repository, kind);
  if (!folder) {
    if (!read_forsaken(repository, kind, folder.error().what, status)) status.problem = folder.error().what;
    return status;
  }
  const auto manager = find_manager(repository, *folder, kind);
  const bool husky = manager && manager->kind == ManagerKind::Husky;
  bool found = husky && read_managed(*manager, *folder, kind, status);
  found = found || read_plain(*folder, kind, status);
  found = found || (manager && !husky && read_managed(*manager, *folder, kind, status));
  if (!found && folder->path != default_folder(repository).path) {
    found = read_forsaken(repository, kind, "core.hooksPath leads git to " + folder->path + " instead", status);
  }
  if (!found) status.path = husky ? manager->file : fmt::format("{}/{}", folder->path, hook_name(kind));
  tell_changed(status);
  return status;
}

}  // namespace tightship::hook
