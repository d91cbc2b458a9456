#pragma once

// The texts that are installed: whole scripts for git's own hooks, and blocks of lines for the shell
// files of hook managers. Each has a mark, a comment line that tells it apart from everything else:
//
//   # tightship-hook: pre-push, version 1, sum 0123456789abcdef, made 1 folder
//
// The sum covers the text but for the sum's own digits; a text that somebody changed no longer fits. It
// guards against mistakes, not against malice.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "hook/hook.h"

namespace tightship::hook {

inline constexpr unsigned kScriptVersion = 1;
inline constexpr unsigned kMaxMadeFolders = 16;

// What uninstall must know to restore everything; kept in the mark.
struct MarkFlags {
  unsigned made_folders = 0;  // the hooks folder and so many above it, less one, did not exist
  bool global = false;        // serves all repositories, and runs the repository's own hook too
  bool new_file = false;      // of a block: the file did not exist
  bool open_line = false;     // of a block: the line before it had no line end
  bool operator==(const MarkFlags&) const = default;
};

struct Mark {
  std::string name;  // "pre-push", "pass-on", "husky-pre-push"
  unsigned version = 0;
  bool intact = false;  // the sum fits
  MarkFlags flags;
};

// `tool` is the absolute path of tightship that is tried when it is not on PATH; empty: none.
std::string script_text(HookKind kind, std::string_view tool, const MarkFlags& flags);
// Of core.hooksPath's folder when it serves all repositories: runs the repository's own hook of its name.
std::string pass_on_text(const MarkFlags& flags);
// Lines for .husky/pre-push or .husky/pre-commit. There is none for pre-receive.
std::string block_text(HookKind kind, const MarkFlags& flags);

// A text of ours (intact) with other flags in its mark.
std::string with_flags(std::string text, const MarkFlags& flags);

// The mark of a whole script of ours (within its first lines), or nothing: it is somebody else's.
std::optional<Mark> read_script(std::string_view content);

// The first block of ours in a file: the bytes [begin, end), whole lines. A block without its last line
// reaches to the end and is not intact.
struct Block {
  std::size_t begin = 0, end = 0;
  Mark mark;
};
std::optional<Block> find_block(std::string_view content);

}  // namespace tightship::hook
