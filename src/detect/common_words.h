#pragma once

// Words that names, messages and made-up passwords are put together from.

#include <cstddef>
#include <string_view>

namespace tightship::detect {

// How many characters of `lower` (lower case already) common words of at least three letters cover,
// longest first from the left.
std::size_t covered_by_words(std::string_view lower);

}  // namespace tightship::detect
