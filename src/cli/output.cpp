#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/file.h"
#include "cli/log.h"
#include "cli/stream.h"
#include "cli/terminal.h"

namespace tightship::cli {
namespace {

constexpr std::string_view kStdout = "-";
constexpr unsigned kFileWidth = 100;  // a file looks the same whatever terminal it was made in
const std::vector<std::string> kFormats{"text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"};

bool is_for_people(report::Format format) {
  return format == report::Format::Text || format == report::Format::Concise;
}

Result<std::vector<OutputTarget>> plan_targets(const OutputOptions& options) {
  std::vector<OutputTarget> targets;
  std::vector<std::string> outputs = options.outputs;
  if (outputs.empty()) outputs.emplace_back(kStdout);
  for (const std::string& output : outputs) {
    auto target = parse_target(output, options.format);
    if (!target) return tl::unexpected(target.error());
    const bool twice =
        std::any_of(targets.begin(), targets.end(), [&](const auto& t) { return t.path == target->path; });
    if (twice)
      return fail(ErrorKind::Usage, fmt::format("two reports for '{}'", target->path), {},
                  "name another file for one of them");
    if (target->path != kStdout) {
      if (const auto writable = check_writable(target->path); !writable) return tl::unexpected(writable.error());
    }
    targets.push_back(std::move(*target));
  }
  return targets;
}

// The text report of an audit ends in the summary already, but not a single row of it.
bool summary_is_on_stdout(const detect::ScanResult& result, const OutputPlan& plan) {
  return result.job == detect::ScanResult::Job::Audit && !plan.report.only &&
         std::any_of(plan.targets.begin(), plan.targets.end(), [](const OutputTarget& target) {
           return target.path == kStdout && target.format == report::Format::Text;
         });
}

void write_summary(const detect::ScanResult& result, const OutputPlan& plan) {
  if (plan.quiet) return;
  report::Options options = plan.report;
  options.width = terminal_width(STDERR_FILENO);
  options.color = message_color();
  if (!summary_is_on_stdout(result, plan)) write_stderr(report::render_summary(result, options));
  say_written(plan);
}

// What was found until then is reported, and never as complete.
void mark_interrupted(detect::ScanResult& result) {
  const auto says_so = [](const Loss& loss) { return loss.what.starts_with("interrupted"); };
  if (std::any_of(result.losses.begin(), result.losses.end(), says_so)) return;
  result.losses.push_back({LossKind::LimitExceeded, "interrupted before everything was read", "", "run it again"});
  ++result.loss_count;
}

}  // namespace

std::int64_t report_time() {
  const char* pinned = std::getenv("SOURCE_DATE_EPOCH");
  const std::string_view text = pinned == nullptr ? "" : pinned;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool usable = !text.empty() && error == std::errc{} && end == text.data() + text.size() && seconds >= 0;
  return usable ? seconds : static_cast<std::int64_t>(std::time(nullptr));
}

report::Options options_for(const OutputTarget& target, const OutputPlan& plan) {
  report::Options options = plan.report;
  options.ended = report_time();
  const bool to_terminal = target.path == kStdout;
  options.color = to_terminal && plan.report.color && is_for_people(target.format);
  options.width = to_terminal ? terminal_width(STDOUT_FILENO) : kFileWidth;
  return options;
}

Result<void> write_report(const OutputTarget& target, std::string_view text) {
  if (target.path != kStdout) return write_private_file(target.path, text);
  return is_for_people(target.format) ? write_stdout_for_people(text) : write_stdout(text);
}

void say_written(const OutputPlan& plan) {
  for (const OutputTarget& target : plan.targets) {
    if (target.path != kStdout) write_stderr(fmt::format("report: {} (mode 0600)\n", target.path));
  }
}

Result<void> check_writable(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  const int error = errno;
  const ErrorKind kind = error == ENOENT ? ErrorKind::NotFound : ErrorKind::Io;
  return fail(kind, fmt::format("{}: a report cannot be written here", std::strerror(error)), path);
}

std::vector<Flag> output_flags(OutputOptions& o) {
  constexpr std::string_view kReport = "report", kStatus = "exit status", kOther = "other";
  return {
      {"format", 'f', "FORMAT", kReport, "text, concise, json, jsonl, sarif, github, gitlab or junit",
       "text draws every finding with its line; concise is one line a finding; jsonl is one JSON object a "
       "line. "
       "See tightship help formats.",
       set_choice(o.format, kFormats)},
      {"output", 'o', "FILE", kReport, "write the report to FILE instead of standard output",
       "Can be given several times. The format comes from a prefix (sarif:results.txt), else from --format, "
       "else "
       "from the extension (.json, .jsonl, .sarif, .txt, .xml for junit). FILE is replaced as a whole and readable for "
       "its "
       "owner "
       "only. - is standard output.",
       append_text(o.outputs)},
      {"verbose", 'v', "", kReport, "also show notes: test keys, placeholders", "", set_true(o.verbose)},
      {"quiet", 'q', "", kReport, "print the report and nothing else", "Errors are still said.", set_true(o.quiet)},
      {"color", 0, "WHEN", kReport, "auto, always or never",
       "auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE=1 switches it on.",
       set_choice(o.color, {"auto", "always", "never"})},
      {"show-secrets", 0, "", kReport, "print secrets in full",
       "Only when standard output is a terminal, or with --yes.", set_true(o.show_secrets)},
      {"yes", 0, "", kReport, "confirm --show-secrets without a terminal", "", set_true(o.yes)},
      {"severity", 0, "LEVEL", kStatus, "findings from LEVEL on make the status 1: note, warning (default), error",
       "All findings are reported whatever the level.", set_choice(o.severity, {"note", "warning", "error"})},
      {"exit-code", 0, "N", kStatus, "use N instead of 1 when there are findings", "", set_number(o.exit_code, 0, 255)},
      {"exit-zero", 0, "", kStatus, "findings do not change the status",
       "For consumers of SARIF that take any other status for a failure of the tool.", set_true(o.exit_zero)},
      {"require-complete", 0, "", kStatus, "status 3 whenever something could not be read, findings or not", "",
       set_true(o.require_complete)},
      {"stats", 0, "", kOther, "say on standard error where the time went", "", set_true(o.stats)},
      {"log-level", 0, "LEVEL", kOther, "debug, info or off (default): diagnostics on standard error", "",
       set_choice(o.log_level, {"debug", "info", "off"})},
  };
}

Result<OutputTarget> parse_target(const std::string& text, const std::string& format) {
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos && colon + 1 < text.size()) {
    if (const auto named = report::parse_format(text.substr(0, colon))) {
      return OutputTarget{*named, text.substr(colon + 1)};
    }
  }
  if (const auto named = report::parse_format(format)) return OutputTarget{*named, text};
  if (text == kStdout) return OutputTarget{report::Format::Text, text};
  if (const auto guessed = report::format_of_path(text)) return OutputTarget{*guessed, text};
  return fail(
      ErrorKind::Usage, "cannot tell the format of a report from its name", text,
      fmt::format("-o json:{} or another of {}", text, "text, concise, json, jsonl, sarif, github, gitlab, junit"));
}

