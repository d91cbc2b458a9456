#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/cache_flag.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/launch_domain.h"
#include "cli/launch_gather.h"
#include "cli/launch_lanes.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "launch/project_facts.h"
#include "net/idn.h"

namespace tightship::cli {
namespace {

constexpr std::string_view kStdout = "-";
constexpr unsigned kFileWidth = 100;

struct LaunchFlags {
  LaunchRequest request;
  DomainRequest domain;
  CacheOptions cache;
  std::vector<std::string> paths, outputs;
  std::string format, html, color = "auto", fail_on, config;
  bool json = false, sarif = false, markdown = false, no_history = false, quiet = false, exit_zero = false;
  bool require_complete = false;
  launch::Options view;
};

struct Target {
  launch::Format format = launch::Format::Text;
  std::string path;
};

// What no tool can see from here. Always said: a report that hides its limits is believed too much.
const std::vector<std::string> kNeverChecked{"signup", "password reset", "webhooks", "rate limits", "backups"};

void add_report_flags(LaunchFlags& flags, std::vector<Flag>& out) {
  constexpr std::string_view kReport = "report", kStatus = "exit status";
  out.push_back({"all", 'a', "", kReport, "every row in full, notes too", "", set_true(flags.view.all)});
  out.push_back({"passed", 0, "", kReport, "also list the checks that passed", "", set_true(flags.view.list_passed)});
  out.push_back({"json", 0, "", kReport, "JSON on standard output", "", set_true(flags.json)});
  out.push_back({"sarif", 0, "", kReport, "SARIF 2.1.0 on standard output", "", set_true(flags.sarif)});
  out.push_back(
      {"md", 0, "", kReport, "Markdown on standard output, for a pull request", "", set_true(flags.markdown)});
  out.push_back(
      {"html", 0, "FILE", kReport, "write one HTML file that asks nothing of the network", "", set_text(flags.html)});
  out.push_back({"output", 'o', "FILE", kReport, "also write the report to FILE: .txt, .json, .sarif, .md or .html",
                 "Can be given several times. FILE is replaced as a whole and readable for its owner only.",
                 append_text(flags.outputs)});
  out.push_back({"quiet", 'q', "", kReport, "no progress", "", set_true(flags.quiet)});
  out.push_back(
      {"color", 0, "WHEN", kReport, "auto, always or never", "", set_choice(flags.color, {"auto", "always", "never"})});
  out.push_back({"fail-on", 0, "CLASS", kStatus, "status 1 from this class on (default launch-blocker)",
                 "launch-blocker, conversion-blocker or scale-risk; wins over tightship.toml.",
                 set_choice(flags.fail_on, {"launch-blocker", "conversion-blocker", "scale-risk"})});
  out.push_back({"exit-zero", 0, "", kStatus, "rows do not change the status", "", set_true(flags.exit_zero)});
  out.push_back({"require-complete", 0, "", kStatus, "status 3 whenever something could not be read", "",
                 set_true(flags.require_complete)});
}

Command launch_record(LaunchFlags& flags) {
  Command command;
  command.name = "launch";
  command.usage = "tightship launch [FLAGS] [PATH]";
  command.brief = "Everything that stands between a product and its first users, ranked on one screen.";
  command.detail =
      "Runs every check that has something to look at: secrets in the files and in the whole history, configuration, "
      "builds; with --domain also dns, tls and http. One secret is one row, however many checks saw it. Rows are "
      "launch blockers, conversion blockers or scale risks; what only "
      "needs a look never blocks. What was not checked, and what no tool can check, is always said. There is no "
      "score.";
  command.examples =
      "  tightship launch\n"
      "  tightship launch --domain example.com --html launch.html\n"
      "  tightship launch --md --fail-on conversion-blocker\n";
  constexpr std::string_view kInput = "input";
  command.flags = {
      {"no-history", 0, "", kInput, "leave the history out", "", set_true(flags.no_history)},
      {"build", 0, "DIR", kInput, "a folder of a build; without it those of the project are found; repeatable", "",
       append_text(flags.request.builds)},
      {"env", 0, "FILE", kInput, "trace the secrets of this env file in builds, instead of the project's; repeatable",
       "", append_text(flags.request.env_files)},
      {"threads", 'j', "N", kInput, "threads (default: one a processor)", "",
       set_number(flags.request.threads, 1, 256)},
      {"config", 0, "FILE", kInput, "instead of the tightship.toml of PATH", "", set_text(flags.config)},
      cache_flag(flags.cache, kInput),
  };
  for (Flag& flag : domain_flags(flags.domain)) command.flags.push_back(std::move(flag));
  command.flags.push_back(
      {"url", 0, "URL", "domain", "also look at a deployed page and its own scripts", "", set_text(flags.request.url)});
  for (Flag& flag : rule_flags(flags.request.rules)) command.flags.push_back(std::move(flag));
  for (Flag& flag : allow_flags(flags.request.allow)) command.flags.push_back(std::move(flag));
  add_report_flags(flags, command.flags);
  command.operands = {"PATH", 0, 1, &flags.paths};
  return command;
}

Result<std::vector<Target>> plan_targets(const LaunchFlags& flags) {
  if (flags.json + flags.sarif + flags.markdown > 1) {
    return fail(ErrorKind::Usage, "--json, --sarif and --md exclude one another", {}, "-o FILE for the others");
  }
  const launch::Format shown = flags.json       ? launch::Format::Json
                               : flags.sarif    ? launch::Format::Sarif
                               : flags.markdown ? launch::Format::Markdown
                                                : launch::Format::Text;
  std::vector<Target> targets{{shown, std::string(kStdout)}};
  if (!flags.html.empty()) targets.push_back({launch::Format::Html, flags.html});
  for (const std::string& output : flags.outputs) {
    const auto format = launch::format_of_path(output);
    if (!format) {
      return fail(ErrorKind::Usage, "cannot tell the format of a report from its name", output,
                  "name it .txt, .json, .sarif, .md or .html");
    }
    targets.push_back({*format, output});
  }
  for (const Target& target : targets) {
    if (target.path == kStdout) continue;
    if (const auto writable = check_writable(target.path); !writable) return tl::unexpected(writable.error());
  }
  return targets;
}

Result<void> write_targets(const launch::Report& report, const std::vector<Target>& targets, const LaunchFlags& flags,
                           bool color) {
  for (const Target& target : targets) {
    launch::Options options = flags.view;
    const bool to_terminal = target.path == kStdout;
    options.color = to_terminal && color;
    options.width = to_terminal ? terminal_width(STDOUT_FILENO) : kFileWidth;
    const std::string text = launch::render(report, target.format, options);
    const bool for_people = target.format == launch::Format::Text;
    const auto written = !to_terminal ? write_private_file(target.path, text)
                         : for_people ? write_stdout_for_people(text)
                                      : write_stdout(text);
    if (!written) return tl::unexpected(written.error());
    if (!to_terminal && !flags.quiet) write_stderr(fmt::format("report: {} (mode 0600)\n", terminal_text(target.path)));
  }
  return {};
}

// "https://www.example.com/shop" is served from www.example.com.
std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of(":/"));
}

