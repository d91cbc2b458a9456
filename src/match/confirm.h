#pragma once

// Does a pattern match around one anchor? The semantics are in match/engine.h.

#include <optional>
#include <string_view>

#include "match/behind.h"
#include "match/compiled.h"
#include "match/re2_pattern.h"

namespace tightship::match {

// Starts that are worth trying: [first, last].
struct Starts {
  std::uint32_t first = 0, last = 0;
};

// Whether the data has room for a match of `use` with its literal, of `width` bytes, at `position`, and the bytes that
// the pattern requires. A few bytes behind the literal mostly say no.
bool may_match(Bytes data, std::uint32_t position, std::uint32_t width, const Use& use, const Compiled& tables);

// The starts in `data` from which `use` could have its literal at `position`, where it may match, narrowed from both
// ends by the pattern's leading byte classes. None: no match that has its anchor here, and RE2 was not asked.
std::optional<Starts> possible_starts(Bytes data, std::uint32_t position, const Use& use, const Compiled& tables);

// The same of a pattern with a lead (match/behind.h), which matches without it wherever it matches.
std::optional<Starts> start_behind_lead(Bytes data, std::uint32_t position, const Use& use, const Compiled& tables);

// The leftmost match from `starts` that reaches to the literal's end. Looks at nothing but
// [first - 1, last + max_width + 1).
std::optional<GroupedMatch> leftmost_match(Bytes data, Starts starts, std::uint32_t literal_end,
                                           const CompiledPattern& pattern, const Compiled& tables,
                                           const Re2Pattern& re2);

// The same of an expression without bounds: looks at all of the data from first - 1 on.
std::optional<GroupedMatch> leftmost_match_in_all(Bytes data, Starts starts, std::uint32_t literal_end,
                                                  const CompiledPattern& pattern, const Compiled& tables,
                                                  const Re2Pattern& re2);

// The match whose part behind the lead begins where the anchor says, with as much of the lead as there is.
// Looks at all of the data when `in_all`, else no further than leftmost_match.
std::optional<GroupedMatch> match_behind_lead(Bytes data, std::uint32_t position, const Use& use, std::uint32_t width,
                                              bool in_all, const CompiledPattern& pattern, const Lead& lead,
                                              const Re2Pattern& rest);

// Whether `re2`, no wider than the pattern, matches at `position`, behind an anchor.
bool follows(Bytes data, std::uint32_t position, const CompiledPattern& pattern, const Re2Pattern& re2);

// Whether one of the words is where a match from one of the starts would have it.
bool has_word(Bytes data, Starts starts, const std::vector<AnchorLiteral>& words);

// Whether any of the runs is in the window that leftmost_match looks at.
bool has_long_run(Bytes data, Starts starts, const CompiledPattern& pattern, const std::vector<regex::LongRun>& runs);

}  // namespace tightship::match
