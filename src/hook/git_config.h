#pragma once

// Settings that decide where git looks for hooks, asked from the user's own git.
//
// Everything else of tightship reads a repository's files by itself and runs nothing. Here the question
// is what this user's git will do, and the answer is spread over system, global, repository and worktree
// files, conditional includes and the environment: only git itself gives it right. `git config` runs no
// program of the repository, and hooks are installed in a repository that the user trusts anyway.

#include <optional>
#include <string>

#include "base/result.h"

namespace tightship::hook {

enum class ConfigScope { System, Global, Repository };  // Repository: also a worktree's, and the environment

struct ConfigSetting {
  std::string value;   // a leading ~ is expanded
  std::string origin;  // the file that sets it, as git names it; empty when none does
  ConfigScope scope = ConfigScope::Repository;
};

inline constexpr std::size_t kMaxGitAnswer = 1u << 20;

// The value of `key` (a path) that counts in the repository `git_dir`; nothing when it is not set.
// Fails with NotFound when git cannot be run, with Config when it refuses.
Result<std::optional<ConfigSetting>> path_setting(const std::string& git_dir, const std::string& key);

// The same where no repository is.
Result<std::optional<ConfigSetting>> global_path_setting(const std::string& key);

// Writes the user's global configuration.
Result<void> set_global(const std::string& key, const std::string& value);
Result<void> unset_global(const std::string& key);

}  // namespace tightship::hook
