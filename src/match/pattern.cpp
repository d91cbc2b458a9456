// One walk over the tree, children first, gives each node its widths, the strings it stands for
// when they are few, and the cheapest anchors inside of it. RE2 itself judges the syntax before.
#include "match/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "match/literal_set.h"
#include "match/required.h"
#include "match/re2_pattern.h"
#include "match/regex.h"

namespace tightship::match {
namespace {

using regex::Kind;
using regex::Node;
using regex::Tree;

struct Facts {
  std::uint32_t min = 0, max = 0;  // width
  StringSet strings;
  MaybeAnchors anchors;
};

class Analysis {
 public:
  Analysis(const Tree& tree, const std::vector<std::string>& wanted) : tree_(tree), wanted_(wanted) {}

  Result<Facts> run();

 private:
  Facts facts_of(const Node& node) const;
  Facts class_facts(const Node& node) const;
  Facts concat_facts(const Node& node) const;
  Facts alternate_facts(const Node& node) const;
  Facts repeat_facts(const Node& node) const;
  void grow_strings(const Node& node, std::size_t first, const Facts& before, MaybeAnchors& best) const;

  const Tree& tree_;
  const std::vector<std::string>& wanted_;
  std::vector<Facts> facts_;
};

Facts Analysis::class_facts(const Node& node) const {
  return Facts{1, 1, strings_of_class(node.set), std::nullopt};
}

// Joins children from `first` on while their strings stay few, and tries each such run. Runs longer
// than an anchor bring nothing new: they are met again from the next child.
void Analysis::grow_strings(const Node& node, std::size_t first, const Facts& before,
                            MaybeAnchors& best) const {
  const auto length = [](const Letters& a, const Letters& b) { return a.size() < b.size(); };
  StringSet run = facts_[node.children[first]].strings;
  if (!run || run->empty()) return;
  const std::size_t enough = kMaxAnchorWidth - 1 + std::max_element(run->begin(), run->end(), length)->size();
  for (std::size_t next = first + 1;; ++next) {
    keep_cheaper(best, choose_windows(*run, before.min, before.max, wanted_));
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
    keep_cheaper(all.anchors, shift(child.anchors, all.min, all.max));
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
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{width} * count, kMaxMatchWidth + 1));
  };
  return Facts{times(inner.min, node.min), times(inner.max, node.max),
               repeat(inner.strings, node.min, node.max), node.min > 0 ? inner.anchors : std::nullopt};
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
    if (facts.strings) keep_cheaper(facts.anchors, choose_windows(*facts.strings, 0, 0, wanted_));
    facts_.push_back(std::move(facts));
  }
  return std::move(facts_.back());
}

// Marks which bytes can stand at each depth below kMaxPrefix. `depths` are those at which `index`
// can begin, one bit each; returns those at which it can end. Depth of recursion: kMaxNesting.
std::uint32_t mark_prefix(const Tree& tree, std::uint32_t index, std::uint32_t depths,
                          std::vector<ByteClass>& prefix) {
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
    return regex::fail_at(0, fmt::format("anchor has {} bytes, not {} to {}", literal.size(), kMinAnchorWidth,
                                         kMaxAnchorWidth));
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
    const bool used =
        std::any_of(anchors->literals.begin(), anchors->literals.end(), [&](const AnchorLiteral& anchor) {
          return std::equal(literal.begin(), literal.end(), anchor.bytes.begin(), anchor.bytes.end(),
                            [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
        });
    if (!used) return regex::fail_at(0, "one of the given anchors is not needed by any match");
  }
  return {};
}

}  // namespace

Result<PatternInfo> analyse_pattern(std::string_view regex, const std::vector<std::string>& wanted) {
  if (const auto fine = check_wanted(wanted); !fine) return tl::unexpected(fine.error());
  const auto tree = regex::parse(regex);
  if (!tree) return tl::unexpected(tree.error());
  if (const auto fine = check_re2(*tree); !fine) return tl::unexpected(fine.error());
  auto facts = Analysis(*tree, wanted).run();
  if (!facts) return tl::unexpected(facts.error());
  if (const auto fine = check_used(wanted, facts->anchors); !fine) return tl::unexpected(fine.error());
  PatternInfo info{facts->min, facts->max, std::move(facts->anchors->literals), find_prefix(*tree, facts->min), {}};
  info.required = find_required(*tree, info.anchors);
  return info;
}

}  // namespace tightship::match
