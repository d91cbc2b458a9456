#pragma once

// Which of several findings on the same bytes stays, when some of them were decoded from those bytes.
//
// Of specific rules the one that sees the bytes as they are goes first: a JSON Web Token is that, whatever its
// payload says. Generic rules come after all specific ones, and of them the decoded one goes first: what is
// encoded is the secret, its encoding a blob. Then Certain before Plausible, longer before shorter, rule order.

#include <cstdint>
#include <vector>

#include "detect/detector.h"
#include "detect/rule.h"
#include "scan/decoded_text.h"

namespace tightship::scan {

struct Claim {
  Stretch place;
  std::uint16_t rule = 0;
  detect::Verdict verdict = detect::Verdict::Plausible;
  std::uint32_t length = 0;   // of the value
  std::uint32_t reading = 0;  // 0: the bytes as they are; else the number of a decoded text
  bool decoded = false;       // false also for what stands as it is between escapes
};

// One answer for each claim: whether it stays. Claims of one reading never stand against one another.
// O(n log n) where places are short.
std::vector<bool> settle_claims(const detect::RuleSet& rules, const std::vector<Claim>& claims);

}  // namespace tightship::scan
