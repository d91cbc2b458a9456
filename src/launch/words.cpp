#include "launch/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/problems.h"
#include "report/words.h"

namespace tightship::launch {
namespace {

using detect::RiskClass;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// A first word that is no plain word ("ghp_…ZgiE", a name of a file) and names of tools stay as they are.
std::string capitalised(std::string text) {
  constexpr std::string_view kTools[] = {"npm", "age", "sops", "ngrok", "dotenvx", "curl"};
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  const bool tool = std::find(std::begin(kTools), std::end(kTools), word) != std::end(kTools);
  if (word.empty() || tool || !std::all_of(word.begin(), word.end(), is_lower)) return text;
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

// "there is no record" -> "There is no record."
std::string sentence(std::string text) {
  if (text.empty()) return text;
  text = capitalised(std::move(text));
  return text.ends_with('.') ? text : text + ".";
}

std::string joined(std::initializer_list<std::string> sentences) {
  std::string text;
  for (const std::string& part : sentences) {
    if (part.empty()) continue;
    text += (text.empty() ? "" : " ") + part;
  }
  return text;
}

std::string counts_words(const Report& report) {
  std::vector<std::string> parts;
  for (const RiskClass risk_class : kClasses) {
    const std::size_t count = report.count(risk_class);
    if (count > 0) parts.push_back(report::counted(count, report::risk_class_words(risk_class)));
  }
  return report::join(parts, ", ");
}

}  // namespace

std::size_t Report::count(RiskClass risk_class) const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const Row& row) { return counts(row) && row.head.risk_class == risk_class; }));
}

std::string_view class_heading(RiskClass risk_class) {
  switch (risk_class) {
    case RiskClass::LaunchBlocker: return "Launch blockers";
    case RiskClass::ConversionBlocker: return "Conversion blockers";
    case RiskClass::ScaleRisk: break;
  }
  return "Scale risks";
}

std::string_view class_meaning(RiskClass risk_class) {
  switch (risk_class) {
    case RiskClass::LaunchBlocker: return "fix before anyone visits";
    case RiskClass::ConversionBlocker: return "fix before you pay for visitors";
    case RiskClass::ScaleRisk: break;
  }
  return "fix before you grow";
}

std::string verdict(const Report& report) {
  const std::string counted = counts_words(report);
  if (report.count(RiskClass::LaunchBlocker) > 0) return "NOT READY: " + counted;
  if (!report.complete()) {
    return fmt::format("NOT KNOWN: {} could not be read{}{}", report::counted(report.loss_count, "piece"),
                       counted.empty() ? "" : "; ", counted);
  }
  return counted.empty() ? "no problems found in what was checked" : "no launch blockers: " + counted;
}

std::string title_words(const Row& row) { return capitalised(row.head.title); }

std::string spot_words(const readiness::Spot& spot) {
  return spot.line == 0 ? spot.path : fmt::format("{}:{}", spot.path, spot.line);
}

std::string first_place(const Row& row) {
  return row.head.spots.empty() ? std::string() : spot_words(row.head.spots.front());
}

std::string why_words(const Row& row) {
  std::string seen;
  if (row.sources.size() > 1) {
    const std::string by = report::join(row.sources, ", ");
    const std::size_t places = row.head.spots.size();
    seen = places > 1 ? fmt::format("Seen in {} places ({}).", places, by) : fmt::format("Seen by {}.", by);
  }
  return joined({sentence(row.head.why), seen, sentence(row.head.breaks)});
}

std::string fix_words(const Row& row) {
  std::string text = row.head.fix;
  for (const std::string& command : row.head.commands) text += (text.empty() ? "" : "; ") + command;
  return text;
}

std::string effort_words(const Row& row) {
  return row.head.minutes == 0 ? std::string() : fmt::format("~{} min", row.head.minutes);
}

std::string rotate_words(const Report& report) {
  if (report.ever_committed == 0) return {};
  return fmt::format(
      "Rotate ({} ever committed): tightship audit",
      report.ever_committed == 1 ? "1 key was" : report::with_spaces(report.ever_committed) + " keys were");
}

std::string loss_words(const Loss& loss) { return loss.where.empty() ? loss.what : loss.where + ": " + loss.what; }

}  // namespace tightship::launch
