#pragma once

// Places in the text of a rule file, and names that were meant.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rule_file.h"

namespace tightship::detect {

// Lines of a text. Views only: the text must outlive it.
// For one thread.
class SourceLines {
 public:
  explicit SourceLines(std::string_view text) : text_(text) {}

  // Line `number` (1-based) without its end; empty when there is none.
  std::string_view line(std::uint32_t number) const;
  // Offset of the line's first byte; the text's size when there is none.
  std::size_t offset(std::uint32_t number) const;
  // From the parser's lines and columns, which count code points.
  FilePlace place(std::uint32_t line, std::uint32_t column, std::uint32_t end_line, std::uint32_t end_column) const;

 private:
  std::string_view text_;
  mutable std::vector<std::size_t> begins_;  // of lines, up to the furthest that was asked for; empty at first
};

FilePlace place_of_offset(std::string_view text, std::size_t offset);

// The place of byte `index` of the string value at `value` (its opening quote): exact for literal
// strings and for basic ones without escapes, else the value itself.
FilePlace place_in_value(std::string_view text, const FilePlace& value, std::size_t index);

// The name at the smallest edit distance to `word`, at most a third of its length; else empty.
std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names);

}  // namespace tightship::detect
