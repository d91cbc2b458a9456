#pragma once

#include <cstddef>

#include "detect/rule_file.h"

namespace tightship::cli {

// Draws every problem of the file on stderr; returns how many are errors.
std::size_t draw_problems(const detect::RuleFile& file);

}  // namespace tightship::cli
