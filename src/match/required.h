#pragma once

// Bytes that a match must have behind its anchor, as far as the tree of an expression shows them.

#include <vector>

#include "match/literal_set.h"
#include "match/pattern.h"
#include "match/regex.h"

namespace tightship::match {

// The rarest first; rare by a table of how often bytes stand in source code. Bytes that half of all lines
// have are left out: testing them would cost more than it saves.
// `anchors` are of the same tree.
std::vector<Required> find_required(const regex::Tree& tree, const AnchorChoice& anchors);

}  // namespace tightship::match
