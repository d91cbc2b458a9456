#pragma once

// Ignore rules of a work tree (.gitignore, info/exclude, core.excludesFile), decided by libgit2.
// The library is loaded on first use: its start-up costs more than a small scan (DESIGN: 5 ms and 25
// shared libraries), and a clean checkout without untracked files never asks.

#include <memory>
#include <string>

#include "base/result.h"

namespace tightship::git {

class IgnoreRules {
 public:
  // Fails with NotFound when libgit2 cannot be loaded, Unsupported when it cannot open this
  // repository (SHA-256): the caller then scans every file and says so.
  static Result<IgnoreRules> open(const std::string& work_tree);
  IgnoreRules(IgnoreRules&&) noexcept;
  IgnoreRules& operator=(IgnoreRules&&) noexcept;
  ~IgnoreRules();
  // `path` is relative to the work tree; a folder ends in '/'.
  bool is_ignored(const std::string& path) const;

 private:
  struct Impl;
  explicit IgnoreRules(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string libgit2_version();  // "libgit2 1.5.1", or "libgit2 not found"

}  // namespace tightship::git
