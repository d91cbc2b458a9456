#pragma once

// Unicode facts that showing foreign text on a terminal needs: where a character ends, how many
// columns it takes, whether it can be seen at all. Data: Unicode 14 (general categories Mn and Me,
// East_Asian_Width W and F, Default_Ignorable_Code_Point). Independent of the locale.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tightship {

struct CodePoint {
  char32_t value = 0;     // of an invalid sequence: its first byte
  std::uint8_t size = 1;  // bytes
  bool valid = false;     // shortest form, no surrogate, at most U+10FFFF
};

// The character at `offset`, which is inside `text`. An invalid sequence is one byte long.
CodePoint decode_utf8(std::string_view text, std::size_t offset);

bool is_valid_utf8(std::string_view text);

enum class Glyph : std::uint8_t {
  Narrow,     // one column
  Wide,       // two columns: CJK, emoji
  Mark,       // none: drawn onto the character before
  Control,    // C0, DEL, C1
  Invisible,  // reorders its neighbours or draws nothing: bidi controls, zero-width, fillers, tags
};
Glyph glyph_of(char32_t value);

}  // namespace tightship