Result<OutputPlan> plan_output(const OutputOptions& options) {
  const ColorChoice color = parse_color(options.color);
  set_message_color(use_color(color, STDERR_FILENO));
  open_log(options.log_level);
  if (options.show_secrets && !options.yes && !is_terminal(STDOUT_FILENO)) {
    return fail(ErrorKind::Usage, "--show-secrets would write secrets to something that is not a terminal", {},
                "add --yes if they may be stored there");
  }
  auto targets = plan_targets(options);
  if (!targets) return tl::unexpected(targets.error());
  OutputPlan plan;
  plan.targets = std::move(*targets);
  plan.report.color = use_color(color, STDOUT_FILENO);
  plan.report.show_secrets = options.show_secrets;
  plan.report.show_notes = options.verbose;
  plan.report.started = report_time();
  plan.exit = {detect::parse_severity(options.severity).value_or(detect::Severity::Warning), options.require_complete,
               options.exit_zero, static_cast<int>(options.exit_code)};
  plan.quiet = options.quiet;
  plan.stats = options.stats;
  return plan;
}

Result<int> deliver(detect::ScanResult result, const std::vector<detect::Remark>& remarks, const OutputPlan& plan,
                    bool interrupted, PhaseTimer& timer) {
  result.remarks.insert(result.remarks.begin(), remarks.begin(), remarks.end());
  if (interrupted) mark_interrupted(result);
  timer.start("report");
  for (const OutputTarget& target : plan.targets) {
    const std::string text = report::render(result, target.format, options_for(target, plan));
    if (const auto written = write_report(target, text); !written) return tl::unexpected(written.error());
    log(LogLevel::Debug, "wrote {} bytes to {}", text.size(), target.path);
  }
  timer.stop();
  write_summary(result, plan);
  if (plan.stats) write_stderr(stats_text(timer, result));
  return interrupted ? static_cast<int>(ExitCode::Interrupted) : exit_status(result, plan.exit);
}

}  // namespace tightship::cli
