#pragma once

// Text with characters written as escapes: backslashes as in JSON and in the string literals of most languages,
// and percent signs as in URLs. Where it is worth undoing, how far, and what then stands there.
//
// Most of what is escaped can be read as it stands, so only an escape that may hide a token is a hint: one behind
// which a token may begin (a rule that asks for the begin of a word does not see it behind the `n` of "\n", or
// behind "%3D"; a quote that is expected is `\"`), or one inside of a token ("\/", "%2F", "\u002b"). A token is
// kMinToken bytes of the kind that tokens have side by side, escapes undone; of an escape inside of one what stands
// before it counts as well.
//
// Hints of one kind that stand on one line, no further apart than kMaxGap, belong to one piece, with kAround bytes
// of their line before and behind.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "scan/decoded_text.h"

namespace tightship::scan {

inline constexpr std::uint32_t kMinToken = 16;
inline constexpr std::uint32_t kMaxBackslashes = 15;  // side by side: "\"" escaped four times
inline constexpr std::uint32_t kMaxGap = 512;
inline constexpr std::uint32_t kAround = 256;
inline constexpr std::uint32_t kMaxTail = 4096;  // bytes of a token behind the last hint
static_assert(kMaxGap >= 2 * kAround);           // so that pieces lie side by side, but for such tails

// Bytes of tokens and of assignments without blanks, escapes included.
inline constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> bytes{};
  for (unsigned c = '0'; c <= '9'; ++c) bytes[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) bytes[c] = bytes[c | 0x20u] = true;
  for (const char c : std::string_view("_-./+=:@~\\%")) bytes[static_cast<unsigned char>(c)] = true;
  return bytes;
}();

// Whether a hint begins at `at`: at the first of several backslashes, or at a percent sign. Looks at
// kMinToken bytes before `at` and at fewer than kEscapeReach from it on.
bool begins_escape(Bytes data, std::size_t at);
inline constexpr std::uint32_t kEscapeReach = kMaxBackslashes + 12 + 6 * kMinToken + 12;

struct EscapedPiece {
  Stretch text;
  std::uint32_t last = 0;  // hint
  // Bytes before and behind it that decided that there is no more to it, as in RunChain.
  std::uint32_t reach_before = 0, reach_after = 0;
};

// The piece of the hint at `at`. O(size of the piece).
EscapedPiece piece_around(Bytes text, std::uint32_t at);

// `piece` with its escapes of `coding` (Backslash, Percent) undone, those within escapes left. What is no escape
// stays as it is. At most `limit` bytes come out.
DecodedText decode_escapes(Bytes text, Stretch piece, Coding coding, std::size_t limit);

}  // namespace tightship::scan
