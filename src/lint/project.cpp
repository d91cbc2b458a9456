#include "lint/project.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_set>

#include "base/file.h"
#include "git/ignore.h"
#include "git/repository.h"
#include "lint/manifests.h"

namespace tightship::lint {
namespace {

namespace fs = std::filesystem;

// Never entered: what others wrote, and what can be made again.
constexpr std::array<std::string_view, 26> kForeignFolders = {".git",        "node_modules",  "bower_components",
                                                              ".venv",       "venv",          "__pycache__",
                                                              ".tox",        ".mypy_cache",   ".pytest_cache",
                                                              ".gradle",     ".terraform",    ".cache",
                                                              ".turbo",      ".pnpm-store",   ".yarn",
                                                              "Pods",        ".hg",           ".svn",
                                                              ".bundle",     ".nx",           ".parcel-cache",
                                                              ".idea",       "site-packages", ".direnv",
                                                              ".ruff_cache", ".eggs"};

bool is_foreign(std::string_view name) {
  return std::find(kForeignFolders.begin(), kForeignFolders.end(), name) != kForeignFolders.end();
}

class Walk {
 public:
  Walk(Project& project, Ledger& ledger) : project_(project), ledger_(ledger) {}

  void run(std::vector<std::string> tracked) {
    tracked_ = std::move(tracked);
    std::sort(tracked_.begin(), tracked_.end());
    pending_.push_back({"", 0, false});
    while (!pending_.empty() && !full_) {
      const Folder folder = pending_.back();
      pending_.pop_back();
      list(folder);
    }
    std::sort(project_.files.begin(), project_.files.end(),
              [](const ProjectFile& a, const ProjectFile& b) { return a.path < b.path; });
  }

 private:
  struct Folder {
    std::string path;  // "" or "apps/web/"
    unsigned depth;
    bool ignored;
  };

  bool is_tracked(const std::string& path) const { return std::binary_search(tracked_.begin(), tracked_.end(), path); }
  bool has_tracked_below(const std::string& folder) const {
    const auto at = std::lower_bound(tracked_.begin(), tracked_.end(), folder);
    return at != tracked_.end() && at->starts_with(folder);
  }

  void lose(LossKind kind, std::string what, const std::string& where) {
    ledger_.add({kind, std::move(what), where, {}});
  }

  void list(const Folder& folder) {
    std::error_code error;
    fs::directory_iterator at(project_.absolute(folder.path), error), end;
    if (error) return lose(LossKind::UnreadableFile, "cannot list the folder: " + error.message(), folder.path);
    while (at != end && !full_) {
      look_at(folder, at->path().filename().string());
      at.increment(error);
      if (error) return lose(LossKind::UnreadableFile, "cannot list the folder: " + error.message(), folder.path);
    }
  }

  void look_at(const Folder& folder, const std::string& name) {
    const std::string path = folder.path + name;
    struct stat status {};
    if (lstat(project_.absolute(path).c_str(), &status) != 0)
      return lose(LossKind::ChangedFile, "cannot be looked at", path);
    if (S_ISDIR(status.st_mode)) return enter(folder, name, path + "/");
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) return;
    if (project_.files.size() >= kMaxProjectFiles) {
      full_ = true;
      return lose(LossKind::LimitExceeded, "more than 200000 files: the others were not looked at", project_.root);
    }
    ProjectFile file;
    file.path = path;
    file.size = static_cast<std::uint64_t>(status.st_size);
    file.mode = status.st_mode;
    file.symlink = S_ISLNK(status.st_mode);
    file.tracked = is_tracked(path);
    file.below_ignored = folder.ignored && !file.tracked;
    project_.files.push_back(std::move(file));
  }

  void enter(const Folder& folder, const std::string& name, const std::string& path) {
    if (is_foreign(name)) return;
    const bool in_repository = !project_.repository.empty();
    std::error_code error;
    // Another repository inside of this one is another project; without one around them they all are this one.
    if (in_repository && fs::exists(project_.absolute(path + ".git"), error)) return;
    if (fs::exists(project_.absolute(path + "pyvenv.cfg"), error)) return;
    if (folder.depth + 1 > kMaxProjectDepth) return lose(LossKind::LimitExceeded, "folders are nested too deep", path);
    const bool ignored = folder.ignored || (in_repository && !has_tracked_below(path) && project_.is_ignored(path));
    pending_.push_back({path, folder.depth + 1, ignored});
  }

