#include "report/annotations.h"

#include <fmt/format.h>

#include "report/markup.h"
#include "report/words.h"

namespace tightship::report {
namespace {

constexpr std::size_t kMost = 10;  // of a level, a step
constexpr std::array<std::string_view, 3> kLevels = {"error", "warning", "notice"};

std::size_t index_of(detect::Severity severity) { return 2 - static_cast<std::size_t>(severity) % 3; }

// What is over the limit goes to `rest` as plain lines.
std::string level_text(const std::vector<Annotation>& annotations, std::string_view level, std::string& rest) {
  const bool fits = annotations.size() <= kMost;
  const std::size_t shown = fits ? annotations.size() : kMost - 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += annotations[i].command + "\n";
  if (fits) return text;
  for (std::size_t i = shown; i < annotations.size(); ++i) rest += "- " + log_text(annotations[i].plain) + "\n";
  return text + fmt::format("::{} title=tightship::and {} more, which the log of this step lists\n", level,
                            with_spaces(annotations.size() - shown));
}

}  // namespace

std::string_view annotation_level(detect::Severity severity) { return kLevels[index_of(severity)]; }

void Annotations::add(detect::Severity severity, Annotation annotation) {
  levels_[index_of(severity)].push_back(std::move(annotation));
}

std::string Annotations::text() const {
  std::string text, rest;
  for (std::size_t level = 0; level < kLevels.size(); ++level) text += level_text(levels_[level], kLevels[level], rest);
  return text + rest;
}

}  // namespace tightship::report
