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
  std::string index_file;  // git_dir/index, or GIT_INDEX_FILE: `git commit -a` shows its hooks another
  HashKind hash = HashKind::Sha1;
  bool bare = false;
  // `extensions.partialClone` or a remote with promisor = true, or a .promisor file beside a pack.
  bool partial = false;
  std::vector<Oid> shallow;                    // commits whose parents are cut off
  std::vector<std::string> object_dirs;        // own first, then alternates, recursively, each once
  std::vector<std::string> worktree_git_dirs;  // of every linked worktree (each has a HEAD, index, logs)
  // Values of the repository's own config file, in order, keys lower-cased as git does:
  // "remote.origin.url". Includes are not followed.
  std::vector<std::pair<std::string, std::string>> config;
  std::optional<std::string_view> config_value(std::string_view key) const;  // the last one
};

// Finds the repository that holds `path` (a work tree, a folder or file in it, a git directory, or a
// bare repository), as git does: upwards, `.git` files followed, not across file systems. When
// `use_environment`, GIT_DIR, GIT_COMMON_DIR, GIT_WORK_TREE, GIT_OBJECT_DIRECTORY,
// GIT_ALTERNATE_OBJECT_DIRECTORIES, GIT_INDEX_FILE, GIT_CEILING_DIRECTORIES and
// GIT_DISCOVERY_ACROSS_FILESYSTEM are honoured; relative ones start at `path`, as after `git -C`.
// All paths of the result are absolute.
//
// safe.directory is not asked: it guards against running what a stranger's repository configures,
// and nothing is run here.
//
// Fails with NotFound, or Unsupported (repositoryformatversion or an extension that we do not know
// and that changes the layout, e.g. reftable). What is merely damaged (alternates, config lines,
// the shallow file) goes into `ledger`. Configuration is read up to 16 MB, other files up to 1 GB.
Result<Repository> open_repository(const std::string& path, bool use_environment, Ledger& ledger);

struct Ref {
  std::string name;  // "HEAD", "refs/heads/main", "refs/stash", "refs/notes/commits" ...
  Oid target;
  std::string symbolic;  // "refs/heads/main" when the ref is symbolic, else empty
};
// All refs: loose over packed, HEAD, FETCH_HEAD-like pseudo refs (ORIG_HEAD, MERGE_HEAD, ...), and
// those of the other worktrees ("worktrees/NAME/HEAD", "main-worktree/HEAD"). Sorted by name; names
// are raw bytes of any content. FETCH_HEAD and MERGE_HEAD come once for each object they name.
// Broken ones go into `ledger`. A symbolic ref whose target does not exist (HEAD before the first
// commit, a stale refs/remotes/origin/HEAD) names no object: it is left out and is no loss.
std::vector<Ref> read_refs(const Repository& repository, Ledger& ledger);

struct ReflogEntry {
  std::string ref;
  Oid from, to;
  std::string identity;  // "Ana <ana@example.com> 1700000000 +0100"
  std::string message;
  std::string file;  // relative to common_dir or git_dir
  std::uint32_t line = 0;
};
std::vector<ReflogEntry> read_reflogs(const Repository& repository, Ledger& ledger);

struct IndexEntry {
  std::string path;
  Oid oid;
  std::uint32_t mode = 0;
  std::uint8_t stage = 0;
  std::uint32_t size = 0;  // as stat said, truncated
  bool skip_worktree = false, intent_to_add = false;
};
// The staging area, versions 2 to 4, split index included; a missing file is an empty index.
Result<std::vector<IndexEntry>> read_index(const Repository& repository);
// False only when no path in the index holds `part`: told from the bytes, a tenth of the cost of reading it.
bool index_may_name(const Repository& repository, std::string_view part);
// Parser of the file's bytes, for fuzzing. `hash` gives the width of oids.
Result<std::vector<IndexEntry>> parse_index(Bytes content, HashKind hash);

// Parsers, for tests and fuzzing.
std::vector<Ref> parse_packed_refs(std::string_view content, HashKind hash, Ledger& ledger);
Result<std::vector<std::pair<std::string, std::string>>> parse_config(std::string_view content);

}  // namespace tightship::git
