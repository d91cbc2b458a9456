#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/hook_output.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "git/repository.h"
#include "hook/global.h"
#include "hook/install.h"

namespace tightship::cli {
namespace {

using hook::GlobalPlace;
using hook::GlobalWay;

struct InstallFlags {
  HookFlags hook;
  bool plain = false, hooks_path = false, as_template = false;
};

Command install_record(InstallFlags& flags) {
  Command command;
  command.name = "hook install";
  command.usage = "tightship hook install [FLAGS] [PATH]";
  command.brief = "Puts a hook in place that refuses what carries a secret; pre-push unless another is named.";
  command.detail =
      "A hook that is there already is kept and runs too: after tightship, before it for pre-commit. With "
      "husky "
      "the lines go into its file; for lefthook, simple-git-hooks, overcommit and pre-commit they are "
      "printed, to "
      "be put into a file that is not ours to rewrite, and the status is 1. It can be repeated, and "
      "tightship hook uninstall restores byte for byte what was there.\n\n"
      "When tightship is missing later, the hook says so and blocks; git config tightship.missing pass lets "
      "it "
      "pass instead.";
  command.examples =
      "  tightship hook install\n"
      "  tightship hook install --pre-push --pre-commit ../shop\n"
      "  tightship hook install --pre-receive /srv/git/shop.git\n"
      "  tightship hook install --global\n";
  constexpr std::string_view kWhere = "where";
  command.flags = hook_flags(flags.hook);
  command.flags.push_back({"hooks-path", 0, "", kWhere, "with --global: set core.hooksPath, if it is not set",
                           "Also for repositories that exist already. Their own hooks still run.",
                           set_true(flags.hooks_path)});
  command.flags.push_back({"template", 0, "", kWhere, "with --global: set init.templateDir, if it is not set",
                           "Only for repositories that are made or cloned from now on.", set_true(flags.as_template)});
  command.flags.push_back({"plain", 0, "", kWhere, "a hook of git's own, although a manager of hooks is there",
                           "Beside the hook of lefthook, simple-git-hooks or pre-commit, which may overwrite it.",
                           set_true(flags.plain)});
  command.operands = {"PATH", 0, 1, &flags.hook.paths};
  return command;
}

Result<void> check(const InstallFlags& flags) {
  if (flags.hooks_path && flags.as_template) {
    return fail(ErrorKind::Usage, "--hooks-path and --template exclude each other");
  }
  if ((flags.hooks_path || flags.as_template) && !flags.hook.global) {
    return fail(ErrorKind::Usage, "--hooks-path and --template belong to --global", {},
                "tightship hook install --global --hooks-path");
  }
  return check_hook_flags(flags.hook);
}

std::string read_answer() {
  std::string line;
  for (char c = 0; line.size() < 64;) {
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') break;
    line += c;
  }
  return line;
}

GlobalWay ask_way() {
  write_stderr(
      "neither core.hooksPath nor init.templateDir is set. Where shall the hook be for all repositories?\n"
      "  1  core.hooksPath     every repository, now and later; their own hooks still run\n"
      "  2  init.templateDir   only repositories that are made or cloned from now on\n"
      "1 or 2, anything else changes nothing: ");
  const std::string answer = read_answer();
  if (answer == "1") return GlobalWay::HooksPath;
  return answer == "2" ? GlobalWay::Template : GlobalWay::Undecided;
}

Result<GlobalPlace> decided_place(const InstallFlags& flags) {
  GlobalWay wanted = GlobalWay::Undecided;
  if (flags.hooks_path) wanted = GlobalWay::HooksPath;
  if (flags.as_template) wanted = GlobalWay::Template;
  auto place = hook::global_place(wanted);
  if (!place || place->way != GlobalWay::Undecided) return place;
  const bool can_ask = is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO);
  if (can_ask) wanted = ask_way();
  if (wanted == GlobalWay::Undecided) {
    return fail(ErrorKind::Usage, "neither core.hooksPath nor init.templateDir is set: say which one to use", {},
                "tightship hook install --global --hooks-path (or --template: new repositories only)");
  }
  return hook::global_place(wanted);
}

std::string place_text(const GlobalPlace& place) {
  const bool is_template = place.way == GlobalWay::Template;
  const std::string_view key = is_template ? "init.templateDir" : "core.hooksPath";
  std::string out;
  if (place.setting.empty()) {
    out = fmt::format("  {} is set to the folder in your global git configuration\n", key);
  } else {
    out = fmt::format("  {} was set in {}\n", key, terminal_text(place.origin));
  }
  if (is_template) {
    out += "  note: git copies it into repositories that are made from now on; in others: git init\n";
  } else if (place.ours) {
    out += "  the repositories' own hooks still run: git no longer looks for them, the scripts here do\n";
  } else {
    out += "  note: repositories that set their own core.hooksPath are not served\n";
  }
  return out;
}

Result<int> install_everywhere(const InstallFlags& flags, const std::vector<hook::HookKind>& kinds) {
  const auto place = decided_place(flags);
  if (!place) return tl::unexpected(place.error());
  const auto outcomes = hook::install_global(kinds, *place, own_path());
  if (!outcomes) return tl::unexpected(outcomes.error());
  std::string text;
  for (const hook::Outcome& outcome : *outcomes) text += outcome_text(outcome);
  const auto written = write_stdout(text + place_text(*place));
  if (!written) return tl::unexpected(written.error());
  return outcome_status(*outcomes);
}

// What is worth knowing beside the outcomes.
std::string advice(const git::Repository& repository, const std::vector<hook::Outcome>& outcomes) {
  const bool managed = std::any_of(outcomes.begin(), outcomes.end(),
                                   [](const hook::Outcome& outcome) { return !outcome.manager.empty(); });
  std::string out;
  if (path_of_tightship().empty() && managed) {
    out += "  note: tightship is not on PATH, and these lines need it there\n";
  } else if (path_of_tightship().empty()) {
    out += fmt::format("  note: tightship is not on PATH: the hook finds it at {}\n", terminal_text(own_path()));
  }
  if (repository.bare && outcomes.size() == 1 && outcomes.front().kind == hook::HookKind::PrePush) {
    out += "  note: this checks pushes from this bare repository; --pre-receive checks what is pushed to it\n";
  }
  return out;
}

Result<int> install_here(const InstallFlags& flags, const std::vector<hook::HookKind>& kinds) {
  Ledger ledger;
  const auto repository = git::open_repository(flags.hook.paths.empty() ? "." : flags.hook.paths.front(), true, ledger);
  if (!repository) return tl::unexpected(repository.error());
  std::vector<hook::Outcome> outcomes;
  for (const hook::HookKind kind : kinds) {
    auto outcome = hook::install_hook(*repository, kind, {own_path(), flags.plain});
    if (!outcome) return tl::unexpected(outcome.error());
    if (const auto written = write_stdout(outcome_text(*outcome)); !written) return tl::unexpected(written.error());
    outcomes.push_back(std::move(*outcome));
  }
  if (const auto written = write_stdout(advice(*repository, outcomes)); !written) {
    return tl::unexpected(written.error());
  }
  return outcome_status(outcomes);
}

}  // namespace

Result<int> hook_install_command(Arguments arguments) {
  InstallFlags flags;
  const auto go = ready(install_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (const auto checked = check(flags); !checked) return tl::unexpected(checked.error());
  auto kinds = flags.hook.kinds();
  if (kinds.empty()) kinds = {hook::HookKind::PrePush};
  return flags.hook.global ? install_everywhere(flags, kinds) : install_here(flags, kinds);
}

}  // namespace tightship::cli
