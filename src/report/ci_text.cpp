#include "report/ci_text.h"

#include "base/terminal_text.h"
#include "report/place_text.h"
#include "report/summary.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::ScanResult;

bool is_line_of_tree(const Finding& finding, const Occurrence& occurrence) {
  const bool from_history = finding.history || occurrence.commit.has_value();
  return occurrence.place == detect::Place::File && occurrence.position.line > 0 && !occurrence.path.empty() &&
         occurrence.member.empty() && (!from_history || occurrence.in_head);
}

}  // namespace

std::vector<const Finding*> reported_findings(const ScanResult& result, const Options& options) {
  std::vector<const Finding*> reported;
  for (const Finding& finding : result.findings) {
    if (options.show_notes || finding.severity != detect::Severity::Note) reported.push_back(&finding);
  }
  return reported;
}

std::string value_and_reason(const Finding& finding, const SecretMask& mask) {
  std::string text = mask.shown(finding);
  const std::string why = mask.mask(finding.why);
  if (!why.empty()) text += ": " + why;
  const std::string_view impact = finding.rule != nullptr ? finding.rule->impact : std::string_view{};
  if (!impact.empty() && why.find(impact) == std::string::npos) text += ": " + std::string(impact);
  return text;
}

std::string rotation_text(const Finding& finding) {
  if (finding.rule == nullptr) return {};
  return std::string(finding.rule->rotate.empty() ? finding.rule->rotate_url : finding.rule->rotate);
}

std::string first_place(const Finding& finding, const SecretMask& mask) {
  return finding.occurrences.empty() ? "-" : place_line(finding.occurrences.front(), mask, Column::Shown);
}

const Occurrence* place_in_tree(const Finding& finding, const SecretMask& mask) {
  for (const Occurrence& occurrence : finding.occurrences) {
    if (!is_line_of_tree(finding, occurrence)) continue;
    if (!mask.hides_in_name(occurrence.path) && terminal_text(occurrence.path) == occurrence.path) return &occurrence;
  }
  return nullptr;
}

std::string incompleteness(const ScanResult& result, const Options& options, const SecretMask& mask) {
  if (is_complete(result)) return {};
  Options plain = options;
  plain.color = false;
  std::string text = completeness_text(result, plain, mask);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace tightship::report
