// gitleaks' commands. `detect` and `protect` are the old names of the same three scans: a history, files,
// standard input.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/ledger.h"
#include "cli/allowance_source.h"
#include "cli/commands.h"
#include "cli/deadline.h"
#include "cli/exit_code.h"
#include "cli/git_scan.h"
#include "cli/gitleaks_flags.h"
#include "cli/gitleaks_output.h"
#include "cli/gitleaks_rules.h"
#include "cli/interrupt.h"
#include "cli/log.h"
#include "cli/log_options.h"
#include "cli/progress.h"
#include "cli/stream.h"
#include "git/object_reader.h"
#include "scan/audit.h"
#include "scan/unstaged.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;
using detect::ScanResult;

enum class Input : std::uint8_t { History, Changes, Files, Stdin };  // Changes: what is not committed yet

Result<git::Repository> open_source(const std::string& source) {
  Ledger unused;
  return git::open_repository(source, source == ".", unused);
}

Result<ScanResult> scan_log(const GitleaksFlags& flags, const detect::RuleSet& rules, scan::Progress& progress) {
  const auto repository = open_source(flags.source);
  if (!repository) return tl::unexpected(repository.error());
  Ledger unused;
  git::ObjectReader objects(*repository, unused);
  auto options = parse_log_options(flags.log_opts, *repository, objects);
  if (!options) return tl::unexpected(options.error());
  for (const std::string& option : options->ignored) {
    print_warning(fmt::format("--log-opts: '{}' is of no effect: more is scanned than it asks for", option), "");
  }
  if (options->wanted.empty()) {
    scan::AuditOptions audit;
    audit.path = flags.source;
    audit.first_versions = true;
    return scan::audit_repository(rules, audit, progress);
  }
  scan::Changes changes;
  changes.wanted = std::move(options->wanted);
  changes.known = std::move(options->known);
  return scan_commits(*repository, changes, flags.log_opts, {0, {}, flags.archives()}, rules, progress);
}

Result<ScanResult> scan_changes(const GitleaksFlags& flags, const detect::RuleSet& rules, scan::Progress& progress) {
  const auto repository = open_source(flags.source);
  if (!repository) return tl::unexpected(repository.error());
  if (repository->work_tree.empty()) {
    return fail(ErrorKind::Usage, "a bare repository has no work tree", repository->git_dir);
  }
  return flags.staged ? scan::scan_staged(rules, *repository, {}, {0, {}, flags.archives()}, progress)
                      : scan::scan_unstaged(rules, *repository, flags.archives(), progress);
}

Result<ScanResult> scan_files(const GitleaksFlags& flags, const detect::RuleSet& rules, scan::Progress& progress) {
  scan::WorktreeOptions options;
  options.paths = {flags.source};
  options.archives = flags.archives();
  options.no_ignore = true;  // gitleaks knows no .gitignore
  return scan::scan_worktree(rules, options, progress);
}

Result<ScanResult> run_scan(const GitleaksFlags& flags, Input input, const detect::RuleSet& rules,
                            scan::Progress& progress) {
  const InterruptGuard interrupts(progress);
  const Deadline deadline(progress, flags.timeout);
  const ProgressLine line(progress, true);
  switch (input) {
    case Input::History: return scan_log(flags, rules, progress);
    case Input::Changes: return scan_changes(flags, rules, progress);
    case Input::Files: return scan_files(flags, rules, progress);
    case Input::Stdin: {
      scan::WorktreeOptions options;
      options.archives = flags.archives();
      return scan::scan_stream(rules, STDIN_FILENO, "stdin", options, progress);
    }
  }
  return fail(ErrorKind::Usage, "nothing to scan");
}

// The configuration and the baseline hold what they accept.
void leave_out_own_files(const std::vector<std::string>& own, ScanResult& result) {
  const auto is_own = [&](const detect::Occurrence& occurrence) {
    return std::find(own.begin(), own.end(), occurrence.path) != own.end();
  };
  for (detect::Finding& finding : result.findings) {
    const auto gone = std::erase_if(finding.occurrences, is_own);
    finding.occurrence_count -= gone;
  }
  std::erase_if(result.findings, [](const detect::Finding& finding) { return finding.occurrences.empty(); });
}

// What --max-target-megabytes leaves out was asked for, and is no loss. Of a history the size of a file
// is that of its version that is shown.
void leave_out_large_files(unsigned megabytes, ScanResult& result) {
  if (megabytes == 0) return;
  const std::uint64_t limit = (std::uint64_t{megabytes} + 1) * 1'000'000;
  const auto is_large = [&](const detect::Occurrence& occurrence) { return occurrence.position.offset >= limit; };
  for (detect::Finding& finding : result.findings) {
    finding.occurrence_count -= std::erase_if(finding.occurrences, is_large);
  }
  std::erase_if(result.findings, [](const detect::Finding& finding) { return finding.occurrences.empty(); });
}

