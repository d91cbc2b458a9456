#pragma once

// Pack indexes (gitformat-pack(5), "Version 1/2 pack-*.idx files"): object names, sorted, and
// where each lies in the pack.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/oid.h"
#include "base/result.h"

namespace tightship::git {

inline constexpr std::uint32_t kMaxPackObjects = 1u << 30;

// Position i (0..count) is the i-th smallest oid. Immutable; thread-safe.
class PackIndex {
 public:
  // Maps and checks the shape: size, fan-out table, large offsets. Oids and offsets are the file's
  // word; whoever uses an offset checks it. Fails with NotFound, Io, Corrupt, or Unsupported.
  static Result<PackIndex> open(const std::string& path, HashKind hash);
  static Result<PackIndex> parse(Bytes content, HashKind hash);  // `content` must outlive it
  // An index made from (oid, offset) pairs, for a pack whose own is damaged.
  static PackIndex from_entries(std::vector<std::pair<Oid, std::uint64_t>> entries, HashKind hash);

  std::uint32_t count() const { return count_; }
  Bytes oid(std::uint32_t position) const { return {oids_ + std::size_t{position} * oid_stride_, oid_size_}; }
  std::uint64_t offset(std::uint32_t position) const;
  std::optional<std::uint32_t> find(Bytes oid) const;
  std::size_t oid_bytes() const { return oid_size_; }

 private:
  std::uint32_t fanout(std::size_t byte) const;

  MappedFile file_;
  std::vector<std::uint8_t> own_;
  const std::uint8_t* fanout_ = nullptr;
  const std::uint8_t* oids_ = nullptr;
  std::size_t oid_size_ = 20, oid_stride_ = 20;
  const std::uint8_t* offsets_ = nullptr;  // 4 bytes each, big-endian
  std::size_t offset_stride_ = 4;
  const std::uint8_t* large_ = nullptr;  // 8 bytes each, big-endian
  std::uint32_t large_count_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace tightship::git
