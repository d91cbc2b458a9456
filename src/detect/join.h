#pragma once

// Candidates that belong together: a secret and the id that goes with it, or (gitleaks' `required`) a match
// that counts only near another rule's. The last step of settle; private to src/detect but for Joined.

#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "detect/rule_set.h"

namespace tightship::detect {

// How many candidates of a companion's rule are looked at on either side: bounds the work in hostile content.
inline constexpr std::size_t kMaxNeighbours = 64;

// `candidates` are sorted by start, and those of one rule do not overlap. Of those whose rule has companions
//   - one that lacks a required companion is dropped,
//   - the nearest candidate of each named companion becomes its part: it is noted in `joined`, and it and all
//     equal ones in reach are candidates no more.
// Candidates of rules that are not reported by themselves are dropped last.
//
// A function of the text and the candidates only, so that blobs that were scanned as deltas give the same.
// O(n log n) for n candidates, and one pass over the text when distances in lines are asked.
void join_companions(const RuleSet::Impl& inside, std::string_view text, std::vector<Candidate>& candidates,
                     std::vector<Joined>& joined);

}  // namespace tightship::detect
