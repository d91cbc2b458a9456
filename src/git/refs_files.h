#pragma once

// The files behind refs and reflogs: which folders hold them, and how their names become ref names.

#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "git/repository.h"

namespace tightship::git {

// Refs that every worktree has for itself (gitglossary(7), "per-worktree ref").
bool is_per_worktree(std::string_view ref);

// One worktree's own folder. `prefix` goes before its refs: "" for the worktree that was opened,
// "main-worktree/" and "worktrees/NAME/" for the others, as git names them.
struct RefStore {
  std::string dir;
  std::string prefix;
};
std::vector<RefStore> ref_stores(const Repository& repository);

struct FileBelow {
  std::string name;  // relative to the folder that was asked for
  std::string path;
};
// Every file under `folder`, sorted by name. What git never takes for a ref is passed over: names with
// a leading dot, "*.lock". A symbolic link to a folder is not followed (it may lead out, or in a
// circle) and goes into `ledger`, as do folders that cannot be read; a missing `folder` is empty. A
// link whose text begins with "refs/" counts as a file: an old form of a symbolic ref.
inline constexpr std::size_t kMaxRefFiles = 2'000'000;
std::vector<FileBelow> files_below(const std::string& folder, Ledger& ledger);

// What to enter when a file that should be there cannot be read.
Loss loss_of(const Error& error, const std::string& path);

// Takes an object id of the right width off the front of `text`.
std::optional<Oid> take_oid(std::string_view& text, HashKind hash);

}  // namespace tightship::git
