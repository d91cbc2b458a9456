#include <fmt/format.h>

#include "report/annotations.h"
#include "report/markup.h"
#include "report/problem_formats.h"
#include "report/problems.h"

namespace tightship::report {
namespace {

using readiness::Problem;

std::string properties(const Problem& problem) {
  std::string text;
  if (!problem.spots.empty() && problem.spots.front().line != 0) {
    const readiness::Spot& spot = problem.spots.front();
    text = fmt::format("file={},line={},", command_property(spot.path), spot.line);
    if (spot.column != 0) text += fmt::format("col={},", spot.column);
  }
  return text + fmt::format("title={}", command_property(problem.id + ": " + problem.title));
}

std::string message(const Problem& problem) {
  std::string text = command_data(problem.why.empty() ? problem.title : problem.why);
  if (!problem.spots.empty() && problem.spots.front().line == 0) {
    text += "%0Aat: " + command_data(problem.spots.front().path);
  }
  if (!problem.breaks.empty()) text += "%0Abreaks: " + command_data(problem.breaks);
  if (!problem.fix.empty()) text += "%0Afix: " + command_data(problem.fix);
  for (const std::string& command : problem.commands) text += "%0A  " + command_data(command);
  return text;
}

std::string loss_text(const Loss& loss) { return loss.where.empty() ? loss.what : loss.where + ": " + loss.what; }

}  // namespace

std::string problems_github(const readiness::Report& report, const Options& options) {
  Annotations all;
  for (const Loss& loss : report.losses) {
    all.add(detect::Severity::Error, {fmt::format("::error title=tightship {}: incomplete::{}",
                                                  command_property(report.command), command_data(loss_text(loss))),
                                      loss_text(loss)});
  }
  for (const Problem& problem : report.problems) {
    if (problem.severity == detect::Severity::Note && !options.show_notes) continue;
    const std::string place = problem.spots.empty() ? std::string() : spot_text(problem.spots.front()) + ": ";
    all.add(problem.severity,
            {fmt::format("::{} {}::{}", annotation_level(problem.severity), properties(problem), message(problem)),
             place + problem.id + " " + problem.title});
  }
  return all.text();
}

}  // namespace tightship::report
