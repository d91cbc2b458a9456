#pragma once

// Big-endian numbers in foreign bytes. The caller has checked that they are there.

#include <cstdint>
#include <cstring>

namespace tightship::git {

inline std::uint32_t read_be32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}

inline std::uint64_t read_be64(const std::uint8_t* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}

inline void write_be32(std::uint8_t* at, std::uint32_t value) {
  value = __builtin_bswap32(value);
  std::memcpy(at, &value, sizeof value);
}

inline void write_be64(std::uint8_t* at, std::uint64_t value) {
  value = __builtin_bswap64(value);
  std::memcpy(at, &value, sizeof value);
}

}  // namespace tightship::git
