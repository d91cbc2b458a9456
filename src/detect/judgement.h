#pragma once

// Why a match is no candidate, or a candidate is dropped. Private to src/detect: detector.h gives the
// verdicts, trace.h the reasons.

#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "detect/rule_set.h"

namespace tightship::detect {

// What a match is a candidate for; not judged yet. A generic rule without groups leaves it to
// assigned_value() where its secret is, one of Dialect::Gitleaks to cut_as_gitleaks().
Candidate candidate_of(const RuleSet::Impl& inside, std::string_view text, match::Match found);

// By a match's own bytes.
enum class Fault : std::uint8_t { None, Empty, Entropy, Placeholder, Sample, OtherPrefix, Generic, Allowlist, Refuted };
struct Judgement {
  Verdict verdict = Verdict::Rejected;
  Fault fault = Fault::None;
};
Judgement judge(const RuleSet::Impl& inside, std::size_t rule, std::string_view secret, std::string_view match);

// By the blob around it and its path.
enum class Drop : std::uint8_t { None, Folder, Off, Path, Generic, Comment, Allowlist, Keyword };
Drop why_dropped(const RuleSet::Impl& inside, std::string_view blob, std::string_view path, const Candidate& candidate);

// The first of `folders` that `path` lies below, or an empty view.
std::string_view folder_holding(const std::vector<std::string_view>& folders, std::string_view path);

// The lines that the match touches, without their ends, as far as they are looked at.
std::string_view lines_of(std::string_view blob, const Candidate& candidate);

}  // namespace tightship::detect
