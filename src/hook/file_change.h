#pragma once

// Changes of files that survive a crash at any point: the old file or the new one, never half of one.
// Symbolic links are looked at, never written through.

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tightship::hook {

enum class FileType { Absent, Regular, Symlink, Folder, Other };
FileType type_of(const std::string& path);

// As git decides whether a hook runs: it is there and may be executed.
bool is_executable(const std::string& path);

// The permissions of the file, links followed.
std::optional<mode_t> mode_of(const std::string& path);

// 0777 less the umask: how git makes the hooks of its templates.
mode_t script_mode();

// The text of a hook, whatever it is; empty when it cannot be read or is larger than kMaxHookSize (then
// it is nobody's script that we know).
inline constexpr std::size_t kMaxHookSize = 1u << 20;
std::string read_hook(const std::string& path);

// Replaces `path` by a regular file (temporary file beside it, fsync, rename).
Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode);

// Gives `path` the further name `kept`, which must not exist, without taking the first one away where the
// file system can (a link is linked itself, not its target); else renames it.
Result<void> keep_as(const std::string& path, const std::string& kept);

// Whether both names are one file: what keep_as leaves when it was interrupted.
bool same_file(const std::string& path, const std::string& other);

Result<void> rename_file(const std::string& from, const std::string& to);
Result<void> remove_file(const std::string& path);

// Makes the folder and those above it that are missing; returns how many. Fails with Limit before making
// any when they are more than kMaxMadeFolders.
Result<unsigned> make_folders(const std::string& path);
// Removes `path` and the `count` - 1 folders above it, as long as they are empty.
void remove_folders(std::string path, unsigned count);

// `path` with all links resolved, as far as it exists; empty when a link leads nowhere or in circles.
std::string real_path(const std::string& path);
// Whether `path` is `folder` or lies in it, by name. Both absolute.
bool lies_in(std::string_view path, std::string_view folder);

}  // namespace tightship::hook
