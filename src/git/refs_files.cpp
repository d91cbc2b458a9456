#include "git/refs_files.h"

#include <algorithm>
#include <filesystem>

namespace tightship::git {
namespace fs = std::filesystem;
namespace {

bool is_gone(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

enum class EntryKind { File, Folder, LinkedFolder };

EntryKind kind_of(const fs::directory_entry& entry) {
  std::error_code error;
  if (!entry.is_symlink(error)) return entry.is_directory(error) ? EntryKind::Folder : EntryKind::File;
  if (fs::read_symlink(entry.path(), error).string().starts_with("refs/")) return EntryKind::File;
  return fs::is_directory(entry.path(), error) ? EntryKind::LinkedFolder : EntryKind::File;
}

}  // namespace

bool is_per_worktree(std::string_view ref) {
  return !ref.starts_with("refs/") || ref.starts_with("refs/bisect/") || ref.starts_with("refs/worktree/") ||
         ref.starts_with("refs/rewritten/");
}

std::vector<RefStore> ref_stores(const Repository& repository) {
  std::vector<RefStore> stores = {{repository.git_dir, ""}};
  const bool linked = repository.git_dir != repository.common_dir;
  if (linked) stores.push_back({repository.common_dir, "main-worktree/"});
  for (const std::string& dir : repository.worktree_git_dirs) {
    if (dir == repository.git_dir) continue;
    stores.push_back({dir, "worktrees/" + fs::path(dir).filename().string() + "/"});
  }
  return stores;
}

std::vector<FileBelow> files_below(const std::string& folder, Ledger& ledger) {
  std::vector<FileBelow> files;
  std::vector<std::string> pending = {""};  // relative, each with a trailing slash but the first
  while (!pending.empty()) {
    const std::string relative = std::move(pending.back());
    pending.pop_back();
    const std::string here = folder + "/" + relative;
    std::error_code error;
    for (fs::directory_iterator it(here, error), end; !error && it != end; it.increment(error)) {
      if (files.size() + pending.size() >= kMaxRefFiles) {
        ledger.add({LossKind::LimitExceeded, "too many files", folder, "git pack-refs --all"});
        return files;
      }
      const std::string name = it->path().filename().string();
      if (name.starts_with('.') || name.ends_with(".lock")) continue;
      const EntryKind kind = kind_of(*it);
      if (kind == EntryKind::File) files.push_back({relative + name, it->path().string()});
      if (kind == EntryKind::Folder) pending.push_back(relative + name + "/");
      if (kind != EntryKind::LinkedFolder) continue;
      ledger.add({LossKind::Unsupported, "linked folder is not followed", it->path().string(), {}});
    }
    if (error && !is_gone(error)) ledger.add({LossKind::UnreadableFile, error.message(), here, {}});
  }
  const auto by_name = [](const FileBelow& a, const FileBelow& b) { return a.name < b.name; };
  std::sort(files.begin(), files.end(), by_name);
  return files;
}

Loss loss_of(const Error& error, const std::string& path) {
  LossKind kind = LossKind::UnreadableFile;
  if (error.kind == ErrorKind::NotFound) kind = LossKind::ChangedFile;
  if (error.kind == ErrorKind::Limit) kind = LossKind::LimitExceeded;
  return {kind, error.what, path, {}};
}

std::optional<Oid> take_oid(std::string_view& text, HashKind hash) {
  const std::size_t width = 2 * oid_size(hash);
  if (text.size() < width) return std::nullopt;
  const auto oid = Oid::from_hex(text.substr(0, width));
  if (oid) text.remove_prefix(width);
  return oid;
}

}  // namespace tightship::git
