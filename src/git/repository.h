#pragma once

// Where the parts of a repository lie, read by ourselves from the files git documents
// (gitrepository-layout(5), gitformat-index(5)), so that any object format can be audited and the
// hook need not load libgit2. Nothing is ever written, no program of the repository is run, and
// no configuration outside of it is read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "base/result.h"
#include "git/object.h"

namespace tightship::git {

struct Repository {
  std::string git_dir;     // of this worktree: HEAD, index
  std::string common_dir;  // objects, refs, packed-refs, config; equals git_dir but in linked worktrees
  std::string work_tree;   // empty when bare
  HashKind hash = HashKind::Sha1;
  bool bare = false;
  // `extensions.partialClone` or a remote with promisor = true, or a .promisor file beside a pack.
  bool partial = false;
  std::vector<Oid> shallow;               // commits whose parents are cut off
  std::vector<std::string> object_dirs;   // own first, then alternates, recursively, each once
  std::vector<std::string> worktree_git_dirs;  // git_dir of every linked worktree (each has a HEAD, index, logs)
  // Values of the repository's own config file, in order, keys lower-cased as git does:
  // "remote.origin.url". Includes are not followed.
  std::vector<std::pair<std::string, std::string>> config;
  std::optional<std::string_view> config_value(std::string_view key) const;  // the last one
};

// Finds the repository that holds `path` (a work tree, a folder in it, a git directory, or a bare
// repository), as git does: upwards, `.git` files followed, GIT_DIR / GIT_COMMON_DIR /
// GIT_OBJECT_DIRECTORY / GIT_ALTERNATE_OBJECT_DIRECTORIES honoured when `use_environment`.
// Fails with NotFound, or Unsupported (repositoryformatversion or an extension that we do not know
// and that changes the layout, e.g. reftable). What is merely damaged (alternates, config lines)
// goes into `ledger`.
Result<Repository> open_repository(const std::string& path, bool use_environment, Ledger& ledger);

struct Ref {
  std::string name;    // "HEAD", "refs/heads/main", "refs/stash", "refs/notes/commits" ...
  Oid target;
  std::string symbolic;  // "refs/heads/main" when the ref is symbolic, else empty
};
// All refs: loose over packed, HEAD, FETCH_HEAD-like pseudo refs (ORIG_HEAD, MERGE_HEAD, ...), and
// those of linked worktrees ("worktrees/NAME/HEAD"). Sorted by name. Broken ones go into `ledger`.
std::vector<Ref> read_refs(const Repository& repository, Ledger& ledger);

struct ReflogEntry {
  std::string ref;
  Oid from, to;
  std::string identity;  // "Ana <ana@example.com> 1700000000 +0100"
  std::string message;
  std::string file;      // relative to common_dir or git_dir
  std::uint32_t line = 0;
};
std::vector<ReflogEntry> read_reflogs(const Repository& repository, Ledger& ledger);

struct IndexEntry {
  std::string path;
  Oid oid;
  std::uint32_t mode = 0;
  std::uint8_t stage = 0;
  std::uint32_t size = 0;         // as stat said, truncated
  bool skip_worktree = false, intent_to_add = false;
};
// The staging area, versions 2 to 4, split index included; a missing file is an empty index.
Result<std::vector<IndexEntry>> read_index(const Repository& repository);
// Parser of the file's bytes, for fuzzing. `hash` gives the width of oids.
Result<std::vector<IndexEntry>> parse_index(Bytes content, HashKind hash);

// Parsers, for tests and fuzzing.
std::vector<Ref> parse_packed_refs(std::string_view content, HashKind hash, Ledger& ledger);
Result<std::vector<std::pair<std::string, std::string>>> parse_config(std::string_view content);

}  // namespace tightship::git
