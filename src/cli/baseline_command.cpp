#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "allow/baseline.h"
#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/allow_target.h"
#include "cli/allowance_source.h"
#include "cli/cache_flag.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "cli/similar.h"
#include "cli/stream.h"
#include "detect/member_path.h"
#include "report/report.h"
#include "report/secret_mask.h"
#include "scan/audit.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

using allow::Baseline;
using allow::BaselineEntry;
using allow::Extent;

struct BaselineFlags {
  std::string action, file;
  std::vector<std::string> paths;
  bool history = false, add = false;
  RuleOptions rules;
  CacheOptions cache;
  OutputOptions output;
};

Command baseline_record(BaselineFlags& flags) {
  Command command;
  const std::string_view action = flags.action;
  const bool create = action == "create", update = action == "update";
  command.name = create ? "baseline create" : update ? "baseline update" : "baseline check";
  command.usage = create   ? "tightship baseline create [FLAGS] [PATH]"
                  : update ? "tightship baseline update [FLAGS] [PATH]"
                           : "tightship baseline check [FLAGS] [PATH]";
  command.brief = create   ? "Writes down what there is now, so that only new secrets are reported."
                  : update ? "Drops from the baseline what is gone, and says what."
                           : "Reports what is not in the baseline, and entries that match nothing any more.";
  command.detail =
      "A baseline is a file of ids, one line a secret, sorted; it holds no secret, no line numbers and no date, so "
      "that branches merge. PATH is what is scanned (default: the whole work tree). What .tightship/allow.toml "
      "accepts is not taken in.";
  command.flags = {
      {"file", 0, "FILE", "baseline", "the baseline (default .tightship/baseline of the work tree)", "",
       set_text(flags.file)},
  };
  if (create) {
    command.flags.push_back({"history", 0, "", "baseline", "of the whole history, as tightship audit sees it",
                             "update and check then read the history, too.", set_true(flags.history)});
  }
  if (update) {
    command.flags.push_back({"add", 0, "", "baseline", "also take in what is new", "", set_true(flags.add)});
  }
  command.flags.push_back(cache_flag(flags.cache, "baseline"));
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"PATH", 0, 1, &flags.paths};
  return command;
}

// What is scanned, and where its baseline lies.
struct Subject {
  std::string path;  // as the scan is given it
  std::string root, file;
  bool default_file = false;
};

Result<Subject> find_subject(const BaselineFlags& flags) {
  const std::string given = flags.paths.empty() ? "." : flags.paths.front();
  const ConfigRoot root = config_root(given);
  if (root.path.empty() && flags.file.empty()) {
    return fail(ErrorKind::Usage, "a bare repository has no work tree to keep a baseline in", {},
                "name it with --file FILE");
  }
  Subject subject{given, root.path, flags.file, flags.file.empty()};
  const bool below_root = flags.paths.empty() && !root.path.empty() && !shown_path(root.path + "/").empty();
  if (below_root) subject.path = root.path;
  if (subject.default_file) subject.file = shown_path(root.path + "/" + std::string(allow::kBaselineFile));
  return subject;
}

// A scan with everything that it needs: findings refer to the rules.
struct Scanned {
  LoadedRules rules;
  detect::ScanResult result;
  bool cancelled = false;
};

Result<Scanned> scan_subject(const Subject& subject, Extent extent, const BaselineFlags& flags, PhaseTimer& timer) {
  timer.start("load rules");
  auto rules = load_rules(flags.rules, {subject.path});
  if (!rules) return tl::unexpected(rules.error());
  Scanned scanned{std::move(*rules), {}, false};
  scan::Progress progress;
  const InterruptGuard interrupts(progress);
  const ProgressLine line(progress, !flags.output.quiet);
  timer.start("scan");
  Result<detect::ScanResult> result;
  if (extent == Extent::History) {
    scan::AuditOptions options;
    options.path = subject.path;
    options.cache_folder = flags.cache.folder();
    result = scan::audit_repository(scanned.rules.set(), options, progress);
  } else {
    scan::WorktreeOptions options;
    options.paths = {subject.path};
    result = scan::scan_worktree(scanned.rules.set(), options, progress);
  }
  if (!result) return tl::unexpected(result.error());
  scanned.result = std::move(*result);
  scanned.cancelled = progress.cancelled;
  return scanned;
}

PathSpace space_of(Extent extent) { return extent == Extent::History ? PathSpace::Repository : PathSpace::Typed; }

