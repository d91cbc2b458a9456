#include "lint/key_index.h"

#include <bit>
#include <functional>

namespace tightship::lint {

// The slot that holds the key, or the free one where it belongs.
std::size_t KeyIndex::slot_of(std::string_view key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(key)&mask;
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].key != key) slot = (slot + 1) & mask;
  return slot;
}

KeyIndex::KeyIndex(std::span<const EnvEntry> entries)
    : entries_(entries), slots_(std::bit_ceil(entries.size() * 2 + 1)), before_(entries.size(), kNone) {
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    std::uint32_t& slot = slots_[slot_of(entries[i].key)];
    if (slot != 0) {
      before_[i] = slot - 1;
      unique_ = false;
    }
    slot = i + 1;
  }
}

std::uint32_t KeyIndex::last(std::string_view key) const {
  return slots_.empty() ? kNone : slots_[slot_of(key)] - 1;  // 0 - 1 is kNone
}

}  // namespace tightship::lint
