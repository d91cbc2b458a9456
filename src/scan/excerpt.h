#pragma once

// The line that a report shows around a secret, with everything in it that must be masked.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detect/detector.h"
#include "detect/finding.h"
#include "detect/rule.h"

namespace tightship::scan {

// Bytes of a text that must not be shown, but for the fixed prefix `keep`.
struct SecretSpan {
  std::uint64_t begin = 0, end = 0;
  std::string_view keep;  // owned by the RuleSet
  friend bool operator==(const SecretSpan&, const SecretSpan&) = default;
};

// The secrets of all candidates. These are those before detect::settle: also what is not reported may be a secret.
std::vector<SecretSpan> secret_spans(const detect::RuleSet& rules, Bytes text,
                                     const std::vector<detect::Candidate>& candidates);

// Sorted, overlapping ones joined. O(n log n).
std::vector<SecretSpan> join_spans(std::vector<SecretSpan> spans);

// The line of `text[begin, end)`, at most kMaxExcerpt bytes of it; of a secret over several lines
// the first. Line ends are left out, characters of UTF-8 are not cut. Costs O(kMaxExcerpt), however
// long the line is and however many spans there are (`spans` as join_spans gives them).
detect::Excerpt draw_excerpt(Bytes text, std::uint64_t begin, std::uint64_t end, const std::vector<SecretSpan>& spans);

}  // namespace tightship::scan
