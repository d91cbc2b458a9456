#pragma once

// Configuration in folders of a work tree: .tightship/ below services/api/ speaks of services/api/ only.
// Which there are is told by the index of the repository, so that no tree is walked for them: a file
// counts from the moment it is added to git (an untracked one at the root counts at once).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::cli {

inline constexpr std::size_t kMaxNested = 1000;  // files of one name; further ones are left out

// Folders ("services/api/") of the work tree `root` that have a file `name` (".tightship/allow.toml")
// in the index; not the root itself. Sorted. None when there is no repository or its index is damaged.
// The index is read once in a process. Not thread-safe.
std::vector<std::string> nested_config(const std::string& root, std::string_view name);

// The content of root/path; nothing when it is not there. Fails with Config when any part of `path` is a
// symbolic link, which could lead out of the repository, with Io or Limit.
Result<std::optional<std::string>> read_nested(const std::string& root, const std::string& path);

}  // namespace tightship::cli
