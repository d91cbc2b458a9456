#pragma once

// A text run through anchors, confirm and settle, for tests.

#include <string>
#include <vector>

#include "detect/detector.h"
#include "detect/rule.h"
#include "detect/token_template.h"

namespace tightship::test {

inline std::string expand(std::string_view text, std::uint64_t seed = 1) {
  auto made = detect::expand_template(text, seed);
  return made ? *made : "<<" + made.error().what + ">>";
}

inline std::vector<detect::Candidate> confirmed(const detect::RuleSet& rules, std::string_view text) {
  auto scratch = rules.engine().make_scratch();
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<detect::Candidate> found;
  rules.engine().find_anchors(as_bytes(text), scratch, anchors);
  for (const auto anchor : anchors) detect::confirm(rules, as_bytes(text), anchor, matches, found);
  return found;
}

inline std::vector<detect::Candidate> settled(const detect::RuleSet& rules, std::string_view text,
                                              std::string_view path = {}) {
  auto found = confirmed(rules, text);
  detect::settle(rules, as_bytes(text), path.empty() ? detect::kNoFile : std::string_view(path), found);
  return found;
}

// Ids of the rules that report something, by position: "stripe-secret-key jwt".
inline std::string reported(const detect::RuleSet& rules, std::string_view text, std::string_view path = {}) {
  std::string ids;
  for (const auto& candidate : settled(rules, text, path)) {
    if (!ids.empty()) ids += ' ';
    ids += rules.rules()[candidate.rule].id;
  }
  return ids;
}

}  // namespace tightship::test
