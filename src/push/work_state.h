#pragma once

#include "git/object_reader.h"
#include "git/repository.h"

namespace tightship::push {

// Whether tracked files or the staging area differ from HEAD, so that git would refuse to rewrite before
// `git stash`. Compares bytes: what filters or line endings change counts as changed too. Nothing is run.
bool has_uncommitted_changes(const git::Repository& repository, git::ObjectReader& objects);

// Whether the .gitignore at the top names `path` in one of the plain forms (name, /path, *.suffix).
bool plainly_ignored(const git::Repository& repository, std::string_view path);

// Files that hold secrets by purpose and are better left out of git as a whole: .env, .env.local, keys.
bool is_secret_file(std::string_view path);

}  // namespace tightship::push
