#pragma once

// Which characters the codes of a PDF's font stand for, and how codes lie in a string.
//
// Source: ISO 32000-1, 9.7.5 (CMaps), 9.10.3 (ToUnicode), Adobe Glyph List.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::unpack {

// A character; ligatures and blanks of another width as the ASCII that they are written with.
void append_character(std::uint32_t code_point, std::string& out);

// Of a glyph's name without its slash ("underscore", "uni005F", "a.sc"); 0 when that is not known.
std::uint32_t character_of_glyph(std::string_view name);

class PdfCharacterMap {
 public:
  // Reads bfchar, bfrange and codespacerange, and of a font's own CMap cidchar and cidrange. A character of one code is cut behind kMaxUnits UTF-16 units.
  // O(cmap log cmap).
  static PdfCharacterMap read(std::string_view cmap);

  bool empty() const { return ranges_.empty(); }
  // False when the code has no character.
  bool append(std::uint32_t code, std::string& out) const;
  // What a cidchar or cidrange says of it: the number of its glyph.
  std::optional<std::uint32_t> number(std::uint32_t code) const;
  // Bytes of the code that `codes` begins with, by the code spaces; 0 when it is in none.
  std::size_t code_size(std::string_view codes) const;
  bool has_spaces() const { return !spaces_.empty(); }

 private:
  static constexpr std::size_t kMaxUnits = 16;
  static constexpr std::size_t kMaxSpaces = 64;
  struct Range {
    std::uint32_t first, last;
    std::uint32_t character;             // of the first one; of later ones so many further
    std::uint32_t before = 0, size = 0;  // characters in front of it, in before_
  };
  struct Space {
    std::uint32_t low, high;
    std::size_t size;
  };
  const Range* range_of(std::uint32_t code) const;
  void add(std::uint32_t first, std::uint32_t last, std::string_view written);
  void add_range(std::string_view first, std::string_view last, std::string_view written);

  std::vector<Range> ranges_;  // by their first code
  std::vector<Space> spaces_;
  std::string before_;
};

}  // namespace tightship::unpack
