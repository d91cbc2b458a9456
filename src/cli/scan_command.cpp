#include <unistd.h>

#include <utility>

#include "cli/allowance_source.h"
#include "cli/archive_flag.h"
#include "cli/cache_flag.h"
#include "cli/commands.h"
#include "cli/git_scan.h"
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
  CacheOptions cache;
  bool from_stdin = false;
  std::string stdin_name = "stdin";
  GitScan git;
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
      "UTF-16 and UTF-32 alike, binary files too. Archives, compressed files and office documents are opened in "
      "memory, archives inside of archives too. Pictures and other compressed media are counted, not read.\n\n"
      "--staged, --range and --since scan what git says is new instead of what lies in the folder. A range is "
      "its commits, not the difference of its ends: a secret that one commit adds and the next one removes is "
      "found, and so is one in a message.";
  command.examples =
      "  tightship scan\n"
      "  tightship scan --format concise src config\n"
      "  tightship scan --staged\n"
      "  tightship scan --range v1.2..HEAD\n"
      "  tightship scan --since origin/main\n"
      "  pg_dump shop | tightship scan --stdin --stdin-name shop.sql\n"
      "  tightship scan -q -o results.sarif -o results.json\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"no-ignore", 0, "", kInput, "also scan files that .gitignore names", "", set_true(flags.scan.no_ignore)},
      {"staged", 0, "", kInput, "scan what git commit would record, limited to PATH",
       "The staged content, whatever the file says by now; what HEAD has at the same path already is not new.",
       set_true(flags.git.staged)},
      {"range", 0, "A..B", kInput, "scan what the commits that B reaches and A does not bring",
       "Either side may be left out: HEAD. A lone B scans all that it reaches.", set_text(flags.git.range)},
      {"since", 0, "REF", kInput, "the same as --range REF..HEAD",
       "On branches that went apart these are the commits since their merge base.", set_text(flags.git.since)},
      {"stdin", 0, "", kInput, "scan standard input instead of files", "", set_true(flags.from_stdin)},
      {"stdin-name", 0, "NAME", kInput, "the path that stands for standard input in the report", "",
       set_text(flags.stdin_name)},
      {"max-file-size", 0, "SIZE", kInput, "count a larger file as not read (default 1G)",
       "A file over the limit makes the scan incomplete.",
       set_size(flags.scan.max_file_size, 1, std::uint64_t{4} << 30)},
      {"threads", 'j', "N", kInput, "threads (default: one a processor)", "", set_number(flags.scan.threads, 1, 256)},
      cache_flag(flags.cache, kInput),
  };
  for (Flag& flag : archive_flags(flags.scan.archives, kInput)) command.flags.push_back(std::move(flag));
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : allow_flags(flags.allow)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"PATH", 0, 100'000, &flags.scan.paths};
  return command;
}

Result<detect::ScanResult> run_scan(const ScanFlags& flags, const detect::RuleSet& rules, scan::Progress& progress) {
  const InterruptGuard interrupts(progress);
  const ProgressLine line(progress, !flags.output.quiet);
  if (flags.git.wanted())
    return scan_git(flags.git, flags.scan.paths, {flags.scan.threads, flags.cache.folder(), flags.scan.archives}, rules,
                    progress);
  if (!flags.from_stdin) return scan::scan_worktree(rules, flags.scan, progress);
  return scan::scan_stream(rules, STDIN_FILENO, flags.stdin_name, flags.scan, progress);
}

Result<void> check_input(const ScanFlags& flags) {
  const int ways = flags.git.staged + !flags.git.range.empty() + !flags.git.since.empty() + flags.from_stdin;
  if (ways > 1) {
    return fail(ErrorKind::Usage, "--staged, --range, --since and --stdin exclude one another", {}, "give one of them");
  }
  if (flags.scan.paths.empty()) return {};
  if (flags.from_stdin) {
    return fail(ErrorKind::Usage, "--stdin takes no PATH", {}, "tightship scan --stdin --stdin-name NAME < FILE");
  }
  if (flags.git.wanted() && !flags.git.staged) {
    return fail(ErrorKind::Usage, "a range takes no PATH: its commits are scanned as a whole", {},
                "tightship scan --since REF");
  }
  return {};
}

// Where rules and allowances are looked for.
std::vector<std::string> scanned_paths(const ScanFlags& flags) {
  return flags.git.wanted() ? std::vector<std::string>{"."} : flags.scan.paths;
}

}  // namespace

Result<int> scan_command(Arguments arguments) {
  ScanFlags flags;
  const auto go = ready(scan_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (const auto usable = check_input(flags); !usable) return tl::unexpected(usable.error());
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());

  PhaseTimer timer;
  timer.start("load rules");
  const auto rules = load_rules(flags.rules, scanned_paths(flags));
  if (!rules) return tl::unexpected(rules.error());
  const auto allowances = load_allowances(flags.allow, flags.rules.no_repo_config, scanned_paths(flags),
                                          flags.git.wanted() ? PathSpace::Repository : PathSpace::Typed);
  if (!allowances) return tl::unexpected(allowances.error());
  timer.start("scan");
  scan::Progress progress;
  auto result = run_scan(flags, rules->set(), progress);
  if (!result) return tl::unexpected(result.error());
  apply_allowances(*allowances, scanned_paths(flags), *result);
  return deliver(std::move(*result), rules->remarks, *plan, progress.cancelled, timer);
}

}  // namespace tightship::cli
