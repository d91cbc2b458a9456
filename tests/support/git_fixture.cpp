#include "support/git_fixture.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tightship::test {
namespace fs = std::filesystem;
namespace {

constexpr long kFirstCommitTime = 1700000000;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& s : strings) result.push_back(s.data());
  result.push_back(nullptr);
  return result;
}

// Standard streams go through files: no pipe can fill up, whatever the sizes.
GitResult run(std::vector<std::string> argv, std::vector<std::string> environment, const std::string& folder,
              std::string_view input) {
  const TempDir streams;
  const std::string in = streams.path + "/in", out = streams.path + "/out", err = streams.path + "/err";
  write_file(in, input);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t pid = 0;
  const int failed =
      posix_spawnp(&pid, argv[0].c_str(), &actions, nullptr, pointers(argv).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot run " + argv[0] + " in " + folder);
  int status = 0;
  waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
}

}  // namespace

std::string temp_dir() {
  const char* base = getenv("TMPDIR");
  std::string pattern = std::string(base != nullptr && *base != 0 ? base : "/tmp") + "/tightship-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + pattern);
  return fs::canonical(pattern).string();
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
  if (!ignored) return;
  // A test took away the permissions of a folder: give them back and try again.
  fs::permissions(path, fs::perms::owner_all, ignored);
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(path, options, ignored), end; it != end; it.increment(ignored)) {
    if (it->is_symlink(ignored) || !it->is_directory(ignored)) continue;
    fs::permissions(it->path(), fs::perms::owner_all, ignored);
  }
  fs::remove_all(path, ignored);
}

void write_file(const std::string& path, std::string_view content) {
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) fs::create_directories(parent);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream content;
  content << file.rdbuf();
  return std::move(content).str();
}

GitFixture::GitFixture(const GitOptions& options) : path_(root_.path + "/" + options.name), bare_(options.bare) {
  fs::create_directories(path_);
  fs::create_directories(root_.path + "/home");
  std::vector<std::string> args = {"init", "-q", "-b", "main"};
  if (options.sha256) args.push_back("--object-format=sha256");
  if (options.bare) args.push_back("--bare");
  git(args);
}

std::vector<std::string> GitFixture::environment() const {
  const char* path = getenv("PATH");
  const std::string date = std::to_string(kFirstCommitTime + 60L * minutes_) + " +0100";
  return {std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"),
          "HOME=" + root_.path + "/home",
          "LC_ALL=C",
          "TZ=UTC",
          "GIT_CONFIG_NOSYSTEM=1",
          "GIT_CONFIG_GLOBAL=/dev/null",
          "GIT_TERMINAL_PROMPT=0",
          "GIT_CEILING_DIRECTORIES=" + root_.path,
          "GIT_AUTHOR_NAME=Ana",
          "GIT_AUTHOR_EMAIL=ana@example.com",
          "GIT_AUTHOR_DATE=" + date,
          "GIT_COMMITTER_NAME=Ben",
          "GIT_COMMITTER_EMAIL=ben@example.com",
          "GIT_COMMITTER_DATE=" + date};
}

GitResult GitFixture::try_git(const std::string& folder, const std::vector<std::string>& args,
                              std::string_view input) const {
  std::vector<std::string> argv = {"git",
                                   "-c",
                                   "init.defaultBranch=main",
                                   "-c",
                                   "gc.auto=0",
                                   "-c",
                                   "maintenance.auto=false",
                                   "-c",
                                   "protocol.file.allow=always",
                                   "-c",
                                   "advice.detachedHead=false"};
  argv.insert(argv.end(), args.begin(), args.end());
  return run(std::move(argv), environment(), folder, input);
}

std::string GitFixture::git_in(const std::string& folder, const std::vector<std::string>& args,
                               std::string_view input) const {
  GitResult result = try_git(folder, args, input);
  if (result.exit_code == 0) return std::move(result.out);
  std::string command = "git";
  for (const std::string& arg : args) command += " " + arg;
  throw std::runtime_error(command + " in " + folder + ": exit " + std::to_string(result.exit_code) + "\n" +
                           result.out + result.err);
}

std::string GitFixture::git(const std::vector<std::string>& args, std::string_view input) const {
  return git_in(path_, args, input);
}

void GitFixture::write(const std::string& file, std::string_view content) const {
  write_file(path_ + "/" + file, content);
}

std::string GitFixture::commit(const std::string& message) {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "--allow-empty-message", "--no-verify", "--cleanup=verbatim", "-F-"}, message);
  ++minutes_;
  std::string id = git({"rev-parse", "HEAD"});
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace tightship::test
