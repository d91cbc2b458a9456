// Every part of a sequence that cannot be empty gives a class of which each match has a byte, and bounds on
// where: the widths of what comes before it. Only parts behind the anchor say anything new.
#include "match/required.h"

#include <algorithm>
#include <optional>

#include "match/byte_class.h"

namespace tightship::match {
namespace {

using regex::Kind;
using regex::Node;
using regex::Tree;

constexpr std::uint64_t kMaxOffset = kMaxMatchWidth;
constexpr unsigned kTooCommon = 40;  // in weights

struct Widths {
  std::uint64_t min = 0, max = 0;
};

// Roughly: in how many of a hundred stretches of 50 bytes of source code the byte stands.
unsigned weight(std::uint8_t byte) {
  constexpr std::string_view kFrequent = "_.,;()=\"'/:-*";
  const bool alphanumeric = (byte >= '0' && byte <= '9') || (ascii_lower(static_cast<char>(byte)) >= 'a' &&
                                                             ascii_lower(static_cast<char>(byte)) <= 'z');
  if (alphanumeric || byte == ' ' || byte == '\t' || byte == '\n') return kTooCommon + 1;
  return kFrequent.find(static_cast<char>(byte)) != std::string_view::npos ? 10 : 2;
}

unsigned weight(const ByteClass& set) {
  unsigned sum = 0;
  for (unsigned byte = 0; byte < 256 && sum <= kTooCommon; ++byte) {
    if (contains(set, static_cast<std::uint8_t>(byte))) sum += weight(static_cast<std::uint8_t>(byte));
  }
  return sum;
}

class Finder {
 public:
  explicit Finder(const Tree& tree) : tree_(tree) {
    for (const Node& node : tree.nodes) {
      widths_.push_back(widths_of(node));
      classes_.push_back(node.set);
      for (const std::uint32_t child : node.children) merge(classes_.back(), classes_[child]);
      needed_.push_back(needed_of(node));
    }
    endless_.resize(tree.nodes.size());
    for (const std::uint32_t loop : tree.loops) endless_[loop] = true;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      for (const std::uint32_t child : tree.nodes[i].children) endless_[i] = endless_[i] || endless_[child];
    }
  }

  // All candidates of the parts of the expression. Behind a repeat that was cut nobody knows where anything stands.
  // The anchor is taken from the parts from `anchor` on.
  std::vector<Required> collect(std::uint32_t anchor) const {
    std::vector<Required> out;
    const Node& root = tree_.nodes.back();
    if (root.kind != Kind::Concat) {
      add(static_cast<std::uint32_t>(tree_.nodes.size() - 1), {}, complement({}), out);
      return out;
    }
    Widths before;
    ByteClass through{};
    for (std::uint32_t i = 0; i < root.children.size(); ++i) {
      const std::uint32_t child = root.children[i];
      if (i >= anchor) merge(through, classes_[child]);
      add(child, before, through, out);
      if (endless_[child]) break;
      before.min += widths_[child].min;
      before.max += widths_[child].max;
    }
    return out;
  }

 private:
  Widths widths_of(const Node& node) const;
  std::optional<ByteClass> needed_of(const Node& node) const;

  void add(std::uint32_t index, Widths before, const ByteClass& through, std::vector<Required>& out) const {
    const std::uint64_t last = before.max + widths_[index].max;
    if (endless_[index] || !needed_[index] || last > kMaxOffset) return;
    out.push_back(
        {*needed_[index], through, static_cast<std::uint32_t>(before.min), static_cast<std::uint32_t>(last - 1)});
  }

  const Tree& tree_;
  std::vector<Widths> widths_;
  std::vector<ByteClass> classes_;                // of all bytes of a match of the node
  std::vector<bool> endless_;                     // has a repeat that was cut
  std::vector<std::optional<ByteClass>> needed_;  // the rarest class of which a match of the node has a byte
};

Widths Finder::widths_of(const Node& node) const {
  Widths all;
  if (node.kind == Kind::Class) return {1, 1};
  if (node.kind == Kind::Alternate) all = widths_[node.children.front()];
  for (const std::uint32_t child : node.children) {
    const Widths& own = widths_[child];
    switch (node.kind) {
      case Kind::Concat: all = {all.min + own.min, all.max + own.max}; break;
      case Kind::Alternate: all = {std::min(all.min, own.min), std::max(all.max, own.max)}; break;
      default: all = {own.min * node.min, own.max * node.max}; break;
    }
  }
  return {all.min, std::min(all.max, kMaxOffset + 1)};
}

std::optional<ByteClass> Finder::needed_of(const Node& node) const {
  if (node.kind == Kind::Class) return node.set;
  if (node.kind == Kind::Repeat) return node.min > 0 ? needed_[node.children.front()] : std::nullopt;
  std::optional<ByteClass> all;
  if (node.kind == Kind::Concat) {
    for (const std::uint32_t child : node.children) {
      if (needed_[child] && (!all || weight(*needed_[child]) < weight(*all))) all = needed_[child];
    }
  } else if (node.kind == Kind::Alternate) {
    all.emplace();
    for (const std::uint32_t child : node.children) {
      if (!needed_[child]) return std::nullopt;
      merge(*all, *needed_[child]);
    }
  }
  return all;
}

}  // namespace

std::vector<Required> find_required(const Tree& tree, const AnchorChoice& anchors) {
  std::vector<Required> all = Finder(tree).collect(anchors.begin);
  std::uint32_t behind = kMaxMatchWidth;
  for (const AnchorLiteral& anchor : anchors.literals) {
    behind = std::min(behind, anchor.min_offset + static_cast<std::uint32_t>(anchor.bytes.size()));
  }
  std::erase_if(all, [&](const Required& item) { return item.min_offset < behind || weight(item.set) > kTooCommon; });
  std::stable_sort(all.begin(), all.end(),
                   [](const Required& a, const Required& b) { return weight(a.set) < weight(b.set); });
  if (all.size() > kMaxRequired) all.resize(kMaxRequired);
  return all;
}

}  // namespace tightship::match