// A path without secrets, relative to the root where it is below it.
std::string hint_of(const detect::Finding& finding, const Subject& subject, const report::SecretMask& mask) {
  if (finding.occurrences.empty()) return {};
  const detect::Occurrence& first = finding.occurrences.front();
  std::string path = first.path;
  if (!subject.root.empty() && path.starts_with(subject.root + "/")) path.erase(0, subject.root.size() + 1);
  if (path.empty()) return std::string(detect::place_name(first.place));
  const std::string shown = detect::shown_path(path, first.member);
  return terminal_text(first.place == detect::Place::FileName ? mask.mask(shown) : mask.mask_name(shown));
}

// What a baseline holds: everything but notes and what is accepted elsewhere.
std::vector<BaselineEntry> entries_of(const detect::ScanResult& result, const Subject& subject) {
  const report::SecretMask mask(result, false);
  std::vector<BaselineEntry> entries;
  for (const detect::Finding& finding : result.findings) {
    if (finding.severity == detect::Severity::Note) continue;
    entries.push_back({finding.fingerprint, std::string(finding.rule->id), hint_of(finding, subject, mask), 0});
  }
  return entries;
}

std::string counted(std::size_t count) { return count == 1 ? "1 secret" : fmt::format("{} secrets", count); }

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// git's own driver takes the lines of both sides, which is right for this file.
Result<void> write_attributes(const Subject& subject) {
  constexpr std::string_view kLine = "baseline merge=union\n";
  const std::string path = subject.root + "/.tightship/.gitattributes";
  std::string text;
  if (exists(path)) {
    auto there = read_file(path, allow::kMaxFile);
    if (!there) return tl::unexpected(there.error());
    text = std::move(*there);
  }
  if (("\n" + text).find("\n" + std::string(kLine)) != std::string::npos) return {};
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return write_config_file(path, text + std::string(kLine));
}

Result<Baseline> read_own_baseline(const Subject& subject) {
  auto text = read_file(subject.file, allow::kMaxFile);
  if (!text && text.error().kind == ErrorKind::NotFound)
    return fail(ErrorKind::NotFound, "there is no baseline", subject.file, "tightship baseline create");
  if (!text) return tl::unexpected(text.error());
  Baseline baseline = allow::parse_baseline(std::move(*text), subject.file);
  if (auto checked = check_source(baseline.source); !checked) return tl::unexpected(checked.error());
  return baseline;
}

Result<void> write_baseline(const Subject& subject, Extent extent, const std::vector<BaselineEntry>& entries) {
  const std::string text = allow::baseline_text(extent, entries);
  if (!subject.default_file) return write_shared_file(subject.file, text);
  if (auto written = write_config_file(subject.root + "/" + std::string(allow::kBaselineFile), text); !written)
    return written;
  return write_attributes(subject);
}

Result<AllowSource> accepted_elsewhere(const Subject& subject, Extent extent, const BaselineFlags& flags) {
  return load_allowances({}, flags.rules.no_repo_config, {subject.path}, space_of(extent));
}

// Incomplete or interrupted: what was not seen cannot be told from what is gone.
Result<void> need_complete(const Scanned& scanned, std::string_view what) {
  if (scanned.result.complete() && !scanned.cancelled) return {};
  write_stderr(report::render_summary(scanned.result, {}));
  return fail(ErrorKind::Io, fmt::format("not everything could be read: {}", what));
}

Result<int> create(const BaselineFlags& flags, const Subject& subject) {
  if (exists(subject.file)) {
    return fail(ErrorKind::Usage, "there is a baseline already", subject.file, "tightship baseline update");
  }
  const Extent extent = flags.history ? Extent::History : Extent::WorkTree;
  const auto source = accepted_elsewhere(subject, extent, flags);
  if (!source) return tl::unexpected(source.error());
  PhaseTimer timer;
  auto scanned = scan_subject(subject, extent, flags, timer);
  if (!scanned) return tl::unexpected(scanned.error());
  if (auto complete = need_complete(*scanned, "no baseline was written"); !complete)
    return tl::unexpected(complete.error());
  apply_allowances(*source, {subject.path}, scanned->result);
  const auto entries = entries_of(scanned->result, subject);
  if (auto written = write_baseline(subject, extent, entries); !written) return tl::unexpected(written.error());
  write_stderr(fmt::format("{}: {}\n", terminal_text(subject.file), counted(entries.size())));
  if (!flags.output.quiet) {
    write_stderr(fmt::format("use it: tightship {} --baseline {}\n", extent == Extent::History ? "audit" : "scan",
                             terminal_text(subject.file)));
  }
  return static_cast<int>(ExitCode::Clean);
}

