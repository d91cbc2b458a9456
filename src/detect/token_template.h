#pragma once

// Templates of tokens, so that no literal token stands in the tree: `ghp_{base62:30}{crc32-base62}`
// is expanded by a seeded generator. Used by rule files, tests, fixtures, docs and benchmarks.
// Grammar and the list of parts: docs/formats/templates.md.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tightship::detect {

// The same template and seed give the same bytes everywhere. Fails with Config ("unknown part ...").
Result<std::string> expand_template(std::string_view text, std::uint64_t seed);

}  // namespace tightship::detect
