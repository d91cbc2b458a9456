#pragma once

// Where in a content something may be encoded, at a cost that is paid for every byte that is searched.
//
// A hint is a place that is looked at more closely; what follows from it does not depend on how many hints
// lead to it, nor on where a search began. They are
//   - the first of kMinGroups groups of four base64 digits, side by side at any alignment, each of which
//     decodes to three bytes as text has them: a quarter of what is encoded has the top bit clear, which
//     code, names and hashes do not keep up for five groups;
//   - the first of kMinWide times two groups that decode to text in UTF-16, every second byte a NUL;
//   - the first of kMinPairs pairs of hexadecimal digits of which each may be a letter, digit or sign;
//   - the first digits of gzip and zlib, in base64 or hexadecimal, behind a byte that is no such digit;
//   - escapes that may hide a token (scan/escapes.h).
// What a hint is for is told by its first byte: that of an escape is no digit. Each but those has kMinDigits digits
// of the standard alphabet side by side, '-' and '_' being too frequent in names.

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace tightship::scan {

// The value of a base64 digit, of either alphabet; kNoDigit for every other byte.
inline constexpr std::uint8_t kNoDigit = 0xFF;
extern const std::array<std::uint8_t, 256> kBase64Digits;
inline bool is_base64_digit(std::uint8_t byte) { return kBase64Digits[byte] != kNoDigit; }

inline constexpr std::uint32_t kMinDigits = 20;
inline constexpr std::uint32_t kMinGroups = 5;  // 15 bytes
inline constexpr std::uint32_t kMinWide = 4;    // 12 characters
inline constexpr std::uint32_t kMinPairs = 10;

// Whether four digits decode to text (a group), as far as the first three tell.
bool is_text_group(const std::uint8_t* digits);
// Whether eight digits decode to a NUL, a character of ASCII, a NUL, a character, a NUL and a character.
bool are_wide_groups(const std::uint8_t* digits);

// Whether kMinGroups groups begin at `at`.
bool begins_text(Bytes data, std::size_t at);
bool begins_wide_text(Bytes data, std::size_t at);
// Whether base64, or hexadecimal digits, of packed data begin at `at`.
bool begins_packed(Bytes data, std::size_t at);
bool begins_packed_hex(Bytes data, std::size_t at);

// Bytes that decide whether a hint begins at a place, at most: from it on, of digits and of all, and before it.
inline constexpr std::uint32_t kDigitsReach = 32, kHintReach = 135;
inline constexpr std::uint32_t kHintBefore = 16;

// The first hint that begins in [from, end); data.size() when there is none. `data` is at most 2^32 - 1 bytes.
// O(distance); about a tenth of a nanosecond a byte with AVX2, about one without.
std::size_t find_hint(Bytes data, std::size_t from, std::size_t end);

// False only where no hint needs one of the bytes [from, to), or stands there; most often for what a delta changes in
// code. Some nanoseconds.
bool may_have_hint_at(Bytes data, std::size_t from, std::size_t to);

// How many bytes of tokens (scan/escapes.h) end at `at`, and begin there: at most kDigitsReach.
std::uint32_t tokens_before(Bytes data, std::size_t at);
std::uint32_t tokens_from(Bytes data, std::size_t at);

// The same as find_hint without AVX2, for tests on machines that have it.
std::size_t find_hint_portably(Bytes data, std::size_t from, std::size_t end);

}  // namespace tightship::scan
