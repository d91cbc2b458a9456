#pragma once

// TOML as a tree (lint/tree.h); toml++ reads the text.

#include <string_view>

#include "base/result.h"
#include "lint/tree.h"

namespace tightship::lint {

// Fails with Config (where: "line N") for what is no TOML, with Limit for what is too large or too deep.
Result<Node> parse_toml(std::string_view text);

}  // namespace tightship::lint
