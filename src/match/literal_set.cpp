#include "match/literal_set.h"

#include <algorithm>

#include "match/literal_cost.h"

namespace tightship::match {
namespace {

// In units of one false start a megabyte. A literal more costs Hyperscan a little everywhere; one of
// three bytes costs it much, and is taken only when there is nothing else. A variable offset means
// more starts to try, and that more bytes decide (which a scan of deltas pays for). Of equals the
// longer is taken.
constexpr double kLiteralCost = 1, kShortLiteralCost = 1e6, kOffsetCost = 0.1, kRangeCost = 0.05, kByteGain = 0.01;
constexpr std::uint32_t kMaxOffsetCounted = 64;

double literal_cost(const AnchorLiteral& literal) {
  const auto range = std::min(literal.max_offset - literal.min_offset, kMaxOffsetCounted);
  const double confirm = 1 + kOffsetCost * range;
  const auto width = static_cast<double>(literal.bytes.size());
  return kLiteralCost + kRangeCost * range - kByteGain * width +
         (literal.bytes.size() <= kMinAnchorWidth ? kShortLiteralCost : 0) +
         expected_per_megabyte(literal.bytes, literal.caseless) * confirm;
}

void price(AnchorChoice& choice) {
  choice.cost = 0;
  for (const AnchorLiteral& literal : choice.literals) choice.cost += literal_cost(literal);
}

void normalise(std::vector<Letters>& strings) {
  std::sort(strings.begin(), strings.end());
  strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
}

StringSet bounded(std::vector<Letters> strings) {
  normalise(strings);
  const bool fits = strings.size() <= kMaxStrings && std::all_of(strings.begin(), strings.end(), [](const Letters& s) {
                      return s.size() <= kMaxStringLength;
                    });
  return fits ? StringSet(std::move(strings)) : std::nullopt;
}

AnchorLiteral window(const Letters& string, std::size_t begin, std::size_t width) {
  AnchorLiteral literal;
  for (const char16_t letter : string.substr(begin, width)) {
    literal.bytes += static_cast<char>(letter & 0xFF);
    literal.caseless = literal.caseless || (letter & kEitherCase);
  }
  if (literal.caseless) std::transform(literal.bytes.begin(), literal.bytes.end(), literal.bytes.begin(), ascii_lower);
  return literal;
}

bool is_wanted(const AnchorLiteral& literal, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
    if (one.size() != literal.bytes.size()) return false;
    return std::equal(one.begin(), one.end(), literal.bytes.begin(),
                      [&](char a, char b) { return (literal.caseless ? ascii_lower(a) : a) == b; });
  });
}

// The cheapest window of `string`, its offset counted from the string.
std::optional<AnchorLiteral> best_window(const Letters& string, const std::vector<std::string>& wanted,
                                         std::size_t least) {
  std::optional<AnchorLiteral> best;
  double best_cost = 0;
  const std::size_t widest = std::min(string.size(), kMaxAnchorWidth);
  const std::size_t narrowest = wanted.empty() ? std::max(widest, least) : least;
  for (std::size_t width = narrowest; width <= widest; ++width) {
    for (std::size_t begin = 0; begin + width <= string.size(); ++begin) {
      AnchorLiteral literal = window(string, begin, width);
      if (!wanted.empty() && !is_wanted(literal, wanted)) continue;
      literal.min_offset = literal.max_offset = static_cast<std::uint32_t>(begin);
      const double cost = literal_cost(literal);
      if (best && cost >= best_cost) continue;
      best = std::move(literal);
      best_cost = cost;
    }
  }
  return best;
}

void add_literal(std::vector<AnchorLiteral>& literals, const AnchorLiteral& literal) {
  for (AnchorLiteral& known : literals) {
    if (known.bytes != literal.bytes || known.caseless != literal.caseless) continue;
    known.min_offset = std::min(known.min_offset, literal.min_offset);
    known.max_offset = std::max(known.max_offset, literal.max_offset);
    return;
  }
  literals.push_back(literal);
}

}  // namespace

StringSet strings_of_class(const ByteClass& set) {
  std::vector<Letters> strings;
  for (unsigned value = 0; value < 256; ++value) {
    const auto byte = static_cast<std::uint8_t>(value);
    if (!contains(set, byte)) continue;
    const std::uint8_t other = other_case(byte);
    const bool both = byte < 0x80 && other != byte && contains(set, other);
    if (both && byte < other) continue;  // the upper case: comes with the lower
    strings.push_back(Letters(1, static_cast<char16_t>(both ? byte | kEitherCase : byte)));
    if (strings.size() > kMaxStrings) return std::nullopt;
  }
  return bounded(std::move(strings));
}

StringSet concatenate(const StringSet& left, const StringSet& right) {
  if (!left || !right || left->size() * right->size() > kMaxStrings * kMaxStrings) return std::nullopt;
  std::vector<Letters> strings;
  for (const Letters& head : *left) {
    for (const Letters& tail : *right) strings.push_back(head + tail);
  }
  return bounded(std::move(strings));
}

StringSet unite(const StringSet& left, const StringSet& right) {
  if (!left || !right) return std::nullopt;
  std::vector<Letters> strings = *left;
  strings.insert(strings.end(), right->begin(), right->end());
  return bounded(std::move(strings));
}

StringSet repeat(const StringSet& inner, std::uint32_t min, std::uint32_t max) {
  const StringSet empty = std::vector<Letters>{Letters()};
  if (max == 0 || inner == empty) return empty;
  StringSet power = empty;
  for (std::uint32_t i = 0; i < min && power; ++i) power = concatenate(power, inner);
  StringSet all = power;
  for (std::uint32_t i = min; i < max && all; ++i) {
    power = concatenate(power, inner);
    all = unite(all, power);
  }
  return all;
}

MaybeAnchors choose_windows(const std::vector<Letters>& strings, std::uint32_t min_offset, std::uint32_t max_offset,
                            const std::vector<std::string>& wanted, std::size_t narrowest) {
  AnchorChoice choice;
  for (const Letters& string : strings) {
    auto literal = best_window(string, wanted, narrowest);
    if (!literal) return std::nullopt;
    literal->min_offset += min_offset;
    literal->max_offset += max_offset;
    add_literal(choice.literals, *literal);
  }
  if (choice.literals.empty()) return std::nullopt;
  price(choice);
  return choice;
}

MaybeAnchors shift(MaybeAnchors anchors, std::uint32_t min_offset, std::uint32_t max_offset) {
  if (!anchors) return anchors;
  for (AnchorLiteral& literal : anchors->literals) {
    literal.min_offset += min_offset;
    literal.max_offset += max_offset;
  }
  price(*anchors);
  return anchors;
}

MaybeAnchors unite(MaybeAnchors left, const MaybeAnchors& right) {
  if (!left || !right) return std::nullopt;
  for (const AnchorLiteral& literal : right->literals) add_literal(left->literals, literal);
  if (left->literals.size() > kMaxAnchors) return std::nullopt;
  price(*left);
  return left;
}

void keep_cheaper(MaybeAnchors& best, MaybeAnchors other) {
  if (other && (!best || other->cost < best->cost)) best = std::move(other);
}

}  // namespace tightship::match
