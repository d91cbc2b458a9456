#include "cli/problem_output.h"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "cli/stream.h"
#include "cli/terminal.h"
#include "report/problems.h"

namespace tightship::cli {
namespace {

int problem_status(const readiness::Report& report, const ExitPolicy& policy) {
  const bool found = std::any_of(report.problems.begin(), report.problems.end(),
                                 [&](const readiness::Problem& p) { return p.severity >= policy.threshold; });
  return exit_status(found, report.complete(), policy);
}

void write_summary(const readiness::Report& report, const OutputPlan& plan) {
  if (plan.quiet) return;
  report::Options options = plan.report;
  options.width = terminal_width(STDERR_FILENO);
  options.color = message_color();
  write_stderr(report::render_summary(report, options));
  say_written(plan);
}

}  // namespace

Result<void> check_problem_formats(const OutputPlan& plan) {
  for (const OutputTarget& target : plan.targets) {
    if (target.format != report::Format::Gitlab) continue;
    return fail(ErrorKind::Usage, "the gitlab format is for findings of secrets", target.path,
                "take junit, sarif or json");
  }
  return {};
}

Result<int> deliver(readiness::Report report, const OutputPlan& plan) {
  readiness::sort_problems(report.problems);
  for (const OutputTarget& target : plan.targets) {
    const std::string text = report::render(report, target.format, options_for(target, plan));
    if (const auto written = write_report(target, text); !written) return tl::unexpected(written.error());
  }
  write_summary(report, plan);
  return problem_status(report, plan.exit);
}

}  // namespace tightship::cli