  Project& project_;
  Ledger& ledger_;
  std::vector<std::string> tracked_;
  std::vector<Folder> pending_;
  bool full_ = false;
};

// Paths below the root that git's index holds; empty without a repository.
std::vector<std::string> find_repository(Project& project, Ledger& ledger) {
  std::vector<std::string> tracked;
  Ledger unused;  // what else may be damaged in the repository is for the audit to tell
  const auto repository = git::open_repository(project.root, false, unused);
  if (!repository || repository->work_tree.empty()) return tracked;
  std::error_code error;
  const std::string work_tree = fs::canonical(repository->work_tree, error).string();
  if (error || (project.root != work_tree && !project.root.starts_with(work_tree + "/"))) return tracked;
  project.repository = work_tree;
  if (project.root != work_tree) project.prefix = project.root.substr(work_tree.size() + 1) + "/";
  auto index = git::read_index(*repository);
  if (!index) {
    ledger.add({LossKind::CorruptIndex, index.error().what, index.error().where, index.error().help});
    return tracked;
  }
  for (git::IndexEntry& entry : *index) {
    if (entry.path.starts_with(project.prefix)) tracked.push_back(entry.path.substr(project.prefix.size()));
  }
  return tracked;
}

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/') + 1)); }

}  // namespace

struct Project::Ignore {
  std::optional<git::IgnoreRules> rules;
};

bool Project::is_ignored(std::string_view path) const {
  if (repository.empty()) return false;
  if (!ignore) {
    ignore = std::make_shared<Ignore>();
    if (auto opened = git::IgnoreRules::open(repository)) ignore->rules = std::move(*opened);
  }
  return ignore->rules && ignore->rules->is_ignored(prefix + std::string(path));
}

const ProjectFile* Project::find(std::string_view path) const {
  const auto at = std::lower_bound(files.begin(), files.end(), path,
                                   [](const ProjectFile& file, std::string_view name) { return file.path < name; });
  return at != files.end() && at->path == path ? &*at : nullptr;
}

bool Project::uses(Framework framework) const {
  return std::any_of(frameworks.begin(), frameworks.end(), [&](const auto& use) { return use.second == framework; });
}

const PublicPrefix* Project::public_prefix_of(std::string_view name) const {
  for (const PublicPrefix& prefix_row : public_prefixes) {
    if (name.starts_with(prefix_row.prefix) && name.size() > prefix_row.prefix.size()) return &prefix_row;
  }
  return nullptr;
}

std::vector<Loader> Project::loaders_of(std::string_view path) const {
  std::vector<Loader> out;
  const auto add = [&](Loader loader) {
    if (std::find(out.begin(), out.end(), loader) == out.end()) out.push_back(loader);
  };
  for (std::string folder = folder_of(path);;
       folder = folder_of(std::string_view(folder).substr(0, folder.size() - 1))) {
    for (const LoaderUse& use : loaders) {
      if (use.file.empty() && use.folder == folder) add(use.loader);
    }
    if (!out.empty() || folder.empty()) break;
  }
  for (const LoaderUse& use : loaders) {
    if (use.file == path) add(use.loader);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<Project> open_project(const std::string& path, Ledger& ledger) {
  std::error_code error;
  fs::path real = fs::canonical(path.empty() ? "." : path, error);
  if (error) return fail(ErrorKind::NotFound, "no such file or folder", path);
  if (!fs::is_directory(real, error)) real = real.parent_path();
  Project project;
  project.root = real.string();
  if (project.root.ends_with('/')) project.root.pop_back();
  Walk(project, ledger).run(find_repository(project, ledger));
  read_manifests(project, ledger);
  return project;
}

std::optional<std::string> read_project_file(const Project& project, std::string_view path, Ledger& ledger,
                                             std::uint64_t max_size) {
  auto text = read_file(project.absolute(path), max_size);
  if (text) return std::move(*text);
  const LossKind kind = text.error().kind == ErrorKind::Limit ? LossKind::LimitExceeded : LossKind::UnreadableFile;
  ledger.add({kind, text.error().what, std::string(path), text.error().help});
  return std::nullopt;
}

}  // namespace tightship::lint
