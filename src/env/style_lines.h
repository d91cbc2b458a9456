#pragma once

// A file's lines as the checks of form see them, and what they ask of a line; shared by checks and fixes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::env {

struct StyleLine {
  enum class Kind : std::uint8_t { Blank, Comment, Assignment } kind = Kind::Blank;
  std::string_view text;  // without its line end; of a value over several lines all of them
  std::string_view lead;  // what stands before the key and does not belong there: blanks, "-", "."
  bool exported = false;
  std::string_view written_key;  // with what stands before it, but for blanks and "export"
  std::string_view key, value;   // trimmed; the value with its quotes and without a comment behind it
  bool has_value = false;        // there is an =
  bool spaced = false;           // blanks beside the =
  std::uint32_t number = 0;      // of its first line, 1-based
};
std::vector<StyleLine> style_lines(std::string_view text);

struct StyleSwitch {
  bool off = true;
  std::vector<std::string> names;  // empty: all checks
};
// Of a comment's line: "# dotenv-linter:off A, B".
std::optional<StyleSwitch> style_switch(std::string_view comment);

bool has_wrong_delimiter(std::string_view key);     // a character that is no letter, digit or _
bool has_needless_quotes(std::string_view value);   // quotes, and nothing in it that needs them
bool lacks_quotes(std::string_view value);          // blanks, and no quotes around them
bool has_broken_reference(std::string_view value);  // ${NAME without } and the like
// The names behind $ and in ${}, as dotenv-linter sees them; views into `value`.
std::vector<std::string_view> referred_keys(std::string_view value);

}  // namespace tightship::env
