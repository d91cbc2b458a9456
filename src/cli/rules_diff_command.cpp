#include <fmt/format.h>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/rules_diff.h"
#include "cli/stream.h"
#include "detect/rule.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

constexpr std::uint64_t kMaxReport = std::uint64_t{1} << 30;
constexpr std::string_view kBuiltin = "builtin";

struct Side {
  Sightings sightings;
  std::uint64_t losses = 0;
};

Result<Side> scan_with(const detect::RuleSet& rules, const std::vector<std::string>& paths) {
  scan::WorktreeOptions options;
  options.paths = paths;
  scan::Progress progress;
  const auto result = scan::scan_worktree(rules, options, progress);
  if (!result) return tl::unexpected(result.error());
  return Side{sightings_of(*result), result->loss_count};
}

// "builtin", a rule file, or a JSON report that was written before.
Result<Side> side_of(const std::string& name, const std::vector<std::string>& paths) {
  if (name == kBuiltin) return scan_with(detect::RuleSet::builtin(), paths);
  if (name.ends_with(".json")) {
    const auto text = read_file(name, kMaxReport);
    if (!text) return tl::unexpected(text.error());
    auto sightings = read_sightings(*text, name);
    if (!sightings) return tl::unexpected(sightings.error());
    return Side{std::move(*sightings), 0};
  }
  const auto rules = detect::RuleSet::load(std::vector<std::string>{name});
  if (!rules) return tl::unexpected(rules.error());
  return scan_with(*rules, paths);
}

void say_limits(const std::string& name, const Side& side) {
  if (side.losses > 0) {
    write_stderr(fmt::format("warning: {}: {} pieces could not be read\nhelp: tightship scan lists them\n",
                             terminal_text(name), side.losses));
  }
  if (side.sightings.left_out > 0) {
    write_stderr(fmt::format("warning: {}: {} places of findings that occur very often were not compared\n",
                             terminal_text(name), side.sightings.left_out));
  }
}

}  // namespace

Result<int> rules_diff_command(Arguments arguments) {
  std::vector<std::string> operands;
  std::string format = "text";
  std::uint64_t limit = 200;
  Command command;
  command.name = "rules diff";
  command.usage = "tightship rules diff [FLAGS] OLD NEW [PATH...]";
  command.brief = "Says what two sets of rules find differently in the files under PATH.";
  command.detail =
      "OLD and NEW are rule files, `builtin` for the rules of this binary alone, or JSON reports (.json) of earlier "
      "scans of the same PATH, also by another version of tightship. A rule file means what --rules means: the "
      "built-in rules with its own over them, unless it says useDefault = false.\n\n"
      "- only OLD finds it, + only NEW, ~ both find something there, by another rule or with another severity. "
      "Status 1 when there is a difference. Values are redacted.";
  command.examples =
      "  tightship rules diff builtin my-rules.toml ~/corpus\n"
      "  tightship scan -f json -o before.json .   # then edit the rules\n"
      "  tightship rules diff before.json .tightship/rules.toml .\n";
  command.flags = {{"format", 'f', "FORMAT", "output", "text or json", "", set_choice(format, {"text", "json"})},
                   {"limit", 0, "N", "output", "lines of differences in text (default 200)", "The counts are of all.",
                    set_count(limit)}};
  command.operands = {"OLD NEW PATH", 2, 100'000, &operands};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const std::vector<std::string> paths(operands.begin() + 2, operands.end());
  const auto before = side_of(operands[0], paths);
  if (!before) return tl::unexpected(before.error());
  const auto after = side_of(operands[1], paths);
  if (!after) return tl::unexpected(after.error());
  const auto found = differences(before->sightings, after->sightings);
  const auto written =
      write_stdout(format == "json" ? difference_json(found) : difference_text(found, static_cast<std::size_t>(limit)));
  if (!written) return tl::unexpected(written.error());
  say_limits(operands[0], *before);
  say_limits(operands[1], *after);
  if (!found.empty()) return static_cast<int>(ExitCode::Findings);
  const bool complete = before->losses == 0 && after->losses == 0;
  return static_cast<int>(complete ? ExitCode::Clean : ExitCode::Incomplete);
}

}  // namespace tightship::cli
