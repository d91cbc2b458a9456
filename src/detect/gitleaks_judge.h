#pragma once

// What a rule of Dialect::Gitleaks believes: gitleaks' semantics (8.30), without any judgement of ours.
// Private to src/detect.

#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "detect/gitleaks_entropy.h"
#include "detect/judgement.h"
#include "detect/rule_set.h"

namespace tightship::detect {

// A match's text loses the line ends at both its ends, and its groups are those of the text standing
// alone; the first that is not empty is the secret.
void cut_as_gitleaks(const RuleSet::Impl& inside, std::string_view text, match::Match& match);

Judgement judge_as_gitleaks(const RuleSet::Impl& inside, std::size_t rule, std::string_view secret,
                            std::string_view match);

// Whether one of the rule's keywords stands anywhere in the content.
bool has_keyword(const Rule& rule, std::string_view match, std::string_view content);

// Leaves of several candidates of one rule that overlap the first, as a search from match to match does; drops
// those that lack a required companion and those of rules that are not reported; then a generic rule's where
// another rule's secret on the same line contains it. All of them are of Dialect::Gitleaks; sorts them.
void settle_as_gitleaks(const RuleSet::Impl& inside, std::string_view content, std::vector<Candidate>& candidates);

}  // namespace tightship::detect
