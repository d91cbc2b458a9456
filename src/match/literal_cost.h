#pragma once

// A guess of how often a literal occurs in source code, to choose between literals before any
// corpus is seen. Only the order matters.

#include <string_view>

namespace tightship::match {

// Occurrences a megabyte. `bytes` is lower case when `caseless`.
double expected_per_megabyte(std::string_view bytes, bool caseless);

}  // namespace tightship::match
