#pragma once

// Real repositories for tests, made by the git binary in a temporary folder.
//
// git runs with an own HOME, without system or user configuration, with fixed names and dates, so
// that the same calls give the same object ids everywhere. No shell is involved: arguments reach
// git as they are. A git command that fails throws std::runtime_error with its output, which
// GoogleTest reports as the failure of the test.

#include <string>
#include <string_view>
#include <vector>

namespace tightship::test {

// A fresh folder (mode 0700) under the system's temporary folder. The caller removes it.
std::string temp_dir();
// Removes `path` with all that it holds, whatever the modes of its folders.
void remove_tree(const std::string& path);

// Writes a file with its missing parent folders.
void write_file(const std::string& path, std::string_view content);
// The whole file; throws when it cannot be read.
std::string slurp(const std::string& path);

// Calls f(damaged, name) for every truncation of `content` and for every byte of it with all, the
// lowest, and the highest bit turned over.
template <class Function>
void for_each_damage(const std::string& content, Function f) {
  for (std::size_t length = 0; length < content.size(); ++length) {
    f(content.substr(0, length), "cut to " + std::to_string(length));
  }
  for (std::size_t at = 0; at < content.size(); ++at) {
    for (const int bits : {0xff, 0x01, 0x80}) {
      std::string damaged = content;
      damaged[at] = static_cast<char>(damaged[at] ^ bits);
      f(damaged, "byte " + std::to_string(at) + " ^ " + std::to_string(bits));
    }
  }
}

// Removes its folder at the end.
struct TempDir {
  TempDir() : path(temp_dir()) {}
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { remove_tree(path); }
  std::string path;
};

struct GitOptions {
  bool sha256 = false;
  bool bare = false;
  std::string name = "repo";  // of the folder; may hold spaces and newlines
};

struct GitResult {
  int exit_code = 0;
  std::string out, err;
};

class GitFixture {
 public:
  explicit GitFixture(const GitOptions& options = {});  // runs `git init`
  GitFixture(const GitFixture&) = delete;
  GitFixture& operator=(const GitFixture&) = delete;

  // Of the repository: the work tree, or the git directory when it is bare.
  const std::string& path() const { return path_; }
  std::string git_dir() const { return bare_ ? path_ : path_ + "/.git"; }
  // The temporary folder that holds the repository; clones and worktrees go beside it.
  const std::string& root() const { return root_.path; }

  // Standard output of `git args...` run in path(). Throws when git fails.
  std::string git(const std::vector<std::string>& args, std::string_view input = {}) const;
  // The same in another folder.
  std::string git_in(const std::string& folder, const std::vector<std::string>& args,
                     std::string_view input = {}) const;
  // Does not throw when git fails.
  GitResult try_git(const std::string& folder, const std::vector<std::string>& args, std::string_view input = {}) const;

  // Writes a file of the work tree; `file` is relative to path().
  void write(const std::string& file, std::string_view content) const;
  // Commits everything in the work tree, also when nothing changed; gives the commit's id. Each
  // commit is one minute later than the one before.
  std::string commit(const std::string& message);

  // "NAME=value" strings of the environment in which git runs.
  std::vector<std::string> environment() const;

 private:
  TempDir root_;
  std::string path_;
  bool bare_ = false;
  int minutes_ = 0;
};

}  // namespace tightship::test
