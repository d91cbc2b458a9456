#pragma once

// Literals of two bytes, sixteen positions a step. Expressions such as `SK[0-9a-f]{32}` have nothing better.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "match/engine.h"

namespace tightship::match {

// Appends the anchors of `literal`, of two bytes (lower case when caseless), by position.
void find_short_literal(Bytes data, std::string_view literal, bool caseless, std::uint16_t id,
                        std::vector<Anchor>& out);

}  // namespace tightship::match
