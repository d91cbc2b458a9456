#include <fmt/format.h>

#include <algorithm>

#include "detect/common_words.h"
#include "detect/file_kind.h"
#include "detect/text_class.h"
#include "launch/row.h"
#include "report/finding_text.h"
#include "report/place_text.h"
#include "report/secret_mask.h"

namespace tightship::launch {
namespace {

using detect::Finding;
using detect::Occurrence;
using readiness::Exposure;
using readiness::Problem;
using report::SecretMask;

constexpr std::size_t kMostSpots = 20;
constexpr std::uint32_t kMinutesToRotate = 20;

std::string_view rule_text(const Finding& finding, std::string_view detect::Rule::*member) {
  return finding.rule == nullptr ? std::string_view{} : finding.rule->*member;
}

std::string title_of(const Finding& finding, const SecretMask& mask) {
  const std::string name = report::subject_of(finding, mask);
  if (finding.history && !finding.in_head) return name + " in the git history";
  return name + (finding.pushed == detect::PushState::Pushed ? " in your code, and pushed" : " in your code");
}

std::string why_of(const Finding& finding, const SecretMask& mask) {
  std::string text = SecretMask::redacted(finding);
  if (!finding.why.empty()) text += ", " + mask.mask(finding.why);
  if (finding.occurrence_count > 1) text += fmt::format(", {} places", finding.occurrence_count);
  return text;
}

std::string breaks_of(const Finding& finding) {
  const std::string_view impact = rule_text(finding, &detect::Rule::impact);
  return impact.empty() ? std::string() : fmt::format("whoever has it: {}", impact);
}

std::string fix_of(const Finding& finding) {
  const std::string_view rotate = rule_text(finding, &detect::Rule::rotate);
  std::string text(rotate.empty() ? "replace it at its provider" : rotate);
  // Most rules say from which variable to read it then.
  const bool said = detect::contains(text, "read it from") || detect::contains(text, "read the new one from");
  if (!said && (finding.in_head || !finding.history)) text += "; then read it from the environment";
  return text;
}

bool all_in(const Finding& finding, bool (*place)(std::string_view)) {
  return !finding.occurrences.empty() &&
         std::all_of(finding.occurrences.begin(), finding.occurrences.end(),
                     [&](const Occurrence& occurrence) { return place(occurrence.path); });
}

// Of tests and examples, of a development environment, or of a certificate that only this machine believes.
bool is_at_home(std::string_view path) {
  const std::string lower = detect::lowered(path);
  return detect::is_in_tests(path) || detect::is_sample_path(path) || detect::contains(lower, "localhost") ||
         lower.starts_with(".ddev/") || lower.starts_with(".devcontainer/");
}

bool is_prose(std::string_view path) {
  return detect::is_sample_path(path) || path.ends_with(".md") || path.ends_with(".mdx") || path.ends_with(".rst");
}

// placeholder="AKIA...": an input of a form shows what to type.
bool is_hint_of_a_form(const Occurrence& occurrence) {
  if (!occurrence.excerpt || occurrence.excerpt->begin > occurrence.excerpt->text.size()) return false;
  std::string before = detect::lowered(std::string_view(occurrence.excerpt->text).substr(0, occurrence.excerpt->begin));
  while (!before.empty() && std::string_view(" \t\"'`{(=:").find(before.back()) != std::string_view::npos)
    before.pop_back();
  return before.ends_with("placeholder");
}

// What was made for tests and examples is a step less, and so is what a text about the product shows when nothing but
// its place says what it is (a URL with the password "typeinastrongpassword"): most of it opens nothing. A checksum
// says that a provider made the token, and such a one works wherever it stands.
bool is_made_for_tests(const Finding& finding) {
  if (detect::contains(finding.why, "checksum")) return false;
  const bool plain = finding.rule == nullptr || finding.rule->prefix.empty();
  if (!finding.occurrences.empty() &&
      std::all_of(finding.occurrences.begin(), finding.occurrences.end(), is_hint_of_a_form))
    return true;
  return all_in(finding, is_at_home) || (plain && all_in(finding, is_prose));
}

// "postgres", "hunter2", "link-password": up to three words, with a few digits behind them. Whoever wants in tries
// these first, written down or not; and many are words of the code ("english_wikipedia").
bool is_guessable(std::string_view value) {
  while (!value.empty() && !detect::is_lower(detect::to_lower(value.back()))) value.remove_suffix(1);
  const std::string lower = detect::lowered(value);
  const auto is_gap = [](char c) { return c == '_' || c == '-' || c == ' '; };
  if (!detect::all(lower, [&](char c) { return detect::is_lower(c) || is_gap(c); })) return false;
  std::size_t longest = 0, word = 0;
  for (const char c : lower) {
    word = is_gap(c) ? 0 : word + 1;
    longest = std::max(longest, word);
  }
  const bool few = longest <= 12 && std::count_if(lower.begin(), lower.end(), is_gap) < 3;
  return few || detect::covered_by_words(lower) * 10 >= lower.size() * 8;
}

// Others' code that lies in the repository, minified or not.
bool is_vendored(std::string_view path) {
  return path.starts_with(".yarn/") || detect::contains(path, "/.yarn/") || path.starts_with("vendor/") ||
         detect::contains(path, "/vendor/") || path.ends_with(".min.js") || path.ends_with(".js.symbols");
}

// Texts of a product, what package managers wrote, examples.
bool is_beside_the_code(std::string_view path) {
  return is_prose(path) || detect::is_lock_file(path) || detect::is_translation(path) || is_vendored(path);
}

// What a scan shows for somebody to look at, and what keeps nobody from a launch: guesses in tests, in examples and
// in documentation, in lock files and others' code, and values that are words.
bool is_beside_the_launch(const Finding& finding) {
  if (finding.severity != detect::Severity::Warning) return false;
  const bool generic = finding.rule == nullptr || finding.rule->generic;
  return all_in(finding, generic ? is_beside_the_code : detect::is_in_tests) || all_in(finding, detect::is_lock_file) ||
         (generic && is_guessable(finding.secret));
}

Problem problem_of(const Finding& finding, const std::string& source, const SecretMask& mask) {
  Problem problem;
  problem.id = finding.rule == nullptr ? "secret" : std::string(finding.rule->id);
  problem.source = source;
  problem.severity = is_beside_the_launch(finding) ? detect::Severity::Note : finding.severity;
  if (finding.rule != nullptr) problem.risk_class = finding.rule->risk_class;
  if (is_made_for_tests(finding)) problem.risk_class = readiness::lowered(problem.risk_class);
  problem.exposure = finding.pushed == detect::PushState::Pushed ? Exposure::PrivateRepository : Exposure::Local;
  problem.title = title_of(finding, mask);
  problem.why = why_of(finding, mask);
  problem.breaks = breaks_of(finding);
  problem.fix = fix_of(finding);
  problem.minutes = kMinutesToRotate;
  problem.subject = finding.fingerprint;
  problem.value_id = readiness::value_id(finding.secret);
  for (const Occurrence& occurrence : finding.occurrences) {
    if (problem.spots.size() == kMostSpots) break;
    const report::PlaceText place = report::place_text(occurrence, mask);
    problem.spots.push_back({place.path + place.at, occurrence.position.line, occurrence.position.column});
  }
  return problem;
}

}  // namespace

std::vector<Problem> from_findings(const detect::ScanResult& result, const std::string& source) {
  const SecretMask mask(result, false);
  std::vector<Problem> problems;
  problems.reserve(result.findings.size());
  for (const Finding& finding : result.findings) problems.push_back(problem_of(finding, source, mask));
  return problems;
}

}  // namespace tightship::launch
