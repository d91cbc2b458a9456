#pragma once

// Foreign bytes made safe for a terminal. Everything that comes from a repository or a file passes
// here before it is printed as text.
//
// What comes out is valid UTF-8 in which every character is visible and moves the cursor to the
// right: no control character, no escape sequence, no line break, nothing that reorders or hides its
// neighbours. What goes in may be any bytes. Replaced are, visibly:
//   control characters (C0, DEL, C1)     \n \r \t \x1b \x7f \u{9b}
//   invisible and bidi characters        \u{202e} \u{200b} \u{feff}
//   bytes that are no UTF-8              \xff
//   marks without a base, or more than kMaxMarks on one: \u{301}
// A backslash stays as it is, so the text is for reading, not for parsing back.
//
// Pure functions, linear in their input, independent of the locale.

#include <cstddef>
#include <string>
#include <string_view>

namespace tightship {

inline constexpr unsigned kMaxMarks = 4;
inline constexpr std::size_t kTabStop = 4;

// One line of text whatever `raw` holds.
std::string terminal_text(std::string_view raw);

// Columns that terminal_text(raw) takes.
std::size_t display_width(std::string_view raw);

// terminal_text, cut to `width` columns: the tail is replaced by `…`. Of a path the head is cut.
std::string cut_right(std::string_view raw, std::size_t width);
std::string cut_left(std::string_view raw, std::size_t width);

// A source line as it is drawn, and the columns (0-based, end exclusive) of its focus.
struct LineView {
  std::string text;
  std::size_t begin = 0, end = 0;
};

// Draws the line `raw` in at most `width` columns with the bytes [begin, end) of `raw` in sight. Tabs
// become spaces up to the next multiple of kTabStop, a line end at the end is dropped; what does not
// fit is cut on either side with `…`, at the end of the focus only when the focus alone is too wide.
// A focus that begins or ends inside a character covers all of it. An empty focus, and one of
// characters without width, covers one column, which may be the one after the text.
// begin and end are brought into the line when they are not; a width under kMinLineWidth counts as it.
inline constexpr std::size_t kMinLineWidth = 16;
LineView terminal_line(std::string_view raw, std::size_t begin, std::size_t end, std::size_t width);

}  // namespace tightship
