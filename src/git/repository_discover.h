#pragma once

// Where a repository begins: the git directory, the common directory, and the folder above them.
// Rules as in git's setup.c. Reads .git files, HEAD, commondir; opens no configuration.

#include <optional>
#include <string>

#include "base/result.h"

namespace tightship::git {

// Values of GIT_*; all empty when the environment is not to be used. Relative ones are made absolute.
struct Environment {
  std::string dir, common_dir, work_tree, index_file, object_directory, alternates, ceilings;
  bool across_filesystem = false;
};
Environment read_environment(const std::string& start);

struct GitLocation {
  std::string git_dir;
  std::string common_dir;
  std::string parent;         // folder whose .git led here; empty for a bare or directly named git directory
  bool explicit_dir = false;  // GIT_DIR said so
};

// `start` is an absolute folder. Fails with NotFound.
Result<GitLocation> discover(const std::string& start, const Environment& environment);

// The location when `dir` is a git directory: a valid HEAD, and refs and objects in its common dir.
std::optional<GitLocation> git_directory_at(const std::string& dir, const Environment& environment);

// `path` resolved against the folder `base`, without "." and ".." where possible.
std::string absolute_path(const std::string& path, const std::string& base);

// The text of a one-line file of git (.git, commondir, gitdir) without its trailing newlines.
inline constexpr std::uint64_t kMaxPathFile = 16u << 10;
std::optional<std::string> read_line_file(const std::string& path);

}  // namespace tightship::git
