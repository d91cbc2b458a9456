#pragma once

// libgit2, loaded with dlopen when it is first asked for. Included by .cpp files of this module only.
//
// Any soname from 1.1 to 1.9 will do: the functions below have had the same signatures in all of
// them. The library is never unloaded. It is set up for reading only what we ask: no check of who owns
// a folder (nothing of a repository is run), and nothing here touches the network.

#include <git2.h>

#include <mutex>
#include <string>

namespace tightship::git {

struct Libgit2 {
  decltype(&git_libgit2_init) init = nullptr;
  decltype(&git_libgit2_opts) opts = nullptr;
  decltype(&git_libgit2_version) version = nullptr;
  decltype(&git_error_last) error_last = nullptr;
  decltype(&git_repository_open_ext) repository_open_ext = nullptr;
  decltype(&git_repository_free) repository_free = nullptr;
  decltype(&git_ignore_path_is_ignored) ignore_path_is_ignored = nullptr;

  // The text of the last error in this thread; never empty.
  std::string last_error() const;
};

// The one table of the process, or null when no libgit2 can be loaded. Thread-safe.
const Libgit2* libgit2();

// Held around every call: a repository object must not be used by two threads at a time.
std::mutex& libgit2_mutex();

}  // namespace tightship::git
