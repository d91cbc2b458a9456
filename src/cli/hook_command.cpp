#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/similar.h"
#include "cli/stream.h"

namespace tightship::cli {
namespace {

struct Entry {
  std::string_view name, operands, brief;
  Result<int> (*run)(Arguments);
};

constexpr Entry kCommands[] = {
    {"install", "[PATH]", "put a hook in place, beside what is there", hook_install_command},
    {"uninstall", "[PATH]", "take it away, and restore what was there", hook_uninstall_command},
    {"status", "[PATH]", "which hooks are there, and whether git runs them", hook_status_command},
    {"run", "KIND", "what an installed hook calls", hook_run_command},
};

std::string list_help() {
  std::string out = "Refuses pushes, commits and deliveries that carry a secret.\n\n";
  for (const Entry& entry : kCommands) {
    out += fmt::format("  tightship hook {:<18}  {}\n", fmt::format("{} {}", entry.name, entry.operands),
                       entry.brief);
  }
  return out + "\ntightship hook COMMAND --help for flags\n";
}

}  // namespace

Result<int> hook_command(Arguments arguments) {
  if (arguments.empty() || arguments.front() == "-h" || arguments.front() == "--help") {
    const auto written = write_stdout(list_help());
    if (!written) return tl::unexpected(written.error());
    return static_cast<int>(ExitCode::Clean);
  }
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  std::vector<std::string> names;
  for (const Entry& entry : kCommands) {
    if (entry.name == name) return entry.run(std::move(arguments));
    names.emplace_back(entry.name);
  }
  const auto near = similar_names(name, names);
  return fail(ErrorKind::Usage, fmt::format("unrecognized command hook {}", name), {},
              near.empty() ? "tightship hook lists the commands"
                           : "similar commands: hook " + join(near, ", hook "));
}

}  // namespace tightship::cli
