#include "cli/subcommands.h"

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "cli/similar.h"
#include "cli/stream.h"

namespace tightship::cli {
namespace {

std::string list_text(const Family& family) {
  std::string out = fmt::format("{}\n\n", family.brief);
  for (const Subcommand& command : family.commands) {
    out += fmt::format("  tightship {} {:<18}  {}\n", family.name, fmt::format("{} {}", command.name, command.operands),
                       command.brief);
  }
  return out + fmt::format("\n{}\n", family.more);
}

}  // namespace

Result<int> run_family(const Family& family, Arguments arguments) {
  if (arguments.empty() || arguments.front() == "-h" || arguments.front() == "--help") {
    const auto written = write_stdout(list_text(family));
    if (!written) return tl::unexpected(written.error());
    return static_cast<int>(ExitCode::Clean);
  }
  const std::string name = arguments.front();
  arguments.erase(arguments.begin());
  std::vector<std::string> names;
  for (const Subcommand& command : family.commands) {
    if (command.name == name) return command.run(std::move(arguments));
    names.emplace_back(command.name);
  }
  const auto near = similar_names(name, names);
  return fail(ErrorKind::Usage, fmt::format("unrecognized command {} {}", family.name, name), {},
              near.empty() ? fmt::format("tightship {} lists the commands", family.name)
                           : fmt::format("similar commands: {0} {1}", family.name,
                                         join(near, fmt::format(", {} ", family.name))));
}

}  // namespace tightship::cli
