#pragma once

// What git says of the files of one work tree: tracked, ignored, or neither.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/finding.h"
#include "git/ignore.h"
#include "git/repository.h"

namespace tightship::scan {

// Paths are relative to the work tree, with '/' between their parts.
// Not thread-safe. What cannot be told (a damaged index, no libgit2) is answered so that more is
// scanned, never less, and is said once in remarks().
class GitView {
 public:
  // Of the repository whose work tree holds `folder` (an absolute path without symbolic links).
  // Fails with NotFound when there is none, Usage when `folder` is itself a git directory.
  // `ask_git` false: nothing is ignored, and only the root is looked up.
  static Result<std::shared_ptr<GitView>> open(const std::string& folder, bool ask_git);

  const std::string& root() const { return root_; }
  bool is_tracked(const std::string& path) const;
  // `folder` ends in '/', or is empty for the whole tree. A submodule counts as tracked.
  bool has_tracked(const std::string& folder) const;
  // Whether git would leave an untracked `path` alone; a folder ends in '/'. Loads libgit2.
  bool is_ignored(const std::string& path);
  // Bytes of the tracked files below `folder`, as the index says.
  std::uint64_t tracked_bytes(const std::string& folder) const;
  const std::vector<detect::Remark>& remarks() const { return remarks_; }

 private:
  struct Tracked {
    std::string path;  // of a submodule with a '/' at its end
    std::uint32_t size = 0;
  };
  void read_index(const git::Repository& repository);
  std::vector<Tracked>::const_iterator first_from(const std::string& path) const;

  std::string root_;
  bool ask_git_ = true;
  std::vector<Tracked> tracked_;  // sorted by path
  std::optional<git::IgnoreRules> rules_;
  std::vector<detect::Remark> remarks_;
};

}  // namespace tightship::scan