void say_entries(std::string_view what, const std::vector<BaselineEntry>& entries) {
  for (const BaselineEntry& entry : entries) {
    write_stderr(fmt::format("{} {} {} {}\n", what, entry.id, terminal_text(entry.rule), terminal_text(entry.hint)));
  }
}

Result<int> update(const BaselineFlags& flags, const Subject& subject) {
  const auto old = read_own_baseline(subject);
  if (!old) return tl::unexpected(old.error());
  const auto source = accepted_elsewhere(subject, old->extent, flags);
  if (!source) return tl::unexpected(source.error());
  PhaseTimer timer;
  auto scanned = scan_subject(subject, old->extent, flags, timer);
  if (!scanned) return tl::unexpected(scanned.error());
  if (auto complete = need_complete(*scanned, "nothing was dropped"); !complete)
    return tl::unexpected(complete.error());
  apply_allowances(*source, {subject.path}, scanned->result);
  allow::BaselineUpdate change = allow::update_baseline(*old, entries_of(scanned->result, subject));
  if (!flags.add) {
    std::erase_if(change.entries, [&](const BaselineEntry& entry) { return old->find(entry.id) == nullptr; });
  }
  // A file that says the same stays untouched; one that a merge has left unsorted is put in order.
  if (allow::baseline_text(old->extent, change.entries) != old->source.text) {
    if (auto written = write_baseline(subject, old->extent, change.entries); !written)
      return tl::unexpected(written.error());
  }
  say_entries("gone:", change.gone);
  say_entries(flags.add ? "added:" : "not in it:", change.added);
  write_stderr(fmt::format("{}: {}, {} gone, {} {}\n", terminal_text(subject.file), counted(change.entries.size()),
                           change.gone.size(), change.added.size(), flags.add ? "added" : "new"));
  if (!flags.add && !change.added.empty()) {
    write_stderr("help: tightship baseline check shows what is new, tightship baseline update --add takes it in\n");
  }
  return static_cast<int>(ExitCode::Clean);
}

Result<int> check(const BaselineFlags& flags, const Subject& subject) {
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());
  auto baseline = read_own_baseline(subject);
  if (!baseline) return tl::unexpected(baseline.error());
  const Extent extent = baseline->extent;
  auto source = accepted_elsewhere(subject, extent, flags);
  if (!source) return tl::unexpected(source.error());
  source->allowances.baselines.push_back(std::move(*baseline));
  PhaseTimer timer;
  auto scanned = scan_subject(subject, extent, flags, timer);
  if (!scanned) return tl::unexpected(scanned.error());
  apply_allowances(*source, {subject.path}, scanned->result);
  return deliver(std::move(scanned->result), scanned->rules.remarks, *plan, scanned->cancelled, timer);
}

struct Action {
  std::string_view name, brief;
  Result<int> (*run)(const BaselineFlags&, const Subject&);
};
constexpr Action kActions[] = {{"create", "write down what there is now", create},
                               {"update", "drop what is gone", update},
                               {"check", "report what is not in it", check}};

std::string actions_help() {
  std::string text = "What was there before tightship, in a file of ids: only what is new is reported.\n\n";
  for (const Action& action : kActions) {
    text += fmt::format("  tightship baseline {:<16} {}\n", fmt::format("{} [PATH]", action.name), action.brief);
  }
  return text +
         "\ntightship scan --baseline FILE and tightship audit --baseline FILE honour it.\n"
         "tightship baseline COMMAND --help for flags\n";
}

}  // namespace

Result<int> baseline_command(Arguments arguments) {
  if (arguments.empty() || arguments.front() == "-h" || arguments.front() == "--help") {
    const auto written = write_stdout(actions_help());
    if (!written) return tl::unexpected(written.error());
    return 0;
  }
  BaselineFlags flags;
  flags.action = arguments.front();
  arguments.erase(arguments.begin());
  const auto action =
      std::find_if(std::begin(kActions), std::end(kActions), [&](const Action& a) { return a.name == flags.action; });
  if (action == std::end(kActions)) {
    const std::vector<std::string> names{"create", "update", "check"};
    const auto near = similar_names(flags.action, names);
    return fail(ErrorKind::Usage, fmt::format("unrecognized command baseline {}", flags.action), {},
                "commands: baseline " + join(near.empty() ? names : near, ", baseline "));
  }
  const auto go = ready(baseline_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto subject = find_subject(flags);
  if (!subject) return tl::unexpected(subject.error());
  return action->run(flags, *subject);
}

}  // namespace tightship::cli
