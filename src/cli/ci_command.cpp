// `tightship ci`: the commits that a CI run brings, in the form that its service shows.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "ci/plan.h"
#include "cli/allowance_source.h"
#include "cli/archive_flag.h"
#include "cli/cache_flag.h"
#include "cli/ci_scan.h"
#include "cli/commands.h"
#include "cli/git_scan.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rule_source.h"
#include "cli/stream.h"
#include "report/ci_report.h"

extern char** environ;

namespace tightship::cli {
namespace {

constexpr std::string_view kGitlabReport = "gl-secret-detection-report.json";  // the name that GitLab's templates use

struct CiFlags {
  RuleOptions rules;
  AllowOptions allow;
  OutputOptions output;
  CacheOptions cache;
  unsigned threads = 0;
  unpack::Limits archives;
  bool plan_only = false;
};

Command ci_record(CiFlags& flags) {
  Command command;
  command.name = "ci";
  command.usage = "tightship ci [FLAGS]";
  command.brief = "Scans the commits that a CI run brings: the range comes from the service's environment.";
  command.detail =
      "Knows GitHub Actions (and Forgejo, Gitea), GitLab CI, Bitbucket Pipelines, CircleCI, Jenkins and Azure "
      "Pipelines. A push is what it added, a pull request what it brings to its target, a new branch what the "
      "default branch does not have; schedules and manual runs scan everything. TIGHTSHIP_BASE=COMMIT names the "
      "commit to compare with where the service does not.\n\n"
      "When the range cannot be told, or its commits are not in the clone, everything that is here is scanned "
      "and the summary says why and which setting mends it. Such a run is not clean: its status is 3 when the "
      "clone is shallow.\n\n"
      "Without -o the findings go to standard output: as annotations on GitHub, as text elsewhere. On GitLab "
      "gl-secret-detection-report.json is written too. GITHUB_STEP_SUMMARY gets a summary.";
  command.examples =
      "  tightship ci\n"
      "  tightship ci -o tightship.sarif -o junit:tightship.xml\n"
      "  tightship ci --plan\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"plan", 0, "", kInput, "say what would be scanned, and scan nothing", "", set_true(flags.plan_only)},
      {"threads", 'j', "N", kInput, "threads (default: one a processor)", "", set_number(flags.threads, 1, 256)},
      cache_flag(flags.cache, kInput),
  };
  for (Flag& flag : archive_flags(flags.archives, kInput)) command.flags.push_back(std::move(flag));
  for (Flag& flag : rule_flags(flags.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : allow_flags(flags.allow)) command.flags.push_back(std::move(flag));
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  return command;
}

ci::Environment process_environment() {
  ci::Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

// What the service shows by itself, beside the reports that were asked for.
void add_native_outputs(ci::Provider provider, const OutputOptions& options, OutputPlan& plan) {
  const auto has = [&](auto test) { return std::any_of(plan.targets.begin(), plan.targets.end(), test); };
  const bool chosen = !options.format.empty() || !options.outputs.empty();
  if (provider == ci::Provider::GitHub) {
    if (!chosen) plan.targets.clear();
    if (!has([](const OutputTarget& t) { return t.path == "-"; }))
      plan.targets.push_back({report::Format::Github, "-"});
  }
  if (provider == ci::Provider::GitLab &&
      !has([](const OutputTarget& t) { return t.format == report::Format::Gitlab || t.path == kGitlabReport; })) {
    plan.targets.push_back({report::Format::Gitlab, std::string(kGitlabReport)});
  }
}

// The runner made the file for this step; other tools may have written to it before.
void append_step_summary(const std::string& path, std::string_view text) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
  std::size_t done = 0;
  while (file && done < text.size()) {
    const ssize_t written = ::write(file.get(), text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  if (!file || done < text.size())
    print_warning("cannot write GITHUB_STEP_SUMMARY: " + std::string(std::strerror(errno)));
}

std::vector<detect::Remark> remarks_of(const ci::Plan& plan) {
  std::vector<detect::Remark> remarks;
  for (const ci::Remark& remark : plan.remarks) {
    remarks.push_back({remark.warning ? detect::Severity::Warning : detect::Severity::Note, remark.text, remark.help});
  }
  return remarks;
}

Result<int> print_plan(const ci::Plan& plan) {
  const auto written = write_stdout_for_people(plan_text(plan));
  if (!written) return tl::unexpected(written.error());
  for (const ci::Remark& remark : plan.remarks) {
    if (remark.warning) print_warning(remark.text, remark.help);
  }
  return static_cast<int>(plan.losses.empty() ? ExitCode::Clean : ExitCode::Incomplete);
}

}  // namespace

Result<int> ci_command(Arguments arguments) {
  CiFlags flags;
  const auto go = ready(ci_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  auto output = plan_output(flags.output);
  if (!output) return tl::unexpected(output.error());
  const ci::Environment environment = process_environment();
  const auto repository = open_here();
  if (!repository) return tl::unexpected(repository.error());
  const ci::Plan plan = ci::plan_scan(ci::read_request(environment, read_file), *repository);
  if (flags.plan_only) return print_plan(plan);
  add_native_outputs(plan.provider, flags.output, *output);

  PhaseTimer timer;
  timer.start("load rules");
  const auto rules = load_rules(flags.rules, {"."});
  if (!rules) return tl::unexpected(rules.error());
  const auto allowances = load_allowances(flags.allow, flags.rules.no_repo_config, {"."}, PathSpace::Repository);
  if (!allowances) return tl::unexpected(allowances.error());
  timer.start("scan");
  scan::Progress progress;
  auto result = [&] {
    const InterruptGuard interrupts(progress);
    const ProgressLine line(progress, !flags.output.quiet);
    return run_plan(plan, *repository, {flags.threads, flags.cache.folder(), flags.archives}, rules->set(), progress);
  }();
  if (!result) return tl::unexpected(result.error());
  apply_allowances(*allowances, {"."}, *result);
  std::vector<detect::Remark> remarks = remarks_of(plan);
  remarks.insert(remarks.end(), rules->remarks.begin(), rules->remarks.end());
  if (const std::string_view path = ci::value_of(environment, "GITHUB_STEP_SUMMARY"); !path.empty()) {
    detect::ScanResult shown = *result;
    shown.remarks.insert(shown.remarks.begin(), remarks.begin(), remarks.end());
    append_step_summary(std::string(path), report::render_step_summary(shown, output->report));
  }
  return deliver(std::move(*result), remarks, *output, progress.cancelled, timer);
}

}  // namespace tightship::cli
