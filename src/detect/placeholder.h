#pragma once

// Values that stand for a secret: "xxxxxxxx", "your_api_key", "1234567890abcdef", "...EXAMPLE".

#include <string_view>

namespace tightship::detect {

// Whether the random part of a token (its fixed prefix taken off) was written by a person as a
// stand-in. True for: nothing but one or two characters; a run of filling characters; a short text
// repeated; counting and keyboard sequences that make up at least half of it; words such as
// "example" or "changeme". A random token of at least 16 characters passes but for one in 10^5.
//
// O(size). Values over 512 bytes are structures with checks of their own: never a placeholder.
bool is_placeholder(std::string_view random_part);

// Whether the random part is the base64 of a sentence: at least 16 letters, blanks and dashes. For tokens that
// their vendor draws, where chance does not spell; what a person encodes may be a password.
bool spells_text(std::string_view random_part);

}  // namespace tightship::detect
