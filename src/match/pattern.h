#pragma once

// What can be known of a regular expression before it is run: how wide its matches are, and which
// fixed literals every match must contain. Reads the syntax of RE2 (re2/doc/syntax.txt).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::match {

inline constexpr std::size_t kMaxAnchorWidth = 8;
inline constexpr std::uint32_t kMaxMatchWidth = 16 * 1024;  // bytes; a wider pattern is refused
inline constexpr std::size_t kMaxPrefix = 32;

// A literal that a match must contain, `min_offset..max_offset` bytes after the match's start.
struct AnchorLiteral {
  std::string bytes;      // 3..kMaxAnchorWidth bytes; lower case when caseless
  bool caseless = false;  // ASCII only
  std::uint32_t min_offset = 0;
  std::uint32_t max_offset = 0;
  friend bool operator==(const AnchorLiteral&, const AnchorLiteral&) = default;
};

using ByteClass = std::array<std::uint64_t, 4>;  // one bit a byte value

// A byte that every match has behind its anchor: the '@' of a URL with a password.
struct Required {
  ByteClass set{};
  ByteClass through{};                           // between it and the anchor stand only these
  std::uint32_t min_offset = 0, max_offset = 0;  // of the byte, from the match's start
  friend bool operator==(const Required&, const Required&) = default;
};
inline constexpr std::size_t kMaxRequired = 2;

// How a pattern is looked for.
enum class Way : std::uint8_t {
  Window,  // at its anchors, in a window of fixed width
  Open,    // the same; where a repeat without an upper bound goes on, in all of the data
  Search,  // in all of the data that has one of its literals; it has none that a match must contain
  Never,   // a rule without an expression
};

struct PatternInfo {
  Way way = Way::Window;
  std::uint32_t min_width = 0;  // bytes of a match, look-around not counted
  std::uint32_t max_width = 0;
  // Every match contains at least one of these at its offset. Never empty. With Way::Search the literals
  // one of which must be somewhere in the data; empty: none must.
  std::vector<AnchorLiteral> anchors;
  // The classes of the leading bytes of every match: byte i of a match is in prefix[i], over all ways
  // to match. At most kMaxPrefix and min_width. A necessary condition, tested before RE2.
  std::vector<ByteClass> prefix;
  // The rarest bytes that a match needs, at most kMaxRequired, rarest first. Tested before RE2, too.
  std::vector<Required> required;
};

// Chooses anchors itself, unless `wanted` names them (each must then really be required by the
// pattern in the sense above).
// `^`, `$`, `\A` and `\z` mean the ends of the data (or of a line, under (?m)).
// Fails with Config; `where` is "byte N" of the expression, counted from 0. Reasons: not RE2's
// syntax, a repeat without an upper bound, wider than kMaxMatchWidth, no usable literal.
Result<PatternInfo> analyse_pattern(std::string_view regex, const std::vector<std::string>& wanted = {});

// The same for any expression that RE2 takes: the last three of those reasons, and what our reader of
// expressions does not know, only make it slower (see Way). `keywords`: the data of a match contains one
// of them, in any case of its letters; used where the expression itself has no literal.
Result<PatternInfo> analyse_any_pattern(std::string_view regex, const std::vector<std::string>& wanted,
                                        const std::vector<std::string>& keywords);

}  // namespace tightship::match
