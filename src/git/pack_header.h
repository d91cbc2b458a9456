#pragma once

// Headers of pack entries.

#include <cstdint>

#include "base/bytes.h"
#include "git/object.h"

namespace tightship::git {

struct EntryHeader {
  unsigned type = 0;                // 1-4 as ObjectType, 6 offset delta, 7 reference delta
  std::uint64_t size = 0;           // inflated
  std::uint32_t length = 0;         // bytes of the header, base reference included
  std::uint64_t base_distance = 0;  // offset delta: bytes back from this entry
  Bytes base_oid;                   // reference delta
};
inline constexpr unsigned kOffsetDelta = 6, kReferenceDelta = 7;

// Reads the header at the start of `bytes`. False when it is cut off, its numbers overflow, or its
// type does not exist.
bool read_entry_header(Bytes bytes, std::size_t oid_size, EntryHeader& header);

}  // namespace tightship::git
