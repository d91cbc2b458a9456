#pragma once

// Commands of two words: tightship hook install, tightship rules list.

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/commands.h"

namespace tightship::cli {

struct Subcommand {
  std::string_view name, operands, brief;
  Result<int> (*run)(Arguments);
};

struct Family {
  std::string_view name;   // "hook"
  std::string_view brief;  // "Refuses pushes, ..."
  std::span<const Subcommand> commands;
  std::string_view more;  // said at the end of the list: "tightship hook COMMAND --help for flags"
};

// Runs the command that the first argument names; without one, or with --help, prints the list.
Result<int> run_family(const Family& family, Arguments arguments);

}  // namespace tightship::cli
