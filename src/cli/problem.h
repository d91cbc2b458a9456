#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "detect/rule_file.h"

namespace tightship::cli {

// Draws every problem of the file on stderr; returns how many are errors.
std::size_t draw_problems(const detect::RuleFile& file);
// The same for a file of another kind.
std::size_t draw_problems(const std::string& path, const std::vector<detect::Problem>& problems);

}  // namespace tightship::cli
