#pragma once

// The name of a git object: 20 bytes (SHA-1) or 32 (SHA-256). Plain value, no allocation.

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace tightship {

enum class HashKind : std::uint8_t { Sha1, Sha256 };

constexpr std::size_t oid_size(HashKind kind) { return kind == HashKind::Sha1 ? 20 : 32; }

struct Oid {
  std::array<std::uint8_t, 32> bytes{};  // the tail of a SHA-1 is zero
  std::uint8_t size = 20;

  // `raw` is 20 or 32 bytes, as in a pack index or a tree.
  static Oid from_raw(Bytes raw) {
    Oid oid;
    oid.size = static_cast<std::uint8_t>(std::min<std::size_t>(raw.size(), 32));
    std::memcpy(oid.bytes.data(), raw.data(), oid.size);
    return oid;
  }
  // 40 or 64 hexadecimal digits of either case; nothing else is accepted.
  static std::optional<Oid> from_hex(std::string_view hex);

  Bytes raw() const { return {bytes.data(), size}; }
  std::string hex() const;
  std::string short_hex() const { return hex().substr(0, 7); }
  bool is_zero() const;
  // The first eight bytes as a number: a good hash, since oids are uniformly random.
  std::uint64_t prefix64() const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  friend bool operator==(const Oid&, const Oid&) = default;
  friend auto operator<=>(const Oid&, const Oid&) = default;
};

}  // namespace tightship

template <>
struct std::hash<tightship::Oid> {
  std::size_t operator()(const tightship::Oid& oid) const noexcept { return oid.prefix64(); }
};
