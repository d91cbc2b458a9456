#include <fmt/format.h>

#include "report/markup.h"
#include "report/problem_formats.h"
#include "report/problems.h"

// The dialect is that of report/junit.cpp.

namespace tightship::report {
namespace {

using readiness::Problem;
using readiness::Report;

std::string attribute(std::string_view name, std::string_view raw) {
  return fmt::format(" {}=\"{}\"", name, xml_text(raw));
}

std::string coverage_case(const Report& report) {
  std::string text = "    <testcase classname=\"tightship\" name=\"everything could be read\">\n";
  for (const Loss& loss : report.losses) {
    text +=
        "      <error" + attribute("message", loss.where.empty() ? loss.what : loss.where + ": " + loss.what) + "/>\n";
  }
  return text + "      <system-out>" + xml_text(report.coverage) + "</system-out>\n    </testcase>\n";
}

std::string body(const Problem& problem) {
  std::string text;
  for (const readiness::Spot& spot : problem.spots) text += xml_text("at: " + spot_text(spot)) + "\n";
  if (!problem.why.empty()) text += xml_text("why: " + problem.why) + "\n";
  if (!problem.breaks.empty()) text += xml_text("breaks: " + problem.breaks) + "\n";
  if (!problem.fix.empty()) text += xml_text("fix: " + problem.fix) + "\n";
  for (const std::string& command : problem.commands) text += xml_text("  " + command) + "\n";
  return text;
}

std::string problem_case(const Problem& problem) {
  std::string text = "    <testcase" + attribute("classname", "tightship." + problem.id);
  text += attribute("name", problem.id + " " + problem.subject + " " + readiness::fingerprint(problem));
  if (problem.severity == detect::Severity::Note) {
    return text + ">\n      <system-out>" + xml_text(problem.title) + "\n" + body(problem) +
           "</system-out>\n    </testcase>\n";
  }
  return text + ">\n      <failure" + attribute("type", detect::severity_name(problem.severity)) +
         attribute("message", problem.title) + ">" + body(problem) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string problems_junit(const Report& report, const Options& options) {
  std::string cases = coverage_case(report);
  std::size_t tests = 1, failures = 0;
  for (const Problem& problem : report.problems) {
    const bool note = problem.severity == detect::Severity::Note;
    if (note && !options.show_notes) continue;
    cases += problem_case(problem);
    ++tests;
    failures += note ? 0 : 1;
  }
  const std::string counts =
      fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests, failures, report.complete() ? 0 : 1);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tightship\"" + counts + ">\n  <testsuite" +
         attribute("name", "tightship " + report.command) + counts + ">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace tightship::report
