#include "scan/git_view.h"

#include <algorithm>
#include <cstdlib>

#include "base/ledger.h"

namespace tightship::scan {
namespace {

std::string real_path(const std::string& path) {
  std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
  return resolved ? resolved.get() : path;
}

// Whether `path` is `folder` or lies below it.
bool is_within(std::string_view path, std::string_view folder) {
  if (!path.starts_with(folder)) return false;
  return path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/';
}

constexpr std::uint32_t kSubmodule = 0160000;

}  // namespace

Result<std::shared_ptr<GitView>> GitView::open(const std::string& folder, bool ask_git) {
  Ledger ignored;  // damage of objects and refs does not concern the files of a work tree
  auto repository = git::open_repository(folder, false, ignored);
  if (!repository) return fail(ErrorKind::NotFound, repository.error().what, repository.error().where);
  const std::string git_dir = real_path(repository->git_dir);
  const std::string common_dir = real_path(repository->common_dir);
  if (folder == git_dir || folder == common_dir) {
    return fail(ErrorKind::Usage, "is a git directory, not a work tree", folder, "tightship audit PATH");
  }
  auto view = std::make_shared<GitView>();
  view->root_ = real_path(repository->work_tree);
  const bool in_git_dir = is_within(folder, git_dir) || is_within(folder, common_dir);
  if (repository->work_tree.empty() || in_git_dir || !is_within(folder, view->root_)) {
    return fail(ErrorKind::NotFound, "not in a work tree", folder);
  }
  view->ask_git_ = ask_git;
  if (ask_git) view->read_index(*repository);
  return view;
}

void GitView::read_index(const git::Repository& repository) {
  auto index = git::read_index(repository);
  if (!index) {
    // Without it a tracked file under an ignored folder could not be told: nothing is ignored.
    ask_git_ = false;
    remarks_.push_back({detect::Severity::Warning,
                        "the git index cannot be read (" + index.error().what + "): ignored files are scanned too",
                        {}});
    return;
  }
  tracked_.reserve(index->size());
  for (git::IndexEntry& entry : *index) {
    // A submodule is entered like a folder with tracked files.
    if (entry.mode == kSubmodule) entry.path += '/';
    tracked_.push_back({std::move(entry.path), entry.size});
  }
  std::sort(tracked_.begin(), tracked_.end(), [](const Tracked& a, const Tracked& b) { return a.path < b.path; });
}

std::vector<GitView::Tracked>::const_iterator GitView::first_from(const std::string& path) const {
  return std::lower_bound(tracked_.begin(), tracked_.end(), path,
                          [](const Tracked& tracked, const std::string& wanted) { return tracked.path < wanted; });
}

bool GitView::is_tracked(const std::string& path) const {
  const auto first = first_from(path);
  return first != tracked_.end() && first->path == path;
}

bool GitView::has_tracked(const std::string& folder) const {
  const auto first = first_from(folder);
  return first != tracked_.end() && first->path.starts_with(folder);
}

bool GitView::is_ignored(const std::string& path) {
  if (!ask_git_) return false;
  if (!rules_) {
    auto rules = git::IgnoreRules::open(root_);
    if (!rules) {
      ask_git_ = false;
      remarks_.push_back({detect::Severity::Warning,
                          "ignore rules are not known (" + rules.error().what + "): ignored files are scanned too",
                          {}});
      return false;
    }
    rules_ = std::move(*rules);
  }
  return rules_->is_ignored(path);
}

std::uint64_t GitView::tracked_bytes(const std::string& folder) const {
  std::uint64_t bytes = 0;
  for (auto at = first_from(folder); at != tracked_.end() && at->path.starts_with(folder); ++at) {
    bytes += at->size;
  }
  return bytes;
}

}  // namespace tightship::scan
