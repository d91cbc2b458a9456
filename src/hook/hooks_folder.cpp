#include "hook/hooks_folder.h"

#include <filesystem>

#include "hook/file_change.h"
#include "hook/git_config.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

// Without "." and "..", links kept.
std::string plain_path(const std::string& path, const std::string& base) {
  std::string text = (fs::path(base) / path).lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

// The working directory in which git runs the hook.
const std::string& start_folder(const git::Repository& repository, HookKind kind) {
  const bool in_git_dir = repository.bare || kind == HookKind::PreReceive;
  return in_git_dir ? repository.git_dir : repository.work_tree;
}

bool belongs(const git::Repository& repository, const std::string& path) {
  return lies_in(path, repository.common_dir) || lies_in(path, repository.git_dir) ||
         lies_in(path, repository.work_tree);
}

bool is_in_work_tree(const git::Repository& repository, const std::string& path) {
  return lies_in(path, repository.work_tree) && !lies_in(path, repository.common_dir) &&
         !lies_in(path, repository.git_dir);
}

Result<void> check_folder(const git::Repository& repository, const HooksFolder& folder) {
  const FileType type = type_of(real_path(folder.path).empty() ? folder.path : real_path(folder.path));
  if (type != FileType::Folder && type != FileType::Absent) {
    return fail(ErrorKind::Config, "git runs no hooks here: they would lie in what is no folder", folder.path,
                folder.setting.empty() ? "move it away" : "git config --show-origin --get-all core.hooksPath");
  }
  if (!belongs(repository, folder.path)) return {};
  const auto real = inside(repository, folder.path);
  if (!real) return tl::unexpected(real.error());
  return {};
}

}  // namespace

Result<std::string> inside(const git::Repository& repository, const std::string& path) {
  const std::string real = real_path(path);
  for (const std::string* root : {&repository.common_dir, &repository.git_dir, &repository.work_tree}) {
    if (!root->empty() && !real.empty() && lies_in(real, real_path(*root))) return real;
  }
  const std::string where = real.empty() ? "a link that leads nowhere" : "a link out of the repository, to " + real;
  return fail(ErrorKind::Config, "refusing to write through " + where, path,
              "to use that folder for hooks all the same: git config core.hooksPath FOLDER, then install again");
}

HooksFolder default_folder(const git::Repository& repository) {
  HooksFolder folder;
  folder.path = repository.common_dir + "/hooks";
  return folder;
}

Result<HooksFolder> hooks_folder(const git::Repository& repository, HookKind kind) {
  const auto setting = path_setting(repository.git_dir, "core.hooksPath");
  if (!setting) return tl::unexpected(setting.error());
  HooksFolder folder = default_folder(repository);
  if (*setting) {
    folder.setting = (*setting)->value;
    folder.origin = (*setting)->origin;
    folder.for_all = (*setting)->scope != ConfigScope::Repository;
    if (folder.setting.empty()) {
      return fail(ErrorKind::Config, "git runs no hooks here: core.hooksPath is empty", folder.origin,
                  "git config --show-origin --get-all core.hooksPath");
    }
    folder.path = plain_path(folder.setting, start_folder(repository, kind));
    folder.in_work_tree = is_in_work_tree(repository, folder.path);
  }
  if (const auto checked = check_folder(repository, folder); !checked) return tl::unexpected(checked.error());
  return folder;
}

}  // namespace tightship::hook
