#include "scan/audit.h"

#include <fmt/format.h>

#include <utility>

#include "cli/allowance_source.h"
#include "cli/archive_flag.h"
#include "cli/cache_flag.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "report/worklist.h"

namespace tightship::cli {
namespace {

struct AuditFlags {
  scan::AuditOptions audit;
  RuleOptions rules;
  AllowOptions allow;
  OutputOptions output;
  std::vector<std::string> paths;
  CacheOptions cache;
  bool details = false;
  unsigned show = 0;
};

Command audit_record(AuditFlags& flags) {
  Command command;
  command.name = "audit";
  command.usage = "tightship audit [FLAGS] [REPO]";
  command.brief = "Finds secrets in every object of a repository and ends in a worklist: what to rotate first.";
  command.detail =
      "Reads packs, loose objects and alternates: all branches and tags, stashes, notes, reflogs, other "
      "worktrees and "
      "objects that nothing reaches any more; contents, file names, messages, author lines. Each secret is "
      "one row "
      "with the commit that brought it, whether it is still in HEAD and whether a remote has it. Nothing is "
      "written "
      "into the repository and no program of it is run.\n\n"
      "An audit says \"complete\" only when every object was read. Missing or damaged objects are named, "
      "everything "
      "else is still scanned, and the status is 3 when nothing was found.";
  command.examples =
      "  tightship audit\n"
      "  tightship audit --show 1 ../shop\n"
      "  tightship audit -o audit.json -o audit.sarif --require-complete /srv/git/shop.git\n";
  constexpr std::string_view kInput = "input", kView = "view";
  command.flags = {
      {"show", 0, "N", kView, "draw row N of the worklist in full", "", set_number(flags.show, 1, 1'000'000)},
      {"details", 0, "", kView, "draw every finding in full after the worklist", "", set_true(flags.details)},
      {"verify", 0, "", kInput, "also check object ids and pack checksums",
       "Slower. What does not match counts as not read.", set_true(flags.audit.verify)},
      cache_flag(flags.cache, kInput),
      {"threads", 'j', "N", kInput, "threads (default: one a processor)", "", set_number(flags.audit.threads, 1, 256)},
      {"memory-cap", 0, "SIZE", kInput, "bytes of delta bases kept in memory (default 96M)",
       "Beyond it bases are computed again: slower, the same answer.",
       set_size(flags.audit.memory_cap, std::uint64_t{1} << 20, std::uint64_t{1} << 40)},
  };
  for (Flag& flag : archive_flags(flags.audit.archives, kInput)) command.flags.push_back(std::move(flag));
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : allow_flags(flags.allow)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"REPO", 0, 1, &flags.paths};
  return command;
}

Result<detect::ScanResult> run_audit(const AuditFlags& flags, const detect::RuleSet& rules, scan::Progress& progress) {
  const InterruptGuard interrupts(progress);
  const ProgressLine line(progress, !flags.output.quiet);
  return scan::audit_repository(rules, flags.audit, progress);
}

}  // namespace

Result<int> audit_command(Arguments arguments) {
  AuditFlags flags;
  const auto go = ready(audit_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (!flags.paths.empty()) flags.audit.path = flags.paths.front();
  flags.audit.cache_folder = flags.cache.folder();
  auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());
  plan->report.audit_details = flags.details;
  if (flags.show > 0) plan->report.only = flags.show;

  PhaseTimer timer;
  timer.start("load rules");
  const auto rules = load_rules(flags.rules, {flags.audit.path});
  if (!rules) return tl::unexpected(rules.error());
  const auto allowances =
      load_allowances(flags.allow, flags.rules.no_repo_config, {flags.audit.path}, PathSpace::Repository);
  if (!allowances) return tl::unexpected(allowances.error());
  timer.start("audit");
  scan::Progress progress;
  auto result = run_audit(flags, rules->set(), progress);
  if (!result) return tl::unexpected(result.error());
  apply_allowances(*allowances, {flags.audit.path}, *result);
  const std::size_t rows = report::worklist_rows(*result, plan->report).size();
  if (flags.show > rows) {
    return fail(ErrorKind::Usage, fmt::format("the worklist has no row {}, only {}", flags.show, rows), {},
                "tightship audit without --show prints it");
  }
  return deliver(std::move(*result), rules->remarks, *plan, progress.cancelled, timer);
}

}  // namespace tightship::cli
