#pragma once

// Sets of byte values, and RE2's case folding on them (Latin-1: one byte is one character).

#include <cstdint>

#include "match/pattern.h"

namespace tightship::match {

inline bool contains(const ByteClass& set, std::uint8_t byte) { return (set[byte >> 6] >> (byte & 63)) & 1; }

inline void insert(ByteClass& set, std::uint8_t byte) { set[byte >> 6] |= std::uint64_t{1} << (byte & 63); }

inline void merge(ByteClass& set, const ByteClass& other) {
  for (std::size_t i = 0; i < set.size(); ++i) set[i] |= other[i];
}

inline ByteClass complement(ByteClass set) {
  for (std::uint64_t& word : set) word = ~word;
  return set;
}

// The other case of `byte`, or `byte` itself. Beyond ASCII as Latin-1 has it, because RE2 does so.
inline std::uint8_t other_case(std::uint8_t byte) {
  const bool ascii = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  const bool latin = byte >= 0xC0 && byte <= 0xFE && byte != 0xD7 && byte != 0xF7 && byte != 0xDF;
  return ascii || latin ? static_cast<std::uint8_t>(byte ^ 0x20) : byte;
}

inline void insert_range(ByteClass& set, unsigned first, unsigned last, bool caseless) {
  for (unsigned byte = first; byte <= last; ++byte) {
    insert(set, static_cast<std::uint8_t>(byte));
    if (caseless) insert(set, other_case(static_cast<std::uint8_t>(byte)));
  }
}

inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace tightship::match
