// One walk over the tree, children first, gives each node its widths, the strings it stands for
// when they are few, and the cheapest anchors inside of it. RE2 itself judges the syntax before.
#include "match/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "match/behind.h"
#include "match/literal_set.h"
#include "match/re2_pattern.h"
#include "match/regex.h"
#include "match/required.h"

namespace tightship::match {
namespace {

using regex::Kind;
using regex::Node;
using regex::Tree;

// Bytes between a literal and what follows its part. No more than a cut repeat adds to the window, so that
// looking there depends on nothing outside of it.
constexpr std::size_t kMaxGap = regex::kGroupLoopExtra;

struct Facts {
  std::uint32_t min = 0, max = 0;  // width
  StringSet strings;
  MaybeAnchors anchors;
};

class Analysis {
 public:
  // Anchors have at least `narrowest` bytes.
  Analysis(const Tree& tree, const std::vector<std::string>& wanted, std::size_t narrowest = kMinAnchorWidth)
      : tree_(tree), wanted_(wanted), narrowest_(narrowest) {}

  Result<Facts> run();
  std::uint32_t max_width(std::uint32_t node) const { return facts_[node].max; }

 private:
  Facts facts_of(const Node& node) const;
  Facts class_facts(const Node& node) const;
  Facts concat_facts(const Node& node) const;
  Facts alternate_facts(const Node& node) const;
  Facts repeat_facts(const Node& node) const;
  void grow_strings(const Node& node, std::size_t first, const Facts& before, MaybeAnchors& best) const;

  const Tree& tree_;
  const std::vector<std::string>& wanted_;
  std::size_t narrowest_;
  std::vector<Facts> facts_;
};

Facts Analysis::class_facts(const Node& node) const { return Facts{1, 1, strings_of_class(node.set), std::nullopt}; }

// Joins children from `first` on while their strings stay few, and tries each such run. Runs longer
// than an anchor bring nothing new: they are met again from the next child.
void Analysis::grow_strings(const Node& node, std::size_t first, const Facts& before, MaybeAnchors& best) const {
  const auto length = [](const Letters& a, const Letters& b) { return a.size() < b.size(); };
  StringSet run = facts_[node.children[first]].strings;
  if (!run || run->empty()) return;
  const std::size_t enough = kMaxAnchorWidth - 1 + std::max_element(run->begin(), run->end(), length)->size();
  for (std::size_t next = first + 1;; ++next) {
    MaybeAnchors windows = choose_windows(*run, before.min, before.max, wanted_, narrowest_);
    if (windows) windows->begin = static_cast<std::uint32_t>(first), windows->end = static_cast<std::uint32_t>(next);
    keep_cheaper(best, std::move(windows));
    if (next >= node.children.size()) return;
    if (std::min_element(run->begin(), run->end(), length)->size() >= enough) return;
    run = concatenate(run, facts_[node.children[next]].strings);
    if (!run || run->empty()) return;
  }
}

Facts Analysis::concat_facts(const Node& node) const {
  Facts all{0, 0, std::vector<Letters>{Letters()}, std::nullopt};
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Facts& child = facts_[node.children[i]];
    MaybeAnchors inside = shift(child.anchors, all.min, all.max);
    if (inside) inside->begin = static_cast<std::uint32_t>(i), inside->end = static_cast<std::uint32_t>(i + 1);
    keep_cheaper(all.anchors, std::move(inside));
    grow_strings(node, i, all, all.anchors);
    all.strings = concatenate(all.strings, child.strings);
    all.min = std::min(all.min + child.min, kMaxMatchWidth + 1);
    all.max = std::min(all.max + child.max, kMaxMatchWidth + 1);
  }
  return all;
}

Facts Analysis::alternate_facts(const Node& node) const {
  Facts all = facts_[node.children.front()];
  for (const std::uint32_t index : node.children) {
    const Facts& child = facts_[index];
    all.min = std::min(all.min, child.min);
    all.max = std::max(all.max, child.max);
    if (index == node.children.front()) continue;
    all.strings = unite(all.strings, child.strings);
    all.anchors = unite(std::move(all.anchors), child.anchors);
  }
  return all;
}

Facts Analysis::repeat_facts(const Node& node) const {
  const Facts& inner = facts_[node.children.front()];
  const auto times = [](std::uint32_t width, std::uint32_t count) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{width} * count, kMaxMatchWidth + 1));
  };
  return Facts{times(inner.min, node.min), times(inner.max, node.max), repeat(inner.strings, node.min, node.max),
               node.min > 0 ? inner.anchors : std::nullopt};
}

