#pragma once

// Which literals does every match contain? The building blocks of RE2's prefilter, with offsets:
// a small set of strings that a piece of an expression stands for, and a choice of one window of
// each as an anchor.

#include <optional>
#include <string>
#include <vector>

#include "match/byte_class.h"
#include "match/pattern.h"

namespace tightship::match {

inline constexpr std::size_t kMinAnchorWidth = 3;
inline constexpr std::size_t kShortAnchorWidth = 2;  // where there is nothing better; not Hyperscan's affair
inline constexpr std::size_t kMaxAnchors = 64;       // of one pattern
inline constexpr std::size_t kMaxStrings = 16;       // in a StringSet
inline constexpr std::size_t kMaxStringLength = 64;  // of a string in it

// A string of bytes; kEitherCase is set in the (lower) letters that may have either case.
inline constexpr char16_t kEitherCase = 0x100;
using Letters = std::u16string;

// All strings that something matches, sorted, each once; none of it when they are too many.
using StringSet = std::optional<std::vector<Letters>>;

StringSet strings_of_class(const ByteClass& set);
StringSet concatenate(const StringSet& left, const StringSet& right);
StringSet unite(const StringSet& left, const StringSet& right);
StringSet repeat(const StringSet& inner, std::uint32_t min, std::uint32_t max);

// Anchors of which every match of something contains one, offsets counted from its start.
struct AnchorChoice {
  std::vector<AnchorLiteral> literals;
  double cost = 0;  // of searching for them and of the false starts they bring; comparable only
  // The parts of the outermost sequence that the literals were taken from: [begin, end). Of no meaning when
  // that is no sequence.
  std::uint32_t begin = 0, end = 0;
};
using MaybeAnchors = std::optional<AnchorChoice>;

// Takes the cheapest window of each string; of `wanted` only, when that is not empty. The strings
// begin `min_offset..max_offset` bytes after the start.
MaybeAnchors choose_windows(const std::vector<Letters>& strings, std::uint32_t min_offset, std::uint32_t max_offset,
                            const std::vector<std::string>& wanted, std::size_t narrowest = kMinAnchorWidth);
MaybeAnchors shift(MaybeAnchors anchors, std::uint32_t min_offset, std::uint32_t max_offset);
MaybeAnchors unite(MaybeAnchors left, const MaybeAnchors& right);
void keep_cheaper(MaybeAnchors& best, MaybeAnchors other);

}  // namespace tightship::match
