#include "cli/hook_output.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <string_view>

#include "base/terminal_text.h"
#include "cli/exit_code.h"

namespace tightship::cli {
namespace {

using What = hook::Outcome::What;

std::string paste_text(const hook::Outcome& outcome) {
  const std::string where = outcome.notes.empty() ? "" : " " + outcome.notes.front();
  return fmt::format("{} hook not installed: {} fills the hooks of this repository. Write into {},{}:\n\n{}\n",
                     hook::hook_name(outcome.kind), outcome.manager, terminal_text(outcome.path), where, outcome.paste);
}

std::string head_text(const hook::Outcome& outcome) {
  const std::string_view name = hook::hook_name(outcome.kind);
  const std::string path = terminal_text(outcome.path);
  switch (outcome.what) {
    case What::Installed: return fmt::format("{} hook installed: {}\n", name, path);
    case What::Updated: return fmt::format("{} hook updated: {}\n", name, path);
    case What::Already: return fmt::format("{} hook was installed already: {}\n", name, path);
    case What::ToPaste: return paste_text(outcome);
    case What::Removed: return fmt::format("{} hook removed: {}\n", name, path);
    case What::Absent:
      if (!outcome.notes.empty()) return fmt::format("{} hook left: {}\n", name, path);
      return fmt::format("{} hook not removed: none of tightship's is here\n", name);
    case What::ToCut:
      return fmt::format("{} hook not removed: take the lines that run tightship out of {}\n", name, path);
  }
  return {};
}

std::string chain_text(const hook::Outcome& outcome) {
  const std::string path = terminal_text(outcome.chained);
  if (outcome.what == What::Removed) return "  the hook from before is back\n";
  if (outcome.kind == hook::HookKind::PreCommit) return fmt::format("  runs after {}, the hook from before\n", path);
  return fmt::format("  then runs {}, the hook from before\n", path);
}

bool is_executable_file(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

}  // namespace

std::vector<hook::HookKind> HookFlags::kinds() const {
  std::vector<hook::HookKind> out;
  if (pre_push) out.push_back(hook::HookKind::PrePush);
  if (pre_commit) out.push_back(hook::HookKind::PreCommit);
  if (pre_receive) out.push_back(hook::HookKind::PreReceive);
  return out;
}

std::vector<Flag> hook_flags(HookFlags& flags) {
  constexpr std::string_view kWhich = "which hook", kWhere = "where";
  return {
      {"pre-push", 0, "", kWhich, "what a push brings is checked before it leaves", "", set_true(flags.pre_push)},
      {"pre-commit", 0, "", kWhich, "what is staged is checked before it is committed", "", set_true(flags.pre_commit)},
      {"pre-receive", 0, "", kWhich, "what others push to this repository is checked before it is taken",
       "For the repository that is pushed to, mostly a bare one on a server.", set_true(flags.pre_receive)},
      {"global", 0, "", kWhere, "for all repositories of this user", "", set_true(flags.global)},
  };
}

Result<void> check_hook_flags(const HookFlags& flags) {
  if (!flags.global || flags.paths.empty()) return {};
  return fail(ErrorKind::Usage, "--global is for all repositories and takes no PATH", flags.paths.front(),
              "leave one of the two out");
}

std::string outcome_text(const hook::Outcome& outcome) {
  std::string out = head_text(outcome);
  if (!outcome.chained.empty()) out += chain_text(outcome);
  const std::size_t said = outcome.what == What::ToPaste ? 1 : 0;
  for (std::size_t i = said; i < outcome.notes.size(); ++i) {
    out += fmt::format("  note: {}\n", terminal_text(outcome.notes[i]));
  }
  return out;
}

int outcome_status(const std::vector<hook::Outcome>& outcomes) {
  const bool by_hand = std::any_of(outcomes.begin(), outcomes.end(), [](const hook::Outcome& outcome) {
    return outcome.what == What::ToPaste || outcome.what == What::ToCut;
  });
  return static_cast<int>(by_hand ? ExitCode::Findings : ExitCode::Clean);
}

std::string own_path() {
  char path[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof path)) return {};
  std::string text(path, static_cast<std::size_t>(length));
  return is_executable_file(text) ? text : std::string();
}

std::string path_of_tightship() {
  const char* value = std::getenv("PATH");
  std::string_view rest = value == nullptr ? "" : value;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    std::string path = fmt::format("{}/tightship", folder.empty() ? "." : folder);
    if (is_executable_file(path)) return path;
  }
  return {};
}

}  // namespace tightship::cli