Facts Analysis::facts_of(const Node& node) const {
  switch (node.kind) {
    case Kind::Class: return class_facts(node);
    case Kind::Concat: return concat_facts(node);
    case Kind::Alternate: return alternate_facts(node);
    case Kind::Repeat: return repeat_facts(node);
    case Kind::Empty: break;
  }
  return Facts{0, 0, std::vector<Letters>{Letters()}, std::nullopt};
}

Result<Facts> Analysis::run() {
  facts_.reserve(tree_.nodes.size());
  for (const Node& node : tree_.nodes) {
    Facts facts = facts_of(node);
    if (facts.max > kMaxMatchWidth) {
      return regex::fail_at(node.byte, fmt::format("a match can be wider than {} bytes", kMaxMatchWidth));
    }
    if (facts.strings) keep_cheaper(facts.anchors, choose_windows(*facts.strings, 0, 0, wanted_, narrowest_));
    facts_.push_back(std::move(facts));
  }
  return facts_.back();
}

// Marks which bytes can stand at each depth below kMaxPrefix. `depths` are those at which `index`
// can begin, one bit each; returns those at which it can end. Depth of recursion: kMaxNesting.
std::uint32_t mark_prefix(const Tree& tree, std::uint32_t index, std::uint32_t depths, std::vector<ByteClass>& prefix) {
  const Node& node = tree.nodes[index];
  if (depths == 0 || node.kind == Kind::Empty) return depths;
  if (node.kind == Kind::Class) {
    for (std::size_t depth = 0; depth < kMaxPrefix; ++depth) {
      if ((depths >> depth) & 1) merge(prefix[depth], node.set);
    }
    return depths << 1;
  }
  if (node.kind == Kind::Concat) {
    for (const std::uint32_t child : node.children) depths = mark_prefix(tree, child, depths, prefix);
    return depths;
  }
  if (node.kind == Kind::Alternate) {
    std::uint32_t ends = 0;
    for (const std::uint32_t child : node.children) ends |= mark_prefix(tree, child, depths, prefix);
    return ends;
  }
  for (std::uint32_t count = 0; count < node.min; ++count) {
    const std::uint32_t next = mark_prefix(tree, node.children.front(), depths, prefix);
    if (next == depths) break;
    depths = next;
  }
  std::uint32_t ends = depths;
  for (std::uint32_t count = node.min; count < node.max; ++count) {
    depths = mark_prefix(tree, node.children.front(), depths, prefix);
    if ((ends | depths) == ends) break;
    ends |= depths;
  }
  return ends;
}

std::vector<ByteClass> find_prefix(const Tree& tree, std::uint32_t min_width) {
  static_assert(kMaxPrefix == 32, "mark_prefix keeps depths in 32 bits");
  std::vector<ByteClass> prefix(kMaxPrefix);
  mark_prefix(tree, static_cast<std::uint32_t>(tree.nodes.size() - 1), 1, prefix);
  prefix.resize(std::min<std::size_t>(kMaxPrefix, min_width));
  while (!prefix.empty() && prefix.back() == complement({})) prefix.pop_back();
  return prefix;
}

