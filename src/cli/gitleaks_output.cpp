#include "cli/gitleaks_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/stream.h"
#include "cli/terminal.h"
#include "report/report.h"

namespace tightship::cli {
namespace {

using report::GitleaksFormat;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string format_of(const GitleaksFlags& flags) {
  if (!flags.report_format.empty()) return lower(flags.report_format);
  const std::string path = lower(flags.report_path);
  for (const std::string_view extension : {"csv", "json", "sarif"}) {
    if (path.ends_with("." + std::string(extension))) return std::string(extension);
  }
  return {};
}

Result<GitleaksFormat> parse_format(const std::string& name) {
  if (name == "json") return GitleaksFormat::Json;
  if (name == "csv") return GitleaksFormat::Csv;
  if (name == "junit") return GitleaksFormat::Junit;
  if (name == "sarif") return GitleaksFormat::Sarif;
  if (name == "template") {
    return fail(ErrorKind::Usage, "--report-format template: templates of Go are not supported", {},
                "write json, and shape it with jq");
  }
  if (name.empty()) {
    return fail(ErrorKind::Usage, "the report's format cannot be told from its name", {},
                "--report-format json, csv, junit or sarif");
  }
  return fail(ErrorKind::Usage, fmt::format("invalid value '{}' for --report-format", name), {},
              "--report-format takes json, csv, junit or sarif");
}

bool is_quiet(const GitleaksFlags& flags) {
  const std::string& level = flags.log_level;
  return level == "warn" || level == "err" || level == "error" || level == "fatal";
}

std::size_t count_leaks(const detect::ScanResult& result) {
  return static_cast<std::size_t>(
      std::count_if(result.findings.begin(), result.findings.end(),
                    [](const auto& finding) { return finding.severity >= detect::Severity::Warning; }));
}

Result<void> print_findings(const detect::ScanResult& result, const GitleaksFlags& flags, bool report_on_stdout) {
  report::Options options;
  options.show_secrets = flags.redact == 0;
  options.audit_details = true;
  const int fd = report_on_stdout ? STDERR_FILENO : STDOUT_FILENO;
  options.width = terminal_width(fd);
  options.color = message_color() && ::isatty(fd) != 0;
  const std::string text = report::render(result, report::Format::Text, options);
  if (!report_on_stdout) return write_stdout_for_people(text);
  write_stderr(text);
  return {};
}

void print_summary(const detect::ScanResult& result, const GitleaksFlags& flags) {
  const std::size_t leaks = count_leaks(result);
  if (!is_quiet(flags)) {
    report::Options options;
    options.width = terminal_width(STDERR_FILENO);
    options.color = message_color();
    // An audit's text ends in the summary; its other form is for a scan.
    write_stderr(report::render_summary(result, options));
  }
  // In gitleaks' words, which scripts look for.
  const bool said = !is_quiet(flags) || (leaks > 0 && flags.log_level == "warn");
  if (said) write_stderr(leaks > 0 ? fmt::format("leaks found: {}\n", leaks) : "no leaks found\n");
}

int status_of(const detect::ScanResult& result, const GitleaksFlags& flags) {
  ExitPolicy policy;
  policy.findings_code = static_cast<int>(flags.exit_code);
  const int status = exit_status(result, policy);
  const bool incomplete = !result.complete() && count_leaks(result) == 0;
  return incomplete && flags.like_gitleaks() ? 1 : status;
}

}  // namespace

Result<GitleaksReport> plan_gitleaks_report(const GitleaksFlags& flags) {
  GitleaksReport plan;
  plan.options.redact = flags.redact;
  plan.options.columns_of_gitleaks = flags.like_gitleaks();
  if (!flags.report_template.empty() && lower(flags.report_format) != "template") {
    return fail(ErrorKind::Usage, "--report-template needs --report-format template, which is not supported", {},
                "write json, and shape it with jq");
  }
  if (flags.report_path.empty()) return plan;
  const auto format = parse_format(format_of(flags));
  if (!format) return tl::unexpected(format.error());
  plan.format = *format;
  plan.path = flags.report_path;
  if (plan.path == "-") return plan;
  if (const auto writable = check_writable(plan.path); !writable) return tl::unexpected(writable.error());
  return plan;
}

Result<int> deliver_gitleaks(const detect::ScanResult& result, const std::vector<detect::Rule>& rules,
                             const GitleaksFlags& flags, const GitleaksReport& report, bool interrupted) {
  if (!report.path.empty()) {
    const std::string text =
        report::render_gitleaks(report::gitleaks_rows(result, report.options), rules, report.format);
    const auto written = report.path == "-" ? write_stdout(text) : write_private_file(report.path, text);
    if (!written) return tl::unexpected(written.error());
  }
  if (flags.verbose) {
    if (const auto printed = print_findings(result, flags, report.path == "-"); !printed) {
      return tl::unexpected(printed.error());
    }
  }
  print_summary(result, flags);
  if (interrupted && flags.timeout == 0) return static_cast<int>(ExitCode::Interrupted);
  return status_of(result, flags);
}

}  // namespace tightship::cli
