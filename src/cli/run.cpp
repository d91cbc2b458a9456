#include "cli/run.h"

#include <fmt/format.h>

#include <unistd.h>

#include <exception>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/parse.h"
#include "cli/similar.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "cli/usage.h"
#include "cli/version.h"

namespace tightship::cli {
namespace {

struct Entry {
  std::string_view name;
  Result<int> (*run)(Arguments);
};

constexpr Entry kCommands[] = {
    {"scan", scan_command},
    {"audit", audit_command},
    {"ci", ci_command},
    {"explain", explain_command},
    {"allow", allow_command},
    {"baseline", baseline_command},
    {"fix", fix_command},
    {"redact", redact_command},
    {"rules", rules_command},
    {"hook", hook_command},
    {"cache", cache_command},
    {"launch", launch_command},
    {"handover", handover_command},
    {"tls", tls_command},
    {"env", env_command},
    {"config", config_command},
    {"bundle", bundle_command},
    {"http", http_command},
    {"dns", dns_command},
    {"help", help_command},
    {"git", gitleaks_git_command},
    {"dir", gitleaks_dir_command},
    {"file", gitleaks_dir_command},
    {"directory", gitleaks_dir_command},
    {"stdin", gitleaks_stdin_command},
    {"detect", gitleaks_detect_command},
    {"protect", gitleaks_protect_command},
};

Result<int> print(const std::string& text) {
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  return static_cast<int>(ExitCode::Clean);
}

Result<int> unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const Entry& entry : kCommands) names.emplace_back(entry.name);
  const bool flag = name.starts_with('-');
  if (flag) names = {"--version", "--help"};
  const auto near = similar_names(name, names);
  const std::string_view noun = flag ? "flag" : "command";
  return fail(ErrorKind::Usage, fmt::format("unrecognized {} {}", noun, name), {},
              near.empty() ? "tightship lists the commands" : fmt::format("similar {}s: {}", noun, join(near, ", ")));
}

bool is_verbose(const Arguments& arguments) {
  return arguments.size() == 1 && (arguments[0] == "-v" || arguments[0] == "--verbose");
}

Result<int> dispatch(Arguments arguments) {
  if (arguments.empty()) return print(overview());
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  if (name == "--help" || name == "-h") return print(overview());
  if (name == "--version" || name == "-V") return print(version_text(is_verbose(arguments)));
  for (const Entry& entry : kCommands) {
    if (entry.name == name) return entry.run(std::move(arguments));
  }
  return unknown(name);
}

}  // namespace

Result<bool> ready(const Command& command, Arguments arguments) {
  const auto parsed = parse(command, std::move(arguments));
  if (!parsed) return tl::unexpected(parsed.error());
  if (*parsed == Parsed::Ready) return true;
  const HelpLength length = *parsed == Parsed::FullHelp ? HelpLength::Full : HelpLength::Brief;
  const auto written = write_stdout(render_help(command, length, terminal_width(STDOUT_FILENO)));
  if (!written) return tl::unexpected(written.error());
  return false;
}

int run(int argc, const char* const* argv) {
  ignore_broken_pipes();
  set_message_color(use_color(ColorChoice::Auto, STDERR_FILENO));
  try {
    const auto status = dispatch(Arguments(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (status) return *status;
    print_error(status.error());
  } catch (const std::exception& error) {  // std::bad_alloc; nothing of ours throws
    write_stderr(fmt::format("error: {}\n", error.what()));
  }
  return static_cast<int>(ExitCode::CannotRun);
}

}  // namespace tightship::cli