Result<void> check_wanted(const std::vector<std::string>& wanted) {
  for (const std::string& literal : wanted) {
    if (literal.size() >= kMinAnchorWidth && literal.size() <= kMaxAnchorWidth) continue;
    return regex::fail_at(
        0, fmt::format("anchor has {} bytes, not {} to {}", literal.size(), kMinAnchorWidth, kMaxAnchorWidth));
  }
  return {};
}

Result<void> check_used(const std::vector<std::string>& wanted, const MaybeAnchors& anchors) {
  if (!anchors && wanted.empty()) {
    return regex::fail_at(0, fmt::format("no literal of {} bytes that every match contains", kMinAnchorWidth),
                          "spell out a fixed part, or split the rule");
  }
  if (!anchors) return regex::fail_at(0, "a match need not contain any of the given anchors");
  for (const std::string& literal : wanted) {
    const bool used = std::any_of(anchors->literals.begin(), anchors->literals.end(), [&](const AnchorLiteral& anchor) {
      return std::equal(literal.begin(), literal.end(), anchor.bytes.begin(), anchor.bytes.end(),
                        [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
    });
    if (!used) return regex::fail_at(0, "one of the given anchors is not needed by any match");
  }
  return {};
}

Result<PatternInfo> info_of(const Tree& tree, const std::vector<std::string>& wanted, std::size_t narrowest) {
  auto facts = Analysis(tree, wanted, narrowest).run();
  if (!facts) return tl::unexpected(facts.error());
  if (const auto fine = check_used(wanted, facts->anchors); !fine) return tl::unexpected(fine.error());
  PatternInfo info{
      tree.loops.empty() ? Way::Window : Way::Open, facts->min, facts->max, {}, find_prefix(tree, facts->min),
      find_required(tree, *facts->anchors)};
  info.anchors = std::move(facts->anchors->literals);
  return info;
}

// Two bytes are few, but better than to search everything.
Result<PatternInfo> analyse_cut(const Tree& tree, const std::vector<std::string>& wanted) {
  auto info = info_of(tree, wanted, kMinAnchorWidth);
  return info || !wanted.empty() ? info : info_of(tree, wanted, kShortAnchorWidth);
}

// The literals that tell data in which one of `keywords` may be; none when one of them is too short, or
// has letters whose cases are more than Hyperscan knows.
std::vector<AnchorLiteral> triggers_of(const std::vector<std::string>& keywords) {
  std::vector<AnchorLiteral> triggers;
  for (const std::string& keyword : keywords) {
    AnchorLiteral literal;
    literal.caseless = true;
    literal.bytes = keyword.substr(0, kMaxAnchorWidth);
    std::transform(literal.bytes.begin(), literal.bytes.end(), literal.bytes.begin(), ascii_lower);
    const bool ascii = std::none_of(keyword.begin(), keyword.end(), [](char c) { return c < 0; });
    if (!ascii || keyword.size() < kMinAnchorWidth) return {};
    triggers.push_back(std::move(literal));
  }
  return triggers;
}

}  // namespace

Result<PatternInfo> analyse_pattern(std::string_view regex, const std::vector<std::string>& wanted) {
  if (const auto fine = check_wanted(wanted); !fine) return tl::unexpected(fine.error());
  const auto tree = regex::parse(regex);
  if (!tree) return tl::unexpected(tree.error());
  if (const auto fine = check_re2(*tree); !fine) return tl::unexpected(fine.error());
  return info_of(*tree, wanted, kMinAnchorWidth);
}

Result<PatternInfo> analyse_any_pattern(std::string_view regex, const std::vector<std::string>& wanted,
                                        const std::vector<std::string>& keywords) {
  if (const auto fine = check_wanted(wanted); !fine) return tl::unexpected(fine.error());
  if (const auto groups = regex::count_groups(regex); !groups) return tl::unexpected(groups.error());
  const auto tree = regex::parse(regex, regex::Bounds::Cut);
  if (tree) {
    auto info = analyse_cut(*tree, wanted);
    if (info || !wanted.empty()) return info;
  } else if (!wanted.empty()) {
    return tl::unexpected(tree.error());
  }
  return PatternInfo{Way::Search, 0, kMaxMatchWidth, triggers_of(keywords), {}, {}};
}

std::optional<Lead> find_lead(std::string_view regex, const std::vector<std::string>& wanted) {
  const auto tree = regex::parse(regex, regex::Bounds::Cut);
  if (!tree || tree->nodes.back().kind != Kind::Concat || tree->nodes.back().children.size() < 2) return std::nullopt;
  const Node& first = tree->nodes[tree->nodes.back().children[0]];
  const Node& second = tree->nodes[tree->nodes.back().children[1]];
  if (first.kind != Kind::Repeat || first.min != 0) return std::nullopt;
  // A group of one branch is dissolved: its first character stands behind the parenthesis.
  constexpr std::string_view kOpen = "(?:";
  std::size_t rest = second.byte;
  if (second.kind == Kind::Class && regex.substr(0, rest).ends_with(kOpen))
    rest -= kOpen.size();
  else if (second.kind != Kind::Alternate)
    return std::nullopt;
  if (rest == 0 || regex[rest - 1] != '?') return std::nullopt;
  const Node& letter = tree->nodes[first.children.front()];
  if (letter.kind != Kind::Class ||
      std::count(tree->loops.begin(), tree->loops.end(), tree->nodes.back().children[0]) > 0) {
    return std::nullopt;
  }
  const auto facts = Analysis(*tree, wanted).run();
  if (!facts || !facts->anchors || facts->anchors->begin != 1) return std::nullopt;
  const auto fixed = [&](const AnchorLiteral& literal) { return literal.max_offset - literal.min_offset == first.max; };
  if (!std::all_of(facts->anchors->literals.begin(), facts->anchors->literals.end(), fixed)) return std::nullopt;
  return Lead{letter.set, first.max, std::string(regex.substr(0, letter.byte)).append(regex.substr(rest))};
}

std::vector<AnchorLiteral> find_needed(std::string_view regex, const std::vector<std::string>& wanted,
                                       const std::vector<std::string>& keywords) {
  std::vector<std::string> words;
  for (const AnchorLiteral& literal : triggers_of(keywords)) words.push_back(literal.bytes);
  const auto tree = regex::parse(regex, regex::Bounds::Cut);
  if (!tree || words.empty()) return {};
  auto needed = Analysis(*tree, words).run();
  if (!needed || !needed->anchors) return {};
  const auto own = Analysis(*tree, wanted).run();
  if (own && own->anchors && own->anchors->literals == needed->anchors->literals) return {};
  return std::move(needed->anchors->literals);
}

std::string behind_expression(std::string_view regex, const std::vector<std::string>& wanted) {
  const auto tree = regex::parse(regex, regex::Bounds::Cut);
  if (!tree || tree->nodes.back().kind != Kind::Concat) return {};
  Analysis analysis(*tree, wanted);
  const auto facts = analysis.run();
  if (!facts || !facts->anchors) return {};
  const AnchorChoice& anchors = *facts->anchors;
  const std::vector<std::uint32_t>& children = tree->nodes.back().children;
  // What the literals leave of the parts that they were taken from.
  std::size_t covered = 0, shortest = kMaxAnchorWidth;
  for (std::uint32_t i = anchors.begin; i < anchors.end; ++i) {
    const auto in_loop = [&](std::uint32_t loop) { return loop == children[i]; };
    if (std::any_of(tree->loops.begin(), tree->loops.end(), in_loop)) return {};
    covered += analysis.max_width(children[i]);
  }
  for (const AnchorLiteral& literal : anchors.literals) shortest = std::min(shortest, literal.bytes.size());
  const std::string rest = regex::rest_expression(*tree, anchors.end);
  if (rest.empty() || covered < shortest || covered - shortest > kMaxGap) return {};
  return fmt::format("[\\x00-\\xff]{{0,{}}}{}", covered - shortest, rest);
}

}  // namespace tightship::match
