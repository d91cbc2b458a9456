#include "cli/commands.h"
#include "cli/subcommands.h"

namespace tightship::cli {
namespace {

constexpr Subcommand kCommands[] = {
    {"install", "[PATH]", "put a hook in place, beside what is there", hook_install_command},
    {"uninstall", "[PATH]", "take it away, and restore what was there", hook_uninstall_command},
    {"status", "[PATH]", "which hooks are there, and whether git runs them", hook_status_command},
    {"run", "KIND", "what an installed hook calls", hook_run_command},
};

constexpr Family kHook = {"hook", "Refuses pushes, commits and deliveries that carry a secret.", kCommands,
                          "tightship hook COMMAND --help for flags"};

}  // namespace

Result<int> hook_command(Arguments arguments) { return run_family(kHook, std::move(arguments)); }

}  // namespace tightship::cli
