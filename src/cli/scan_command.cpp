#include <unistd.h>

#include <utility>

#include "cli/allowance_source.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

struct ScanFlags {
  scan::WorktreeOptions scan;
  RuleOptions rules;
  AllowOptions allow;
  OutputOptions output;
  bool from_stdin = false;
  std::string stdin_name = "stdin";
};

Command scan_record(ScanFlags& flags) {
  Command command;
  command.name = "scan";
  command.usage = "tightship scan [FLAGS] [PATH...]";
  command.brief = "Finds secrets in files: a work tree, folders, single files, standard input.";
  command.detail =
      "Without PATH the current folder is scanned. In a work tree of git, files that .gitignore names are "
      "left out and "
      "counted; what is inside .git is the business of tightship audit. Files are read as they are: UTF-8, "
      "Latin-1, "
      "UTF-16 and UTF-32 alike, binary files too. Pictures, archives and other compressed media are counted, "
      "not read.";
  command.examples =
      "  tightship scan\n"
      "  tightship scan --format concise src config\n"
      "  git diff --cached | tightship scan --stdin --stdin-name staged.diff\n"
      "  tightship scan -q -o results.sarif -o results.json\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"no-ignore", 0, "", kInput, "also scan files that .gitignore names", "",
       set_true(flags.scan.no_ignore)},
      {"stdin", 0, "", kInput, "scan standard input instead of files", "", set_true(flags.from_stdin)},
      {"stdin-name", 0, "NAME", kInput, "the path that stands for standard input in the report", "",
       set_text(flags.stdin_name)},
      {"max-file-size", 0, "SIZE", kInput, "count a larger file as not read (default 1G)",
       "A file over the limit makes the scan incomplete.",
       set_size(flags.scan.max_file_size, 1, std::uint64_t{4} << 30)},
      {"threads", 'j', "N", kInput, "threads (default: one a processor)", "",
       set_number(flags.scan.threads, 1, 256)},
  };
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : allow_flags(flags.allow)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"PATH", 0, 100'000, &flags.scan.paths};
  return command;
}

Result<detect::ScanResult> run_scan(const ScanFlags& flags, const detect::RuleSet& rules,
                                    scan::Progress& progress) {
  const InterruptGuard interrupts(progress);
  const ProgressLine line(progress, !flags.output.quiet);
  if (!flags.from_stdin) return scan::scan_worktree(rules, flags.scan, progress);
  return scan::scan_stream(rules, STDIN_FILENO, flags.stdin_name, flags.scan, progress);
}

}  // namespace

Result<int> scan_command(Arguments arguments) {
  ScanFlags flags;
  const auto go = ready(scan_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (flags.from_stdin && !flags.scan.paths.empty()) {
    return fail(ErrorKind::Usage, "--stdin takes no PATH", {},
                "tightship scan --stdin --stdin-name NAME < FILE");
  }
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());

  PhaseTimer timer;
  timer.start("load rules");
  const auto rules = load_rules(flags.rules, flags.scan.paths);
  if (!rules) return tl::unexpected(rules.error());
  const auto allowances =
      load_allowances(flags.allow, flags.rules.no_repo_config, flags.scan.paths, PathSpace::Typed);
  if (!allowances) return tl::unexpected(allowances.error());
  timer.start("scan");
  scan::Progress progress;
  auto result = run_scan(flags, rules->set(), progress);
  if (!result) return tl::unexpected(result.error());
  apply_allowances(*allowances, flags.scan.paths, *result);
  return deliver(std::move(*result), rules->remarks, *plan, progress.cancelled, timer);
}

}  // namespace tightship::cli
