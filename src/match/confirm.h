#pragma once

// Does a pattern match around one anchor? The semantics are in match/engine.h.

#include <optional>
#include <string_view>

#include "match/re2_pattern.h"
#include "match/compiled.h"

namespace tightship::match {

// Starts that are worth trying: [first, last].
struct Starts {
  std::uint32_t first = 0, last = 0;
};

// The starts in `data` from which `use` could have its literal at `position`, narrowed from both
// ends by the pattern's leading byte classes, when the bytes that it requires are there. None: no match here, and RE2 was not asked.
std::optional<Starts> possible_starts(Bytes data, std::uint32_t position, const Use& use,
                                      const Compiled& tables);

// The leftmost match from `starts` that reaches to the literal's end. Looks at nothing but
// [first - 1, last + max_width + 1).
std::optional<GroupedMatch> leftmost_match(Bytes data, Starts starts, std::uint32_t literal_end,
                                           const CompiledPattern& pattern, const Compiled& tables,
                                           const Re2Pattern& re2);

}  // namespace tightship::match
