#pragma once

#include <string_view>

namespace tightship::detect {

// Bits a character, as gitleaks counts: of UTF-8 characters, over the length in bytes.
double gitleaks_entropy(std::string_view text);

}  // namespace tightship::detect