// `path` may be the file itself or a folder that has one; neither need be there.
Result<void> add_ignore_file(const std::string& path, PathSpace space, AllowSource& source) {
  std::error_code ignored;
  const fs::path file = fs::is_directory(path, ignored) ? fs::path(path) / allow::kGitleaksIgnore : fs::path(path);
  if (!fs::is_regular_file(file, ignored)) return {};
  const std::string name = file.lexically_normal().string();
  for (const allow::PlacedList& known : source.allowances.placed) {
    if (fs::equivalent(known.source.path, file, ignored)) return {};
  }
  auto text = read_file(name, allow::kMaxFile);
  if (!text) return tl::unexpected(text.error());
  const std::string folder = space == PathSpace::Typed && !source.roots.empty() ? source.roots.front() + "/" : "";
  source.allowances.placed.push_back(allow::parse_gitleaks_ignore(std::move(*text), name, folder));
  return check_source(source.allowances.placed.back().source);
}

Result<AllowSource> load_accepted(const GitleaksFlags& flags, Input input) {
  const PathSpace space = input == Input::Files || input == Input::Stdin ? PathSpace::Typed : PathSpace::Repository;
  AllowOptions options;
  if (!flags.baseline.empty()) options.baselines.push_back(flags.baseline);
  const std::string scanned = input == Input::Stdin ? "." : flags.source;
  auto source = load_allowances(options, false, {scanned}, space);
  if (!source) return source;
  if (auto added = add_ignore_file(flags.ignore_path, space, *source); !added) return tl::unexpected(added.error());
  return source;
}

void fill_link_options(const GitleaksFlags& flags, Input input, report::GitleaksOptions& options) {
  if (input != Input::History || flags.platform == "none") return;
  const auto repository = open_source(flags.source);
  const auto url = repository ? repository->config_value("remote.origin.url") : std::nullopt;
  if (!url) return;
  options.remote_url = report::web_url(*url);
  const bool told = !flags.platform.empty() && flags.platform != "unknown";
  options.platform = told ? flags.platform : std::string(report::platform_of(options.remote_url));
}

Result<int> run(GitleaksFlags& flags, Input input) {
  if (flags.no_color) set_message_color(false);
  if (flags.log_level == "debug" || flags.log_level == "trace") open_log("debug");
  for (const std::string& warning : flags.warnings) print_warning(warning, "");
  auto report = plan_gitleaks_report(flags);
  if (!report) return tl::unexpected(report.error());
  fill_link_options(flags, input, report->options);
  auto rules = load_gitleaks_rules(flags, input == Input::Stdin ? "." : flags.source);
  if (!rules) return tl::unexpected(rules.error());
  const auto accepted = load_accepted(flags, input);
  if (!accepted) return tl::unexpected(accepted.error());

  scan::Progress progress;
  auto result = run_scan(flags, input, rules->rules.set(), progress);
  if (!result) return tl::unexpected(result.error());
  leave_out_own_files({rules->config_path, flags.baseline}, *result);
  leave_out_large_files(flags.max_megabytes, *result);
  apply_allowances(*accepted, {flags.source}, *result);
  result->remarks.insert(result->remarks.end(), rules->rules.remarks.begin(), rules->rules.remarks.end());
  return deliver_gitleaks(*result, rules->rules.set().rules(), flags, *report, progress.cancelled);
}

Command record(std::string_view name, std::string_view usage, std::string_view brief, GitleaksFlags& flags) {
  Command command;
  command.name = name;
  command.usage = usage;
  command.brief = brief;
  command.detail =
      "Takes gitleaks' flags and configuration and writes its reports, so that what calls gitleaks can call "
      "tightship. What differs, and why, is in docs/gitleaks.md. Secrets are redacted unless --redact=0.";
  command.flags = common_gitleaks_flags(flags);
  return command;
}

void add_switch(Command& command, std::string_view name, std::string_view brief, bool& target) {
  command.flags.push_back({name, 0, "", "input", brief, "", set_true(target)});
}

void add_source(Command& command, GitleaksFlags& flags) {
  command.flags.push_back({"source", 's', "PATH", "input", "what is scanned (default .)", "", set_text(flags.source)});
}

// gitleaks' own status for a flag that it does not know, and for every other failure, when asked for.
Result<int> finish(Result<int> status, const GitleaksFlags& flags) {
  if (status || !flags.like_gitleaks()) return status;
  print_error(status.error());
  return status.error().what.starts_with("unrecognized flag") ? 126 : 1;
}

using Choose = Result<Input> (*)(GitleaksFlags&);

