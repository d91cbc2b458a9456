#pragma once

// What must follow an anchor, as an expression of its own.
//
// An expression with a variable part before its literal (`[\w.-]{0,50}key...`) has many possible starts at
// each anchor, and RE2 tries them all before it can say no. What comes behind the literal says no after a
// byte or two, from one start.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "match/pattern.h"

namespace tightship::match {

// Matches at the end of every anchor that a match of `regex` has; empty when the expression does not show
// where its anchors end, or nothing follows them. A necessary condition: what has no width is left out,
// and so is everything behind a repeat without an upper bound. Its matches are no wider than those of the
// expression. `wanted` as for analyse_pattern.
std::string behind_expression(std::string_view regex, const std::vector<std::string>& wanted);

// A repeated class in front of the part that the anchors are in, taken as seldom as can be: `[\w.-]{0,50}?`.
// Any number of its bytes may stand there, so that the part behind it decides alone whether there is a match.
// At each anchor the match is then: from as far to the left as the class reaches, to where the part behind
// it ends. That is more than RE2 gives, which of several anchors behind one start takes the first that fits.
struct Lead {
  ByteClass set{};
  std::uint32_t max = 0;  // the most that a match takes of them
  std::string rest;       // the expression without it; its groups have the same numbers
};
std::optional<Lead> find_lead(std::string_view regex, const std::vector<std::string>& wanted);

// Literals of which every match of `regex` has one at its offset, made from `keywords`; empty when it need
// not have any of them, or when they are the anchors anyway.
std::vector<AnchorLiteral> find_needed(std::string_view regex, const std::vector<std::string>& wanted,
                                       const std::vector<std::string>& keywords);

}  // namespace tightship::match
