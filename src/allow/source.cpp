#include "allow/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/source_text.h"

namespace tightship::allow {

bool Source::ok() const {
  return std::none_of(problems.begin(), problems.end(),
                      [](const detect::Problem& problem) { return problem.severity == detect::Severity::Error; });
}

void add_problem(Source& source, detect::Problem problem) {
  if (source.problems.size() >= detect::kMaxProblems) return;
  if (problem.source.empty()) problem.source = detect::SourceLines(source.text).line(problem.place.line);
  source.problems.push_back(std::move(problem));
}

Error first_error(const Source& source) {
  for (const detect::Problem& problem : source.problems) {
    if (problem.severity != detect::Severity::Error) continue;
    std::string what = problem.message;
    if (!problem.label.empty()) what += ": " + problem.label;
    return {ErrorKind::Config, std::move(what),
            fmt::format("{}:{}:{}", source.path, problem.place.line, problem.place.column), problem.help};
  }
  return {ErrorKind::Config, "no problem", source.path, {}};
}

bool is_below(std::string_view path, std::string_view folder) { return path.starts_with(folder); }

bool is_id(std::string_view text) {
  constexpr std::size_t kDigits = 16;
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace tightship::allow
