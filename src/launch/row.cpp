#include "launch/row.h"

#include <algorithm>
#include <unordered_map>

namespace tightship::launch {
namespace {

using detect::RiskClass;
using readiness::Problem;
using readiness::Spot;

bool same_place(const Spot& a, const Spot& b) { return a.path == b.path && a.line == b.line; }

void add_spots(std::vector<Spot>& spots, const std::vector<Spot>& more) {
  for (const Spot& spot : more) {
    const bool there =
        std::any_of(spots.begin(), spots.end(), [&](const Spot& known) { return same_place(known, spot); });
    if (!there) spots.push_back(spot);
  }
}

void add_source(Row& row, const std::string& source) {
  const bool there = std::find(row.sources.begin(), row.sources.end(), source) != row.sources.end();
  if (!there) row.sources.push_back(source);
}

// What is still in the files is mended there: their places go before those of the history, which may make the
// row as bad as it is.
void lead_with_the_files(Row& row, const Problem& problem) {
  if (row.head.source != "history" || problem.source != "code") return;
  row.head.source = problem.source;
  std::vector<Spot> spots = problem.spots;
  add_spots(spots, row.head.spots);
  row.head.spots = std::move(spots);
  std::swap(row.sources.front(), row.sources.back());
}

// `problems` are sorted, so the first of a value is the worst.
void add(Row& row, Problem problem) {
  add_source(row, problem.source);
  lead_with_the_files(row, problem);
  add_spots(row.head.spots, problem.spots);
  row.rest.push_back(std::move(problem));
}

}  // namespace

RiskClass effective_class(const Problem& problem) {
  RiskClass risk_class = problem.risk_class;
  const bool public_secret = !problem.value_id.empty() && problem.exposure == readiness::Exposure::Web;
  if (public_secret && problem.severity == detect::Severity::Error) risk_class = readiness::raised(risk_class);
  if (problem.severity != detect::Severity::Error) risk_class = std::max(risk_class, RiskClass::ConversionBlocker);
  return risk_class;
}

std::vector<std::string> apply_settings(const Settings& settings, std::vector<Problem>& problems) {
  std::vector<std::string> used;
  for (const std::string& id : settings.off) {
    const auto begin = std::remove_if(problems.begin(), problems.end(), [&](const Problem& p) { return p.id == id; });
    if (begin != problems.end()) used.push_back(id);
    problems.erase(begin, problems.end());
  }
  for (Problem& problem : problems) {
    const auto chosen = settings.classes.find(problem.id);
    if (chosen != settings.classes.end()) problem.risk_class = chosen->second;
  }
  return used;
}

std::vector<Row> rows_of(std::vector<Problem> problems) {
  for (Problem& problem : problems) problem.risk_class = effective_class(problem);
  readiness::sort_problems(problems);
  std::vector<Row> rows;
  std::unordered_map<std::string, std::size_t> by_value;
  for (Problem& problem : problems) {
    if (!problem.value_id.empty()) {
      const auto [at, is_new] = by_value.emplace(problem.value_id, rows.size());
      if (!is_new) {
        add(rows[at->second], std::move(problem));
        continue;
      }
    }
    Row& row = rows.emplace_back();
    row.sources.push_back(problem.source);
    row.head = std::move(problem);
  }
  return rows;
}

bool counts(const Row& row) { return row.head.severity != detect::Severity::Note; }

}  // namespace tightship::launch
