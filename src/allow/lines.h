#pragma once

// Lines of foreign text files.

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace tightship::allow {

// Calls use(line, number) for each line, without its end (\n or \r\n); numbers begin with 1.
template <class Use>
void each_line(std::string_view text, Use use) {
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line, number);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
}

// What git leaves where it could not merge.
inline bool is_conflict_marker(std::string_view line) {
  return line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") ||
         line.starts_with("|||||||");
}

}  // namespace tightship::allow
