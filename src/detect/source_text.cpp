#include "detect/source_text.h"

#include <algorithm>
#include <vector>

namespace tightship::detect {
namespace {

constexpr std::size_t kMaxName = 40;  // edit distance is quadratic

bool is_continuation(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

// Bytes before code point `column` (1-based) of a line.
std::uint32_t byte_column(std::string_view line, std::uint32_t column) {
  std::size_t i = 0;
  for (std::uint32_t point = 1; point < column && i < line.size(); ++point) {
    ++i;
    while (i < line.size() && is_continuation(line[i])) ++i;
  }
  return static_cast<std::uint32_t>(i);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = diagonal + ((a[i - 1] | 32) == (b[j - 1] | 32) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::size_t SourceLines::offset(std::uint32_t number) const {
  if (begins_.empty()) begins_.push_back(0);
  while (begins_.size() < number) {
    const std::size_t end = text_.find('\n', begins_.back());
    if (end == std::string_view::npos) return text_.size();
    begins_.push_back(end + 1);
  }
  return begins_[std::max(number, 1u) - 1];
}

std::string_view SourceLines::line(std::uint32_t number) const {
  std::string_view rest = text_.substr(offset(number));
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

FilePlace SourceLines::place(std::uint32_t first, std::uint32_t column, std::uint32_t end_line,
                             std::uint32_t end_column) const {
  const std::string_view source = line(first);
  const std::uint32_t begin = byte_column(source, column);
  const std::uint32_t end =
      end_line == first ? byte_column(source, end_column) : static_cast<std::uint32_t>(source.size());
  return {first, begin + 1, std::max(end, begin + 1) - begin};
}

FilePlace place_of_offset(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  return {line, static_cast<std::uint32_t>(offset - SourceLines(text).offset(line) + 1), 1};
}

FilePlace place_in_value(std::string_view text, const FilePlace& value, std::size_t index) {
  const SourceLines lines(text);
  std::size_t at = lines.offset(value.line) + value.column - 1;
  const std::string_view raw = text.substr(std::min(at, text.size()));
  std::size_t skip = raw.starts_with("'''") || raw.starts_with("\"\"\"") ? 3 : 1;
  if (skip == 3 && raw.substr(3).starts_with("\r\n")) ++skip;
  if (skip > 2 && raw.substr(skip).starts_with("\n")) ++skip;  // TOML drops it
  const bool escapes = raw.starts_with('"') && raw.substr(skip, index).find('\\') != std::string_view::npos;
  if (escapes || skip + index > raw.size()) return value;
  at += skip + index;
  return place_of_offset(text, at);
}

std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names) {
  std::string_view best;
  if (word.size() > kMaxName) return best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t distance = edit_distance(word, name);
    if (distance < best_distance) best = name, best_distance = distance;
  }
  return best;
}

}  // namespace tightship::detect
