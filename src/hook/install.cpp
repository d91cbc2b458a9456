#include "hook/install.h"

#include <algorithm>

#include "hook/husky.h"
#include "hook/plain_hook.h"

namespace tightship::hook {
namespace {

// What can be kept beside ours and run under another name. The others look at their own name.
bool can_be_chained(const Manager& manager) {
  return manager.kind == ManagerKind::Lefthook || manager.kind == ManagerKind::SimpleGitHooks ||
         manager.kind == ManagerKind::PreCommit;
}

// The pre-commit framework tells its hooks one ref of a push and keeps the list from them, but it runs
// what it found in its place as git would.
bool wants_plain(const Manager& manager, HookKind kind) {
  return manager.kind == ManagerKind::PreCommit && kind == HookKind::PrePush;
}

Outcome by_hand(const Manager& manager, HookKind kind) {
  Outcome result;
  result.kind = kind;
  result.what = manager.calls_us ? Outcome::What::Already : Outcome::What::ToPaste;
  result.path = manager.file;
  result.manager = manager.name;
  if (manager.calls_us) return result;
  Paste paste = paste_for(manager, kind);
  result.paste = std::move(paste.lines);
  result.notes.push_back(std::move(paste.where));
  return result;
}

bool is_ours_for_all(const HooksFolder& folder, HookKind kind) {
  const PlainHook hook = look_at(folder, kind);
  return folder.for_all && hook.mark && hook.mark->flags.global;
}

Result<Outcome> install_in_folder(const HooksFolder& folder, HookKind kind, const InstallOptions& options) {
  // The path of this machine's tightship means nothing to those who get the folder by a clone.
  auto result = install_plain(folder, kind, folder.in_work_tree ? std::string() : options.tool, Serves::Repository);
  if (!result) return result;
  if (folder.for_all && !is_ours_for_all(folder, kind)) {
    result->notes.push_back("core.hooksPath in " + folder.origin +
                            " names this folder, so the hook serves all repositories that use it");
  }
  if (folder.in_work_tree) {
    result->notes.emplace_back("the folder is part of the work tree: commit the hook for everybody who uses it");
  }
  return result;
}

Result<Outcome> install_beside(const HooksFolder& folder, HookKind kind, const InstallOptions& options,
                               const Manager& manager) {
  if (!can_be_chained(manager)) {
    return fail(ErrorKind::Usage, manager.name + " tells its hooks apart by their names: none can be kept beside ours",
                manager.file, "tightship hook install without --plain");
  }
  auto result = install_in_folder(folder, kind, options);
  if (!result) return result;
  if (wants_plain(manager, kind)) {
    result->notes.emplace_back(
        "pre-commit does not hand on which refs are pushed, so this is a hook of git's own; pre-commit "
        "install "
        "keeps it and runs it");
  } else {
    result->notes.push_back(manager.name + " may overwrite the hook: tightship hook status tells");
  }
  return result;
}

// Where install_hook may have written, now or before core.hooksPath was changed.
Result<std::vector<HooksFolder>> folders_of(const git::Repository& repository, HookKind kind) {
  std::vector<HooksFolder> folders;
  auto current = hooks_folder(repository, kind);
  if (!current && current.error().kind != ErrorKind::Config) return tl::unexpected(current.error());
  const HooksFolder usual = default_folder(repository);
  if (current) folders.push_back(*current);
  if (!current || current->path != usual.path) {
    const auto safe = inside(repository, usual.path);
    if (safe) folders.push_back(usual);
  }
  return folders;
}

Result<void> uninstall_plains(const git::Repository& repository, HookKind kind, std::vector<Outcome>& results) {
  const auto folders = folders_of(repository, kind);
  if (!folders) return tl::unexpected(folders.error());
  for (const HooksFolder& folder : *folders) {
    if (is_ours_for_all(folder, kind)) {
      Outcome left;
      left.kind = kind;
      left.path = look_at(folder, kind).path;
      left.notes.emplace_back("it serves all repositories: tightship hook uninstall --global takes it away");
      results.push_back(std::move(left));
      continue;
    }
    auto result = uninstall_plain(folder, kind);
    if (!result) return tl::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  return {};
}

Result<void> uninstall_managed(const git::Repository& repository, HookKind kind, std::vector<Outcome>& results) {
  const HooksFolder folder = hooks_folder(repository, kind).value_or(default_folder(repository));
  const auto manager = find_manager(repository, folder, kind);
  if (!manager) return {};
  if (manager->kind == ManagerKind::Husky) {
    auto result = uninstall_husky(repository, *manager, kind);
    if (!result) return tl::unexpected(result.error());
    results.push_back(std::move(*result));
  } else if (manager->calls_us) {
    Outcome result = by_hand(*manager, kind);
    result.what = Outcome::What::ToCut;
    results.push_back(std::move(result));
  }
  return {};
}

}  // namespace

Result<Outcome> install_hook(const git::Repository& repository, HookKind kind, const InstallOptions& options) {
  const auto folder = hooks_folder(repository, kind);
  if (!folder) return tl::unexpected(folder.error());
  const auto manager = find_manager(repository, *folder, kind);
  if (!manager) return install_in_folder(*folder, kind, options);
  if (options.plain || wants_plain(*manager, kind)) return install_beside(*folder, kind, options, *manager);
  if (manager->kind == ManagerKind::Husky) return install_husky(repository, *manager, kind);
  return by_hand(*manager, kind);
}

Result<std::vector<Outcome>> uninstall_hook(const git::Repository& repository, HookKind kind) {
  std::vector<Outcome> results;
  // husky first: with core.hooksPath=.husky its file and the plain hook are one.
  auto done = uninstall_managed(repository, kind, results);
  if (done) done = uninstall_plains(repository, kind, results);
  if (!done) return tl::unexpected(done.error());
  const bool nothing = std::all_of(results.begin(), results.end(), [](const Outcome& result) {
    return result.what == Outcome::What::Absent && result.notes.empty();
  });
  if (nothing && results.size() > 1) results.resize(1);
  if (!nothing) {
    std::erase_if(results,
                  [](const Outcome& result) { return result.what == Outcome::What::Absent && result.notes.empty(); });
  }
  return results;
}

}  // namespace tightship::hook
