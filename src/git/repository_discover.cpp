#include "git/repository_discover.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/file.h"
#include "base/oid.h"
#include "git/config_file.h"

namespace tightship::git {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxHead = 4096;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

std::string path_variable(const char* name, const std::string& start) {
  const std::string value = variable(name);
  return value.empty() ? value : absolute_path(value, start);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// "ref: refs/..." or an object id; git of 2005 made HEAD a symbolic link.
bool is_head(const std::string& path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    const std::string target = fs::read_symlink(path, error).string();
    if (!error && target.starts_with("refs/")) return true;
  }
  const auto content = read_file(path, kMaxHead);
  if (!content) return false;
  std::string_view text = *content;
  if (text.starts_with("ref:")) {
    text.remove_prefix(4);
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
    return text.starts_with("refs/");
  }
  return Oid::from_hex(text.substr(0, 64)).has_value() || Oid::from_hex(text.substr(0, 40)).has_value();
}

std::string common_dir_of(const std::string& git_dir, const Environment& environment) {
  if (!environment.common_dir.empty()) return environment.common_dir;
  const auto common = read_line_file(git_dir + "/commondir");
  return common && !common->empty() ? absolute_path(*common, git_dir) : git_dir;
}

// `path` is a .git file ("gitdir: elsewhere", in submodules and linked worktrees).
Result<GitLocation> follow_git_file(const std::string& path, const Environment& environment) {
  constexpr std::string_view prefix = "gitdir: ";
  const auto line = read_line_file(path);
  if (!line || !line->starts_with(prefix) || line->size() == prefix.size()) {
    return fail(ErrorKind::NotFound, "not a repository: its .git file does not name a git directory", path);
  }
  const std::string folder = fs::path(path).parent_path().string();
  const std::string target = absolute_path(line->substr(prefix.size()), folder);
  auto location = git_directory_at(target, environment);
  if (!location) {
    return fail(ErrorKind::NotFound, "not a repository: .git names a git directory that is none", target);
  }
  location->parent = folder;
  return *location;
}

Result<GitLocation> open_explicit(const Environment& environment) {
  std::error_code error;
  Result<GitLocation> location = fail(ErrorKind::NotFound, "GIT_DIR is not a git directory", environment.dir);
  if (fs::is_regular_file(environment.dir, error)) {
    location = follow_git_file(environment.dir, environment);
  } else if (auto found = git_directory_at(environment.dir, environment)) {
    location = std::move(*found);
  }
  if (location) location->explicit_dir = true;
  return location;
}

// A ceiling stops the search before it looks into the ceiling itself, but never at the start.
bool is_ceiling(const std::string& folder, const Environment& environment) {
  std::string_view rest = environment.ceilings;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    while (one.size() > 1 && one.ends_with('/')) one.remove_suffix(1);
    if (one == folder) return true;
  }
  return false;
}

std::optional<dev_t> device_of(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
  return status.st_dev;
}

// The repository of exactly this folder; no value when there is none, an error when a .git file lies.
Result<std::optional<GitLocation>> look_into(const std::string& folder, const Environment& environment) {
  const std::string dot_git = folder == "/" ? "/.git" : folder + "/.git";
  std::error_code error;
  if (fs::is_regular_file(dot_git, error)) {
    auto followed = follow_git_file(dot_git, environment);
    if (!followed) return tl::unexpected(followed.error());
    return std::optional(std::move(*followed));
  }
  if (auto found = git_directory_at(dot_git, environment)) {
    found->parent = folder;
    return found;
  }
  return git_directory_at(folder, environment);
}

}  // namespace

std::string absolute_path(const std::string& path, const std::string& base) {
  std::error_code error;
  const fs::path joined = fs::path(base) / path;
  const fs::path resolved = fs::weakly_canonical(joined, error);
  std::string text = (error ? joined.lexically_normal() : resolved).string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

std::optional<std::string> read_line_file(const std::string& path) {
  auto content = read_file(path, kMaxPathFile);
  if (!content) return std::nullopt;
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) content->pop_back();
  if (content->find('\0') != std::string::npos) return std::nullopt;
  return std::move(*content);
}

Environment read_environment(const std::string& start) {
  Environment environment;
  environment.dir = path_variable("GIT_DIR", start);
  environment.common_dir = path_variable("GIT_COMMON_DIR", start);
  environment.work_tree = path_variable("GIT_WORK_TREE", start);
  environment.index_file = path_variable("GIT_INDEX_FILE", start);
  environment.object_directory = path_variable("GIT_OBJECT_DIRECTORY", start);
  environment.alternates = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  environment.ceilings = variable("GIT_CEILING_DIRECTORIES");
  environment.across_filesystem = config_is_true(variable("GIT_DISCOVERY_ACROSS_FILESYSTEM"));
  return environment;
}

std::optional<GitLocation> git_directory_at(const std::string& dir, const Environment& environment) {
  if (!is_head(dir + "/HEAD")) return std::nullopt;
  GitLocation location;
  location.git_dir = absolute_path(dir, "/");
  location.common_dir = common_dir_of(location.git_dir, environment);
  if (!is_folder(location.common_dir + "/refs")) return std::nullopt;
  const bool own_objects = environment.object_directory.empty();
  if (!is_folder(own_objects ? location.common_dir + "/objects" : environment.object_directory)) {
    return std::nullopt;
  }
  return location;
}

Result<GitLocation> discover(const std::string& start, const Environment& environment) {
  if (!environment.dir.empty()) return open_explicit(environment);
  const auto device = device_of(start);
  for (fs::path folder = start;; folder = folder.parent_path()) {
    auto found = look_into(folder.string(), environment);
    if (!found) return tl::unexpected(found.error());
    if (*found) return std::move(**found);
    const fs::path parent = folder.parent_path();
    if (parent == folder || is_ceiling(parent.string(), environment)) break;
    if (!environment.across_filesystem && device_of(parent.string()) != device) break;
  }
  return fail(ErrorKind::NotFound, "not a git repository, and no folder above it is one", start);
}

}  // namespace tightship::git
