// `tightship hook run KIND`: what the installed scripts call. Everything is said on standard error.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cli/archive_flag.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/hook_allowances.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "git/config_file.h"
#include "git/repository.h"
#include "push/message.h"
#include "push/push_scan.h"
#include "report/secret_mask.h"
#include "report/summary.h"
#include "scan/cache.h"

namespace tightship::cli {
namespace {

constexpr std::size_t kMaxInput = std::size_t{256} << 20;  // a push of two million refs
constexpr std::string_view kLastWay = "git push --no-verify goes past every hook";

struct HookFlags {
  std::vector<std::string> operands;  // KIND, then what git gives
  bool verbose = false, no_repo_config = false;
};

struct HookRun {
  HookFlags flags;
  git::Repository repository;
  std::vector<git::Ref> refs;
  LoadedRules rules;
  push::Threshold threshold;
  report::Options report;
  unpack::Limits archives;
  scan::Progress progress;
};

Command hook_run_record(HookFlags& flags) {
  Command command;
  command.name = "hook run";
  command.usage = "tightship hook run [FLAGS] pre-push|pre-commit|pre-receive [ARGUMENT...]";
  command.brief = "What an installed hook calls: standard input and arguments as git gives them.";
  command.detail =
      "Says nothing and exits with 0 when nothing is found. Blocks with 1 when a secret is found, with 2 or 3 "
      "when it cannot be told. Values in tests that only look like secrets pass. "
      "git config tightship.severity error lets all warnings pass, warning blocks those of tests, too.";
  command.examples =
      "  tightship hook run pre-push origin git@example.com:shop.git < lines\n"
      "  tightship hook run -v pre-commit\n";
  command.flags = {
      {"verbose", 'v', "", "report", "also say what was checked when nothing was found", "", set_true(flags.verbose)},
      {"no-repo-config", 0, "", "rules", "leave out the repository's own rules and allowances", "",
       set_true(flags.no_repo_config)},
  };
  command.operands = {"KIND", 1, 100, &flags.operands};
  return command;
}

Result<std::string> read_stdin() {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::Io, "standard input cannot be read");
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > kMaxInput) return fail(ErrorKind::Limit, "standard input is longer than any push");
  }
}

// 0 or 3: nothing blocks but what could not be read.
int finish_clean(const HookRun& run, const detect::ScanResult& result) {
  const report::SecretMask mask(result, false);
  std::string text = report::remarks_text(result, run.report, mask);
  const bool complete = report::is_complete(result);
  if (!complete) {
    text += "tightship: blocked: not everything could be read, so it cannot be told whether a secret is among it\n";
    text += report::completeness_text(result, run.report, mask) + "push anyway?    " + std::string(kLastWay) + "\n";
  }
  if (run.flags.verbose) text += push::checked_line(result);
  write_stderr(text);
  if (run.progress.cancelled) return static_cast<int>(ExitCode::Interrupted);
  return static_cast<int>(complete ? ExitCode::Clean : ExitCode::Incomplete);
}

// A large or damaged archive is said, and does not block: nothing that somebody could do would let it pass.
void let_archives_pass(detect::ScanResult& result) {
  const auto is_archive = [](const Loss& loss) { return loss.kind == LossKind::UnreadArchive; };
  const auto first = std::find_if(result.losses.begin(), result.losses.end(), is_archive);
  if (first == result.losses.end()) return;
  const std::string text = fmt::format("not everything in archives was looked at: {}: {}", first->where, first->what);
  const auto count = std::erase_if(result.losses, is_archive);
  result.loss_count -= std::min<std::uint64_t>(count, result.loss_count);
  result.remarks.push_back({detect::Severity::Warning,
                            count > 1 ? fmt::format("{}, and {} more", text, count - 1) : text,
                            "tightship scan looks into larger ones than a hook does"});
}

void add_remarks(const HookRun& run, detect::ScanResult& result) {
  let_archives_pass(result);
  result.remarks.insert(result.remarks.begin(), run.rules.remarks.begin(), run.rules.remarks.end());
}

