#pragma once

// A regular expression as a tree of byte classes. Reads the syntax of RE2 (re2/doc/syntax.txt) for
// Latin-1, so that one byte is one character; what RE2 knows and this reader does not is refused.
//
// Refused on purpose: Unicode classes, and characters beyond ASCII in a class. Repeats without an upper
// bound are refused, or cut (a verdict must not depend on bytes outside of a bounded window). Conditions without width (\b, ^,
// $, \A, \z) look at most one byte past a match, or see that the data ends there.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "match/byte_class.h"

namespace tightship::match::regex {

inline constexpr std::size_t kMaxExpression = 8 * 1024;  // bytes
inline constexpr std::size_t kMaxNesting = 200;          // groups
inline constexpr std::uint32_t kMaxGroups = 64;          // that capture
inline constexpr std::uint32_t kRe2MaxRepeat = 1000;     // larger ones are written out, see Tree::re2

// How often a cut repeat goes on beyond its lower bound: of one character or class, and of a group.
inline constexpr std::uint32_t kLoopExtra = 256, kGroupLoopExtra = 16;
enum class Bounds : std::uint8_t { Required, Cut };

// A repeat of one character or class that may go on this often is left open in Tree::loose.
inline constexpr std::uint32_t kWideRepeat = 32;

enum class Kind : std::uint8_t { Empty, Class, Concat, Alternate, Repeat };

struct Node {
  Kind kind = Kind::Empty;              // Empty: nothing, or a condition without width
  std::uint32_t byte = 0;               // where it begins in the expression
  ByteClass set{};                      // Class
  std::uint32_t min = 0, max = 0;       // Repeat
  std::vector<std::uint32_t> children;  // indices of nodes, always smaller than the node's own
};

// This many bytes in a row of this class.
struct LongRun {
  ByteClass set{};
  std::uint32_t length = 0;
};

struct Tree {
  std::vector<Node> nodes;  // the root is the last
  std::uint32_t groups = 0;
  // The expression as RE2 takes it: repeats of a class beyond kRe2MaxRepeat are split, x{5,1500}
  // becomes x{5,1000}x{0,500}, which matches the same in the same order of preference.
  std::string re2;
  std::vector<std::uint32_t> loops;  // the repeats that were cut (Bounds::Cut); `re2` has them as they were
  // The same without the upper bounds of wide repeats, each of which RE2 would make as many states of: x{5,1500} is
  // x{5,}. What matches `re2` matches `loose`; and a match of `loose` in which no run of `too_long` is, is the match of
  // `re2`: of all ways to match, which are tried in the same order, it takes only longer ones away. Empty without any.
  std::string loose;
  std::vector<LongRun> too_long;
};

// Fails with Config; `where` is "byte N", counted from 0. O(expression.size()).
Result<Tree> parse(std::string_view expression, Bounds bounds = Bounds::Required);

// A cut repeat can only have gone as far as its cut where one of these is. Text without such a run has the same
// matches of the cut expression and of the uncut one.
std::vector<LongRun> long_runs(const Tree& tree);
// Whether `text` has the run.
bool has_run(Bytes text, const LongRun& run);

// The children of the root from number `first` on, as an expression that matches wherever they do; up to
// the lower bound of the first cut repeat. Counts are left out where they make RE2 slow. The root is a
// Concat.
std::string rest_expression(const Tree& tree, std::size_t first);

// How many groups that capture; fails as `parse` or, for what only RE2 knows, as RE2. Costs RE2's
// compilation only where the expression is large or strange.
Result<std::uint32_t> count_groups(std::string_view expression);

tl::unexpected<Error> fail_at(std::size_t byte, std::string what, std::string help = {});

}  // namespace tightship::match::regex
