#pragma once

// Which lines of an env file set a name: a table of hashes over the entries of one file, so that questions about
// names cost the same in a file of 20 000 keys.
//
// Holds no copy of names: the entries must outlive it where they are (moving their vector leaves them there). O(number of entries) to make, one allocation each for
// the table and the links (std::unordered_map takes one for every name: 2 ms for 20 000). Immutable; thread-safe.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lint/dotenv.h"

namespace tightship::lint {

class KeyIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  KeyIndex() = default;
  explicit KeyIndex(std::span<const EnvEntry> entries);

  // Number of the last entry of that name, which is the one that counts; kNone without one.
  std::uint32_t last(std::string_view key) const;
  // Whether no name is set twice.
  bool unique() const { return unique_; }
  // The entry of the same name before the one with that number, or kNone.
  std::uint32_t before(std::uint32_t entry) const { return before_[entry]; }

 private:
  std::size_t slot_of(std::string_view key) const;

  std::span<const EnvEntry> entries_;
  std::vector<std::uint32_t> slots_;   // a power of two of them, at most half of them taken; entry + 1, or 0
  std::vector<std::uint32_t> before_;  // by entry
  bool unique_ = true;
};

}  // namespace tightship::lint
