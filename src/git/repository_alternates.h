#pragma once

// Object directories that lend their objects (gitrepository-layout(5), objects/info/alternates):
// one path a line, relative to the object directory, "#" begins a comment, a path in double quotes
// is unquoted as C does. An alternate may have alternates of its own.

#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"

namespace tightship::git {

inline constexpr int kMaxAlternateDepth = 5;  // as git
inline constexpr std::size_t kMaxObjectDirs = 1000;
inline constexpr std::uint64_t kMaxAlternatesFile = 1u << 20;

// `own` first, then those of `environment` (GIT_ALTERNATE_OBJECT_DIRECTORIES, separated by ':',
// relative ones from `start`), then those of files, each once. What is missing, too deep or too many
// goes into `ledger`; cycles end by themselves.
std::vector<std::string> all_object_dirs(const std::string& own, std::string_view environment, const std::string& start,
                                         Ledger& ledger);

// Splits such a list; `separator` is '\n' or ':'.
std::vector<std::string> parse_alternates(std::string_view content, char separator);

}  // namespace tightship::git
