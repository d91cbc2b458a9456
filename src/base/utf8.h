#pragma once

#include <cstdint>
#include <string>

namespace tightship {

// Appends a character, which is at most U+10FFFF.
void append_utf8(std::uint32_t c, std::string& out);

}  // namespace tightship
