#pragma once

// JSON as people write it into configuration files (JSONC: comments, commas at the end, a byte order mark) as a
// tree (lint/tree.h). nlohmann/json reads it.

#include <string>
#include <string_view>

#include "base/result.h"
#include "lint/tree.h"

namespace tightship::lint {

// Fails with Config (where: "line N") for what is no JSON, with Limit for what is too large or too deep.
Result<Node> parse_json(std::string_view text);

// The same text with blanks for comments and for commas before a closing bracket; all other offsets, and line
// ends, stay. Pure, linear.
std::string blank_comments(std::string_view text);

}  // namespace tightship::lint