Result<int> run_pre_push(HookRun& run) {
  const auto input = read_stdin();
  if (!input) return tl::unexpected(input.error());
  auto updates = scan::parse_pre_push(*input, run.repository.hash);
  if (!updates) return tl::unexpected(updates.error());
  const std::vector<std::string>& operands = run.flags.operands;
  push::PushRequest request{run.repository,
                            run.refs,
                            std::move(*updates),
                            operands.size() > 1 ? operands[1] : "",
                            operands.size() > 2 ? operands[2] : "",
                            run.threshold,
                            scan::default_cache_folder(),
                            run.archives};
  HookAllowances allowances(run.repository, run.flags.no_repo_config);
  if (const auto loaded = allowances.load(run.refs, request.updates); !loaded) return tl::unexpected(loaded.error());
  const InterruptGuard interrupts(run.progress);
  const ProgressLine line(run.progress, true);
  auto answer = push::scan_push(run.rules.set(), request, run.progress,
                                [&](detect::ScanResult& result) { allowances.apply(result); });
  if (!answer) return tl::unexpected(answer.error());
  add_remarks(run, answer->result);
  if (answer->blocking.empty()) return finish_clean(run, answer->result);
  write_stderr(push::blocked_push(answer->blocked(request.remote), run.report));
  return static_cast<int>(ExitCode::Findings);
}

Result<int> run_pre_receive(HookRun& run) {
  const auto input = read_stdin();
  if (!input) return tl::unexpected(input.error());
  const auto updates = scan::parse_pre_receive(*input, run.repository.hash);
  if (!updates) return tl::unexpected(updates.error());
  HookAllowances allowances(run.repository, run.flags.no_repo_config);
  if (const auto loaded = allowances.load(run.refs, *updates); !loaded) return tl::unexpected(loaded.error());
  auto result = scan::scan_changes(run.rules.set(), run.repository, scan::received_changes(run.refs, *updates),
                                   {0, scan::default_cache_folder(), run.archives}, run.progress);
  if (!result) return tl::unexpected(result.error());
  allowances.apply(*result);
  add_remarks(run, *result);
  const auto blocking = push::blocking_findings(*result, run.threshold);
  if (blocking.empty()) return finish_clean(run, *result);
  write_stderr(push::blocked_receive(*result, blocking, run.report));
  return static_cast<int>(ExitCode::Findings);
}

Result<int> run_pre_commit(HookRun& run) {
  HookAllowances allowances(run.repository, run.flags.no_repo_config);
  if (const auto loaded = allowances.load(run.refs, {}); !loaded) return tl::unexpected(loaded.error());
  auto result = scan::scan_staged(run.rules.set(), run.repository, {}, {0, {}, run.archives}, run.progress);
  if (!result) return tl::unexpected(result.error());
  allowances.apply(*result);
  add_remarks(run, *result);
  const auto blocking = push::blocking_findings(*result, run.threshold);
  if (blocking.empty()) return finish_clean(run, *result);
  write_stderr(push::blocked_commit(*result, blocking, run.report));
  return static_cast<int>(ExitCode::Findings);
}

Result<void> prepare(HookRun& run) {
  Ledger ledger;  // what is damaged here shows where it is needed
  auto repository = git::open_repository(".", true, ledger);
  if (!repository) return tl::unexpected(repository.error());
  run.repository = std::move(*repository);
  run.refs = git::read_refs(run.repository, ledger);
  const auto threshold = push::configured_threshold(run.repository);
  if (!threshold) return tl::unexpected(threshold.error());
  run.threshold = *threshold;
  run.archives = hook_archives();
  if (!git::config_is_true(run.repository.config_value("tightship.archives").value_or("true"))) run.archives.depth = 0;
  RuleOptions options;
  options.no_repo_config = run.flags.no_repo_config;
  std::vector<std::string> roots;
  if (!run.repository.work_tree.empty()) roots.push_back(run.repository.work_tree);
  auto rules = load_rules(options, roots);
  if (!rules) return tl::unexpected(rules.error());
  run.rules = std::move(*rules);
  set_message_color(use_color(ColorChoice::Auto, STDERR_FILENO));
  run.report.color = message_color();
  run.report.width = terminal_width(STDERR_FILENO);
  return {};
}

Result<int> run_kind(HookRun& run, const std::string& kind) {
  if (kind == "pre-push") return run_pre_push(run);
  if (kind == "pre-receive") return run_pre_receive(run);
  return run_pre_commit(run);
}

}  // namespace

Result<int> hook_run_command(Arguments arguments) {
  HookRun run;
  const auto go = ready(hook_run_record(run.flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const std::string kind = run.flags.operands.front();
  if (kind != "pre-push" && kind != "pre-receive" && kind != "pre-commit") {
    return fail(ErrorKind::Usage, fmt::format("no hook of that name: {}", kind), {},
                "pre-push, pre-commit, pre-receive");
  }
  const auto prepared = prepare(run);
  auto status = prepared ? run_kind(run, kind) : Result<int>(tl::unexpected(prepared.error()));
  if (!status) {
    write_stderr("tightship: blocked: it cannot be told whether a secret is among this\n");
    if (status.error().help.empty()) status.error().help = std::string(kLastWay);
  }
  return status;
}

}  // namespace tightship::cli
