#include "lint/lines.h"

#include <algorithm>
#include <cstring>

namespace tightship::lint {

Lines::Lines(std::string_view text) : size_(text.size()), starts_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
}

At Lines::at(std::size_t offset) const {
  offset = std::min(offset, size_);
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return {static_cast<std::uint32_t>(next - starts_.begin()), static_cast<std::uint32_t>(offset - *(next - 1) + 1)};
}

}  // namespace tightship::lint
