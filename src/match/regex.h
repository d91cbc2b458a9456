#pragma once

// A regular expression as a tree of byte classes. Reads the syntax of RE2 (re2/doc/syntax.txt) for
// Latin-1, so that one byte is one character; what RE2 knows and this reader does not is refused.
//
// Refused on purpose: unbounded repeats (a verdict must not depend on bytes outside of a bounded
// window), Unicode classes, and characters beyond ASCII in a class. Conditions without width (\b, ^,
// $, \A, \z) look at most one byte past a match, or see that the data ends there.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/byte_class.h"

namespace tightship::match::regex {

inline constexpr std::size_t kMaxExpression = 8 * 1024;  // bytes
inline constexpr std::size_t kMaxNesting = 200;          // groups
inline constexpr std::uint32_t kMaxGroups = 64;          // that capture
inline constexpr std::uint32_t kRe2MaxRepeat = 1000;     // larger ones are written out, see Tree::re2

enum class Kind : std::uint8_t { Empty, Class, Concat, Alternate, Repeat };

struct Node {
  Kind kind = Kind::Empty;              // Empty: nothing, or a condition without width
  std::uint32_t byte = 0;               // where it begins in the expression
  ByteClass set{};                      // Class
  std::uint32_t min = 0, max = 0;       // Repeat
  std::vector<std::uint32_t> children;  // indices of nodes, always smaller than the node's own
};

struct Tree {
  std::vector<Node> nodes;  // the root is the last
  std::uint32_t groups = 0;
  // The expression as RE2 takes it: repeats of a class beyond kRe2MaxRepeat are split, x{5,1500}
  // becomes x{5,1000}x{0,500}, which matches the same in the same order of preference.
  std::string re2;
};

// Fails with Config; `where` is "byte N", counted from 0. O(expression.size()).
Result<Tree> parse(std::string_view expression);

tl::unexpected<Error> fail_at(std::size_t byte, std::string what, std::string help = {});

}  // namespace tightship::match::regex
