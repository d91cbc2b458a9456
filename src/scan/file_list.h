#pragma once

// The files that a scan of a work tree or folder reads, found by walking it.
//
// Folders are opened one from the other, never through a symbolic link, so that a tree which
// somebody changes meanwhile cannot lead out of itself. No recursion; at most kOpenFolders folders
// on the way down are open at once.
//
// In a work tree of git: what is tracked, and what is neither tracked nor ignored. A nested
// repository and a submodule are scanned by their own index and ignore rules. Elsewhere everything.
// `.git` is never entered, and no untracked folder that is itself a git directory.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/ledger.h"
#include "base/result.h"
#include "detect/finding.h"

namespace tightship::scan {

inline constexpr unsigned kOpenFolders = 64;
inline constexpr unsigned kMaxDepth = 1'000;  // folders below an argument
inline constexpr std::size_t kBatch = 32;     // files handed over together

struct FoundFile {
  enum class Kind : std::uint8_t { Content, Symlink, NameOnly };
  std::string name;  // in its folder
  Kind kind = Kind::Content;
};

// Files of one folder.
struct Batch {
  struct Folder {
    FileDescriptor fd;
    std::string shown;      // what stands before a name in results: "src/", or empty
    std::string rule_path;  // and in paths for rules: relative to the repository
    std::string alias;      // shown instead, for an argument that is a symbolic link to a file
  };
  std::shared_ptr<const Folder> folder;
  std::vector<FoundFile> files;
  std::string shown(const FoundFile& file) const {
    return folder->alias.empty() ? folder->shown + file.name : folder->alias;
  }
  std::string rule_path(const FoundFile& file) const { return folder->rule_path + file.name; }
};

struct ListOptions {
  bool no_ignore = false;
  const std::atomic<bool>* cancelled = nullptr;
  std::atomic<std::uint64_t>* expected_bytes = nullptr;  // grows by what indexes say
};

// An argument, looked at before anything is read.
struct ListArgument {
  std::string shown;  // as typed, without "./" and a '/' at the end; empty for "."
  std::string real;   // absolute, without symbolic links
  bool is_folder = false;
};
// Fails with NotFound; or Usage for a pipe, a device, or a git directory.
Result<ListArgument> look_at_argument(const std::string& path);

struct ListAnswer {
  std::uint64_t ignored = 0;  // files and whole folders
  std::uint64_t special = 0;  // pipes, sockets, devices
  std::uint64_t git_directories = 0;
  std::vector<detect::Remark> remarks;
};

// Calls `take` with every batch, in no particular order. `take` does not throw.
void list_files(const ListArgument& argument, const ListOptions& options, Ledger& ledger,
                const std::function<void(Batch)>& take, ListAnswer& answer);

}  // namespace tightship::scan
