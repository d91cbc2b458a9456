#pragma once

// What may be encoded in a text as one: a run of base64 digits (hexadecimal ones are among them), or runs on lines
// that follow one another, as encoders wrap them.
//
// Two runs are linked when a line end with blanks around it is all that is between them, the first has at least
// kMinWrapped digits, a multiple of four, and the second has no more than the first: lines are full but for the
// last. Links look at the two runs alone, so that what is linked can be told from any place of it.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "scan/decoded_text.h"

namespace tightship::scan {

inline constexpr std::uint32_t kMinWrapped = 32;
inline constexpr std::uint32_t kMaxIndent = 64;  // blanks on either side of a line end

struct RunChain {
  std::vector<Stretch> runs;
  // Bytes before the first and behind the last run that decided that there is no more to it: one more than the
  // text has, where its end decided.
  std::uint32_t reach_before = 0, reach_after = 0;
};

// The run of base64 digits that `at`, a digit, belongs to.
Stretch run_around(Bytes text, std::uint32_t at);

// The chain that the run belongs to.
void chain_around(Bytes text, Stretch run, RunChain& out);

}  // namespace tightship::scan