// What cannot be read is told by the checks of env files.
void add_matrix(const std::string& path, launch::Report& report) {
  Ledger told_already;
  const auto project = lint::open_project(path, told_already);
  if (project) launch::add_variable_matrix(*project, told_already, report);
}

// Lanes in the order of the report: what the processor limits, and what the network does.
std::vector<LaunchLane> lanes_of(const LaunchFlags& flags, const DomainRequest& domain, const detect::RuleSet& rules,
                                 scan::Progress& progress, launch::Report& report) {
  std::vector<LaunchLane> lanes{secret_jobs(flags.request, rules, progress), project_jobs(flags.request, rules)};
  if (domain.domain.empty()) return lanes;
  for (LaunchLane& lane : domain_lanes(domain, report.hosts)) lanes.push_back(std::move(lane));
  return lanes;
}

int launch_status(const launch::Report& report, const LaunchFlags& flags, const net::SiteConfig& site) {
  const auto configured = site.fail_on.value_or(detect::RiskClass::LaunchBlocker);
  const auto limit = detect::parse_risk_class(flags.fail_on).value_or(configured);
  bool found = false;
  for (const launch::Row& row : report.rows) found = found || (launch::counts(row) && row.head.risk_class <= limit);
  ExitPolicy policy;
  policy.exit_zero = flags.exit_zero;
  policy.require_complete = flags.require_complete;
  return exit_status(found, report.complete(), policy);
}

}  // namespace

Result<int> launch_command(Arguments arguments) {
  LaunchFlags flags;
  const auto go = ready(launch_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (!flags.paths.empty()) flags.request.path = flags.paths.front();
  flags.request.history = !flags.no_history;
  flags.request.cache_folder = flags.cache.folder();
  flags.request.resolve = flags.domain.resolve;
  flags.request.ca_file = flags.domain.ca_file;
  if (const auto prepared = prepare_domain(flags.domain); !prepared) return tl::unexpected(prepared.error());
  const ColorChoice color = parse_color(flags.color);
  set_message_color(use_color(color, STDERR_FILENO));
  const auto targets = plan_targets(flags);
  if (!targets) return tl::unexpected(targets.error());
  const auto site = site_config_of(flags.config, flags.request);
  if (!site) return tl::unexpected(site.error());

  const auto rules = load_rules(flags.request.rules, {flags.request.path});
  if (!rules) return tl::unexpected(rules.error());
  const auto start = std::chrono::steady_clock::now();
  launch::Report report;
  report.subject = flags.request.path;
  report.repository = repository_words(flags.request.path);
  LaunchGather gather(report);
  flags.request.canonical_host = host_of(site->canonical);
  DomainRequest domain = flags.domain;
  domain.site = *site;
  domain.now = report_time();
  if (!domain.domain.empty()) report.subject = net::name_both_ways(domain.domain);
  scan::Progress progress;
  const InterruptGuard interrupts(progress);
  LaunchLanes lanes(lanes_of(flags, domain, rules->set(), progress, report));
  {
    const ProgressLine line(progress, !flags.quiet);
    lanes.wait(progress.cancelled);
  }
  if (const auto delivered = lanes.deliver(gather); !delivered) return tl::unexpected(delivered.error());
  gather.note(rules->remarks);
  if (domain.domain.empty()) gather.leave_out("dns, tls, http", "no --domain");
  if (progress.cancelled)
    gather.interrupted();
  else
    add_matrix(flags.request.path, report);
  gather.finish({site->off, site->classes});
  report.not_checked.insert(report.not_checked.end(), kNeverChecked.begin(), kNeverChecked.end());
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.ended = report_time();
  const auto written = write_targets(report, *targets, flags, use_color(color, STDOUT_FILENO));
  if (!written) return tl::unexpected(written.error());
  return progress.cancelled ? static_cast<int>(ExitCode::Interrupted) : launch_status(report, flags, *site);
}

}  // namespace tightship::cli
