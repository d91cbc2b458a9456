#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "scan/redactor.h"

namespace tightship::cli {
namespace {

constexpr std::size_t kMaxContent = std::size_t{1} << 30;

struct RedactFlags {
  RuleOptions rules;
  std::vector<std::string> ids, files;
  bool from_stdin = false;
};

Command redact_record(RedactFlags& flags) {
  Command command;
  command.name = "redact";
  command.usage = "tightship redact [--id ID]... FILE... | --stdin";
  command.brief = "Puts REMOVED in the place of secrets, in files or from standard input to standard output.";
  command.detail =
      "For commits that are rewritten: the secret itself never has to stand in a command or a file of "
      "replacements. A FILE that is not there is passed over, since not every commit has it; symlinks are "
      "not followed.";
  command.examples =
      "  tightship redact config/settings.py\n"
      "  git filter-branch --tree-filter 'tightship redact --id 5d0c9a3e71b2f640 -- app.py' -- main ^8c1d2e3\n"
      "  tightship redact --stdin < log.txt > clean.txt\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"id", 0, "ID", kInput, "only the secret of this id; can be given several times", "", append_text(flags.ids)},
      {"stdin", 0, "", kInput, "standard input to standard output", "", set_true(flags.from_stdin)},
  };
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  command.operands = {"FILE", 0, 100'000, &flags.files};
  return command;
}

tl::unexpected<Error> io_error(const std::string& path) { return fail(ErrorKind::Io, std::strerror(errno), path); }

// Beside it and over it, with its mode.
Result<void> replace_file(const std::string& path, const std::string& content, mode_t mode) {
  std::string temporary = path + ".tightship-XXXXXX";
  const FileDescriptor file(::mkstemp(temporary.data()));
  if (!file) return io_error(path);
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t wrote = ::write(file.get(), content.data() + done, content.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  if (done < content.size() || ::fchmod(file.get(), mode) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const auto error = io_error(path);
    ::unlink(temporary.c_str());
    return error;
  }
  return {};
}

Result<std::size_t> redact_file(const detect::RuleSet& rules, const std::string& path,
                                const std::set<std::string>& ids) {
  struct ::stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return 0;
    return io_error(path);
  }
  if (!S_ISREG(info.st_mode)) return 0;
  const auto content = read_file(path, kMaxContent);
  if (!content) return tl::unexpected(content.error());
  const auto redacted = scan::redact_content(rules, *content, path, ids);
  if (!redacted) return tl::unexpected(redacted.error());
  if (redacted->replaced == 0) return 0;
  const auto written = replace_file(path, redacted->content, info.st_mode & 07777);
  if (!written) return tl::unexpected(written.error());
  return redacted->replaced;
}

Result<int> redact_stream(const detect::RuleSet& rules, const std::set<std::string>& ids) {
  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("stdin");
    if (got == 0) break;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > kMaxContent) return fail(ErrorKind::Limit, "standard input is larger than 1 GiB");
  }
  const auto redacted = scan::redact_content(rules, content, "", ids);
  if (!redacted) return tl::unexpected(redacted.error());
  const auto written = write_stdout(redacted->content);
  if (!written) return tl::unexpected(written.error());
  return static_cast<int>(ExitCode::Clean);
}

}  // namespace

Result<int> redact_command(Arguments arguments) {
  RedactFlags flags;
  const auto go = ready(redact_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (flags.from_stdin != flags.files.empty()) {
    return fail(ErrorKind::Usage, "either FILEs or --stdin", {}, "tightship redact --help");
  }
  const auto rules = load_rules(flags.rules, {"."});
  if (!rules) return tl::unexpected(rules.error());
  const std::set<std::string> ids(flags.ids.begin(), flags.ids.end());
  if (flags.from_stdin) return redact_stream(rules->set(), ids);
  std::size_t replaced = 0;
  for (const std::string& file : flags.files) {
    const auto count = redact_file(rules->set(), file, ids);
    if (!count) return tl::unexpected(count.error());
    replaced += *count;
  }
  if (replaced > 0) write_stderr(fmt::format("replaced {} secret{}\n", replaced, replaced == 1 ? "" : "s"));
  return static_cast<int>(ExitCode::Clean);
}

}  // namespace tightship::cli
