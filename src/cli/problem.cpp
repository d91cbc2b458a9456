#include "cli/problem.h"

#include <unistd.h>

#include "cli/stream.h"
#include "cli/terminal.h"
#include "report/report.h"

namespace tightship::cli {
namespace {

report::Diagnostic diagnostic_of(const std::string& path, const detect::Problem& problem) {
  report::Diagnostic diagnostic;
  diagnostic.level = detect::severity_name(problem.severity);
  diagnostic.message = problem.message;
  diagnostic.path = path;
  diagnostic.line = problem.place.line;
  diagnostic.column = problem.place.column;
  diagnostic.source = problem.source;
  diagnostic.begin = problem.place.column == 0 ? 0 : problem.place.column - 1;
  diagnostic.end = diagnostic.begin + problem.place.width;
  diagnostic.label = problem.label;
  diagnostic.help = problem.help;
  return diagnostic;
}

}  // namespace

std::size_t draw_problems(const detect::RuleFile& file) { return draw_problems(file.path, file.problems); }

std::size_t draw_problems(const std::string& path, const std::vector<detect::Problem>& problems) {
  std::size_t errors = 0;
  for (const detect::Problem& problem : problems) {
    write_stderr(
        report::render_diagnostic(diagnostic_of(path, problem), message_color(), terminal_width(STDERR_FILENO)));
    write_stderr("\n");
    if (problem.severity == detect::Severity::Error) ++errors;
  }
  return errors;
}

}  // namespace tightship::cli
