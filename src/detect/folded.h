#pragma once

// Base64 that stands on several lines, as people fold keys in YAML: `key: >-`, `key: |`, or a plain value that goes on
// on the next line. It is one value, from its first digit to its last.

#include <string>
#include <string_view>

namespace tightship::detect {

// The value that `text` begins with: a line of at least 32 base64 digits (of either alphabet) and lines behind it that
// are indented and hold nothing but such digits, each no longer than the first, the last one perhaps with padding.
// A line behind the first must look encoded: a digit or sign in it, or 20 characters. At most 16 lines; empty when
// there are fewer than two. O(size of the value).
std::string_view folded_value(std::string_view text);

// Whether `secret` is such a value and nothing else.
bool is_folded(std::string_view secret);

// The value on one line; `secret` as it is when it is not folded.
std::string unfolded(std::string_view secret);

// What stands on its first line when it is folded, else all of it.
std::string_view first_fold(std::string_view secret);

}  // namespace tightship::detect
