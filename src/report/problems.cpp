#include "report/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/terminal_text.h"
#include "report/problem_formats.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;
using readiness::Report;

bool is_hidden(const Problem& problem, const Options& options) {
  return problem.severity == Severity::Note && !options.show_notes;
}

void add_note(Diagnostic& diagnostic, std::string_view name, const std::string& text) {
  if (!text.empty()) diagnostic.notes.push_back({std::string(name), terminal_text(text)});
}

std::string class_text(const Problem& problem) {
  std::string text(risk_class_words(problem.risk_class));
  if (problem.minutes > 0) text += fmt::format(", about {} min to fix", problem.minutes);
  return text;
}

std::string also_text(const Problem& problem) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> places;
  for (std::size_t i = 1; i < problem.spots.size() && i <= kMost; ++i) {
    places.push_back(spot_text(problem.spots[i]));
  }
  const std::size_t more = problem.spots.empty() ? 0 : problem.spots.size() - 1 - places.size();
  return join(places, ", ") + (more > 0 ? fmt::format(", and {} more", with_spaces(more)) : "");
}

std::string help_text(const Problem& problem) {
  std::string text = terminal_text(problem.fix);
  for (const std::string& command : problem.commands) text += (text.empty() ? "" : "\n  ") + terminal_text(command);
  return text;
}

std::string problem_text(const Problem& problem, const Options& options) {
  Diagnostic diagnostic;
  diagnostic.level = detect::severity_name(problem.severity);
  diagnostic.code = problem.id;
  diagnostic.message = problem.title;
  if (!problem.spots.empty()) {
    diagnostic.path = problem.spots.front().path;
    diagnostic.line = problem.spots.front().line;
    diagnostic.column = problem.spots.front().column;
  }
  add_note(diagnostic, "why", problem.why);
  add_note(diagnostic, "breaks", problem.breaks);
  add_note(diagnostic, "class", class_text(problem));
  add_note(diagnostic, "also", also_text(problem));
  diagnostic.help = help_text(problem);
  return render_diagnostic(diagnostic, options.color, options.width);
}

constexpr std::size_t kMaxCell = 60;

std::string row_text(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string text = " ";
  for (std::size_t i = 0; i < widths.size(); ++i) {
    text += " " + pad_right(i < cells.size() ? cut_right(cells[i], kMaxCell) : "", widths[i]) + " ";
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::string table_text(const readiness::FactTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    widths.push_back(display_width(table.columns[i]));
    for (const auto& row : table.rows) {
      if (i < row.size()) widths[i] = std::max(widths[i], std::min(display_width(row[i]), kMaxCell));
    }
  }
  std::string text = terminal_text(table.name) + "\n" + row_text(table.columns, widths);
  for (const auto& row : table.rows) text += row_text(row, widths);
  return text;
}

std::string facts_text(const std::vector<readiness::FactTable>& facts) {
  std::string text;
  for (const readiness::FactTable& table : facts) {
    if (!table.rows.empty()) text += (text.empty() ? "" : "\n") + table_text(table);
  }
  return text;
}

std::string render_text(const Report& report, const Options& options) {
  std::string text = facts_text(report.facts);
  for (const Problem& problem : report.problems) {
    if (is_hidden(problem, options)) continue;
    if (!text.empty()) text += "\n";
    text += problem_text(problem, options);
  }
  return text;
}

std::string render_concise(const Report& report, const Options& options) {
  std::string text;
  for (const Problem& problem : report.problems) {
    if (is_hidden(problem, options)) continue;
    text +=
        fmt::format("{}: {}[{}] {}\n", problem.spots.empty() ? "" : spot_text(problem.spots.front()),
                    detect::severity_name(problem.severity), terminal_text(problem.id), terminal_text(problem.title));
  }
  return text;
}

std::string counts_text(const Report& report, const Options& options) {
  std::array<std::uint64_t, 3> classes{};
  std::uint64_t notes = 0;
  for (const Problem& problem : report.problems) {
    if (problem.severity == Severity::Note)
      ++notes;
    else
      ++classes[static_cast<std::size_t>(problem.risk_class) % 3];
  }
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] > 0) parts.push_back(counted(classes[i], risk_class_words(static_cast<RiskClass>(i))));
  }
  std::string text = parts.empty() ? "no problems" : join(parts, ", ");
  if (notes > 0) text += fmt::format(" ({}{})", counted(notes, "note"), options.show_notes ? "" : ": -v shows them");
  return text;
}

std::string losses_text(const Report& report) {
  std::string text;
  for (const Loss& loss : report.losses) {
    text += fmt::format("warning: {}{}{}\n", terminal_text(loss.where), loss.where.empty() ? "" : ": ",
                        terminal_text(loss.what));
    if (!loss.help.empty()) text += fmt::format("help: {}\n", terminal_text(loss.help));
  }
  if (report.loss_count > report.losses.size()) {
    text += fmt::format("warning: and {} more\n", with_spaces(report.loss_count - report.losses.size()));
  }
  return text;
}

}  // namespace

std::string_view risk_class_words(RiskClass risk_class) {
  switch (risk_class) {
    case RiskClass::LaunchBlocker: return "launch blocker";
    case RiskClass::ConversionBlocker: return "conversion blocker";
    case RiskClass::ScaleRisk: break;
  }
  return "scale risk";
}

std::string spot_text(const readiness::Spot& spot) {
  std::string text = terminal_text(spot.path);
  if (spot.line != 0) text += fmt::format(":{}", spot.line);
  if (spot.line != 0 && spot.column != 0) text += fmt::format(":{}", spot.column);
  return text;
}

std::string render(const Report& report, Format format, const Options& options) {
  switch (format) {
    case Format::Text: return render_text(report, options);
    case Format::Concise: return render_concise(report, options);
    case Format::Json: return problems_json(report);
    case Format::Jsonl: return problems_jsonl(report);
    case Format::Sarif: return problems_sarif(report, options);
    case Format::Github: return problems_github(report, options);
    case Format::Junit: return problems_junit(report, options);
    case Format::Gitlab: break;
  }
  return {};
}

std::string render_summary(const Report& report, const Options& options) {
  std::string text = losses_text(report);
  text += fmt::format("{}: {}{}{}", report.command, terminal_text(report.coverage), report.coverage.empty() ? "" : "; ",
                      counts_text(report, options));
  text += report.complete() ? "\n" : "; incomplete: see the warnings above\n";
  return text;
}

}  // namespace tightship::report
