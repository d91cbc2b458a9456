#pragma once

// Offsets of a text as lines and columns.

#include <string_view>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

class Lines {
 public:
  explicit Lines(std::string_view text);
  // 1-based; of an offset behind the end: of the end. O(log lines).
  At at(std::size_t offset) const;

 private:
  std::size_t size_;
  std::vector<std::size_t> starts_;
};

}  // namespace tightship::lint
