#include "cli/commands.h"
#include "cli/hook_output.h"
#include "cli/stream.h"
#include "git/repository.h"
#include "hook/global.h"
#include "hook/install.h"

namespace tightship::cli {
namespace {

using Outcomes = std::vector<hook::Outcome>;

Command uninstall_record(HookFlags& flags) {
  Command command;
  command.name = "hook uninstall";
  command.usage = "tightship hook uninstall [FLAGS] [PATH]";
  command.brief = "Takes the hooks of tightship away and restores what was there; all of them unless some are named.";
  command.detail =
      "A hook that somebody changed after it was installed is left, and the status is 2. Lines in the file "
      "of a "
      "manager of hooks that were put there by hand are left too: they are named, and the status is 1.";
  command.examples =
      "  tightship hook uninstall\n"
      "  tightship hook uninstall --pre-commit ../shop\n"
      "  tightship hook uninstall --global\n";
  command.flags = hook_flags(flags);
  command.operands = {"PATH", 0, 1, &flags.paths};
  return command;
}

Result<Outcomes> uninstall_everywhere(const std::vector<hook::HookKind>& kinds) {
  auto place = hook::global_place(hook::GlobalWay::Undecided);
  if (!place) return tl::unexpected(place.error());
  return hook::uninstall_global(kinds, *place);
}

Result<Outcomes> uninstall_here(const HookFlags& flags, const std::vector<hook::HookKind>& kinds) {
  Ledger ledger;
  const auto repository = git::open_repository(flags.paths.empty() ? "." : flags.paths.front(), true, ledger);
  if (!repository) return tl::unexpected(repository.error());
  Outcomes all;
  for (const hook::HookKind kind : kinds) {
    auto outcomes = hook::uninstall_hook(*repository, kind);
    if (!outcomes) return tl::unexpected(outcomes.error());
    all.insert(all.end(), outcomes->begin(), outcomes->end());
  }
  return all;
}

bool says_nothing(const hook::Outcome& outcome) {
  return outcome.what == hook::Outcome::What::Absent && outcome.notes.empty();
}

// Without flags all kinds are tried: those that are not there are worth a word only when none is.
Result<int> tell(const Outcomes& outcomes, bool named) {
  std::string text;
  for (const hook::Outcome& outcome : outcomes) {
    if (named || !says_nothing(outcome)) text += outcome_text(outcome);
  }
  if (text.empty()) text = "no hook of tightship is here\n";
  const auto written = write_stdout(text);
  if (!written) return tl::unexpected(written.error());
  return outcome_status(outcomes);
}

}  // namespace

Result<int> hook_uninstall_command(Arguments arguments) {
  HookFlags flags;
  const auto go = ready(uninstall_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (const auto checked = check_hook_flags(flags); !checked) return tl::unexpected(checked.error());
  auto kinds = flags.kinds();
  const bool named = !kinds.empty();
  if (!named) kinds.assign(hook::kHookKinds.begin(), hook::kHookKinds.end());
  const auto outcomes = flags.global ? uninstall_everywhere(kinds) : uninstall_here(flags, kinds);
  if (!outcomes) return tl::unexpected(outcomes.error());
  return tell(*outcomes, named);
}

}  // namespace tightship::cli