Result<int> start(const Command& command, Arguments arguments, GitleaksFlags& flags, Choose choose) {
  // Known before the flags are read: it is asked for what becomes of an unknown one.
  if (std::find(arguments.begin(), arguments.end(), "--compat=gitleaks") != arguments.end()) flags.compat = "gitleaks";
  const auto go = ready(command, plain_arguments(std::move(arguments)));
  if (!go) return finish(tl::unexpected(go.error()), flags);
  if (!*go) return 0;
  if (!flags.operands.empty() && !flags.operands.front().empty()) flags.source = flags.operands.front();
  const auto input = choose(flags);
  if (!input) return finish(tl::unexpected(input.error()), flags);
  return finish(run(flags, *input), flags);
}

}  // namespace

Result<int> gitleaks_git_command(Arguments arguments) {
  GitleaksFlags flags;
  Command command =
      record("git", "tightship git [FLAGS] [REPO]", "Scans a history, with gitleaks' flags and reports.", flags);
  command.examples =
      "  tightship git\n  tightship git -c .gitleaks.toml -r leaks.json --log-opts=origin/main..HEAD\n"
      "  tightship git --pre-commit --staged\n";
  for (Flag& flag : git_gitleaks_flags(flags)) command.flags.push_back(std::move(flag));
  add_switch(command, "staged", "scan what git commit would record", flags.staged);
  add_switch(command, "pre-commit", "scan what is changed and not committed", flags.pre_commit);
  command.operands = {"REPO", 0, 1, &flags.operands};
  return start(command, std::move(arguments), flags, [](GitleaksFlags& f) -> Result<Input> {
    return f.staged || f.pre_commit ? Input::Changes : Input::History;
  });
}

Result<int> gitleaks_dir_command(Arguments arguments) {
  GitleaksFlags flags;
  Command command =
      record("dir", "tightship dir [FLAGS] [PATH]", "Scans files, with gitleaks' flags and reports.", flags);
  command.examples = "  tightship dir -r leaks.sarif src\n";
  command.flags.push_back({"follow-symlinks", 0, "", "input", "of gitleaks: links are not followed here", "",
                           [&flags](const std::string&) -> Result<void> {
                             flags.warnings.emplace_back(
                                 "--follow-symlinks is of no effect: what a link names is scanned where it lies");
                             return {};
                           }});
  command.operands = {"PATH", 0, 1, &flags.operands};
  return start(command, std::move(arguments), flags, [](GitleaksFlags&) -> Result<Input> { return Input::Files; });
}

Result<int> gitleaks_stdin_command(Arguments arguments) {
  GitleaksFlags flags;
  Command command =
      record("stdin", "tightship stdin [FLAGS]", "Scans standard input, with gitleaks' flags and reports.", flags);
  command.examples = "  pg_dump shop | tightship stdin -r -  -f json\n";
  return start(command, std::move(arguments), flags, [](GitleaksFlags&) -> Result<Input> { return Input::Stdin; });
}

Result<int> gitleaks_detect_command(Arguments arguments) {
  GitleaksFlags flags;
  Command command = record("detect", "tightship detect [FLAGS]",
                           "The old name of git, dir (--no-git) and stdin (--pipe) in gitleaks.", flags);
  command.examples = "  tightship detect --source . --report-path leaks.json\n";
  for (Flag& flag : git_gitleaks_flags(flags)) command.flags.push_back(std::move(flag));
  add_source(command, flags);
  add_switch(command, "no-git", "scan files, not the history", flags.no_git);
  add_switch(command, "pipe", "scan standard input", flags.pipe);
  command.flags.push_back({"follow-symlinks", 0, "", "input", "of gitleaks: links are not followed here", "",
                           [&flags](const std::string&) -> Result<void> {
                             flags.warnings.emplace_back(
                                 "--follow-symlinks is of no effect: what a link names is scanned where it lies");
                             return {};
                           }});
  return start(command, std::move(arguments), flags, [](GitleaksFlags& f) -> Result<Input> {
    return f.no_git ? Input::Files : f.pipe ? Input::Stdin : Input::History;
  });
}

Result<int> gitleaks_protect_command(Arguments arguments) {
  GitleaksFlags flags;
  Command command =
      record("protect", "tightship protect [FLAGS]", "The old name of git --pre-commit in gitleaks.", flags);
  command.examples = "  tightship protect --staged\n";
  command.flags.push_back(
      {"log-opts", 0, "OPTIONS", "input", "of gitleaks: of no effect", "", set_text(flags.log_opts)});
  add_source(command, flags);
  add_switch(command, "staged", "scan what git commit would record", flags.staged);
  return start(command, std::move(arguments), flags, [](GitleaksFlags&) -> Result<Input> { return Input::Changes; });
}

}  // namespace tightship::cli
