#include "hook/git_config.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/file.h"

extern char** environ;

namespace tightship::hook {
namespace {

struct Answer {
  int status = 0;
  std::string out;
};

constexpr int kNotSet = 1;  // how `git config --get` ends when there is no such key

tl::unexpected<Error> cannot_run(int error) {
  return fail(ErrorKind::NotFound, std::string("cannot run git: ") + std::strerror(error), {},
              "git must be on PATH: it says where hooks belong");
}

int spawn(std::vector<std::string>& arguments, int out, pid_t& pid) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

// At most kMaxGitAnswer bytes; what is more is read and dropped, so that git can end.
std::string read_all(int fd) {
  std::string text;
  char part[4096];
  for (;;) {
    const ssize_t got = ::read(fd, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    if (text.size() < kMaxGitAnswer) text.append(part, static_cast<std::size_t>(got));
  }
}

// Runs git; its messages go to our standard error.
Result<Answer> run_git(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "git");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannot_run(errno);
  FileDescriptor reader(ends[0]), writer(ends[1]);
  pid_t pid = 0;
  if (const int failed = spawn(arguments, writer.get(), pid); failed != 0) return cannot_run(failed);
  writer = FileDescriptor();
  Answer answer;
  answer.out = read_all(reader.get());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return answer;
}

tl::unexpected<Error> refused(const std::string& key) {
  return fail(ErrorKind::Config, "git config refuses " + key, {}, "git config --show-origin --get-all " + key);
}

// The next piece of `git config --null`.
std::string_view take_piece(std::string_view& rest) {
  const std::string_view piece = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
  return piece;
}

ConfigScope scope_of(std::string_view name) {
  if (name == "global") return ConfigScope::Global;
  return name == "system" ? ConfigScope::System : ConfigScope::Repository;
}

Result<void> change(std::vector<std::string> arguments, const std::string& key) {
  const auto answer = run_git(std::move(arguments));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 0) return refused(key);
  return {};
}

}  // namespace

Result<std::optional<ConfigSetting>> path_setting(const std::string& git_dir, const std::string& key) {
  const auto answer = run_git(
      {"--git-dir=" + git_dir, "config", "--null", "--show-scope", "--show-origin", "--type=path", "--get", key});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == kNotSet) return std::optional<ConfigSetting>{};
  if (answer->status != 0) return refused(key);
  std::string_view rest = answer->out;
  ConfigSetting setting;
  setting.scope = scope_of(take_piece(rest));
  std::string_view origin = take_piece(rest);
  constexpr std::string_view kFile = "file:";
  if (origin.starts_with(kFile)) setting.origin = origin.substr(kFile.size());
  setting.value = take_piece(rest);
  return std::optional(std::move(setting));
}

// A git directory that is none: git then reads what is not of a repository, as everywhere else.
Result<std::optional<ConfigSetting>> global_path_setting(const std::string& key) {
  return path_setting("/dev/null/none", key);
}

Result<void> set_global(const std::string& key, const std::string& value) {
  return change({"config", "--global", key, value}, key);
}

Result<void> unset_global(const std::string& key) { return change({"config", "--global", "--unset", key}, key); }

}  // namespace tightship::hook
