// A part of a tree written as an expression again, only as exact as a quick "no" needs it: conditions
// without width are left out, and x{2,20} is written xxx*, since automata with counters have as many
// states as there are counts.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "match/byte_class.h"
#include "match/regex.h"

namespace tightship::match::regex {
namespace {

constexpr std::uint32_t kExactCount = 16;  // larger lower bounds are cut to it
constexpr std::uint32_t kExactRange = 3;   // wider ranges are written without an upper bound

class RestWriter {
 public:
  explicit RestWriter(const Tree& tree) : tree_(tree), endless_(tree.nodes.size()) {
    for (const std::uint32_t loop : tree.loops) endless_[loop] = true;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      for (const std::uint32_t child : tree.nodes[i].children) endless_[i] = endless_[i] || endless_[child];
    }
  }

  // The nodes from `first` on; what follows a cut repeat is not written.
  void sequence(const std::vector<std::uint32_t>& nodes, std::size_t first) {
    for (std::size_t i = first; i < nodes.size(); ++i) {
      if (!endless_[nodes[i]]) {
        write(nodes[i]);
        continue;
      }
      return up_to_loop(nodes, i);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  bool is_loop(std::uint32_t index) const {
    return std::find(tree_.loops.begin(), tree_.loops.end(), index) != tree_.loops.end();
  }

  void up_to_loop(const std::vector<std::uint32_t>& nodes, std::size_t at) {
    const Node& node = tree_.nodes[nodes[at]];
    if (is_loop(nodes[at]) && !endless_[node.children.front()])
      return write_repeat(node.children.front(), node.min, node.min);
    if (node.kind == Kind::Concat) return sequence(node.children, 0);
    if (node.kind != Kind::Alternate) return;  // a repeat around it: what comes before says enough
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const std::uint32_t child = node.children[i];
      out_ += i == 0 ? "(?:" : "|";
      sequence({child}, 0);
      if (!endless_[child]) sequence(nodes, at + 1);
    }
    out_ += ')';
  }

  void write(std::uint32_t index) {
    const Node& node = tree_.nodes[index];
    switch (node.kind) {
      case Kind::Empty: return;
      case Kind::Class: return write_class(node.set);
      case Kind::Concat:
        for (const std::uint32_t child : node.children) write(child);
        return;
      case Kind::Alternate:
        for (std::size_t i = 0; i < node.children.size(); ++i) {
          out_ += i == 0 ? "(?:" : "|";
          write(node.children[i]);
        }
        out_ += ')';
        return;
      case Kind::Repeat: return write_repeat(node.children.front(), node.min, node.max);
    }
  }

  void write_repeat(std::uint32_t child, std::uint32_t min, std::uint32_t max) {
    if (max == 0) return;
    const bool exact = min <= kExactCount && max - min <= kExactRange;
    std::string body = std::exchange(out_, {});
    write(child);
    std::swap(body, out_);
    if (exact) {
      out_ += fmt::format("(?:{}){{{},{}}}", body, min, max);
    } else {
      out_ += fmt::format("(?:{}){{{},}}", body, std::min(min, kExactCount));
    }
  }

  void write_class(const ByteClass& set) {
    out_ += '[';
    for (unsigned first = 0; first < 256; ++first) {
      if (!contains(set, static_cast<std::uint8_t>(first))) continue;
      unsigned last = first;
      while (last < 255 && contains(set, static_cast<std::uint8_t>(last + 1))) ++last;
      out_ += fmt::format("\\x{:02x}-\\x{:02x}", first, last);
      first = last;
    }
    if (out_.back() == '[') out_ += "^\\x00-\\xff";  // a class of nothing
    out_ += ']';
  }

  const Tree& tree_;
  std::vector<bool> endless_;  // has a cut repeat inside, or is one
  std::string out_;
};

void merge_classes(const Tree& tree, std::uint32_t index, ByteClass& set) {
  const Node& node = tree.nodes[index];
  if (node.kind == Kind::Class) merge(set, node.set);
  for (const std::uint32_t child : node.children) merge_classes(tree, child, set);
}

std::uint64_t min_width(const Tree& tree, std::uint32_t index) {
  const Node& node = tree.nodes[index];
  switch (node.kind) {
    case Kind::Empty: return 0;
    case Kind::Class: return 1;
    case Kind::Repeat:
      return std::min<std::uint64_t>(node.min * min_width(tree, node.children.front()), kMaxMatchWidth);
    default: break;
  }
  std::uint64_t width = node.kind == Kind::Alternate ? kMaxMatchWidth : 0;
  for (const std::uint32_t child : node.children) {
    const std::uint64_t own = min_width(tree, child);
    width = node.kind == Kind::Alternate ? std::min(width, own) : std::min<std::uint64_t>(width + own, kMaxMatchWidth);
  }
  return width;
}

}  // namespace

std::vector<LongRun> long_runs(const Tree& tree) {
  std::vector<LongRun> runs;
  for (const std::uint32_t loop : tree.loops) {
    const Node& node = tree.nodes[loop];
    LongRun run;
    merge_classes(tree, node.children.front(), run.set);
    const std::uint64_t once = std::max<std::uint64_t>(1, min_width(tree, node.children.front()));
    run.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(once * node.max, kMaxMatchWidth));
    const auto same =
        std::find_if(runs.begin(), runs.end(), [&](const LongRun& known) { return known.set == run.set; });
    if (same == runs.end())
      runs.push_back(run);
    else
      same->length = std::min(same->length, run.length);
  }
  return runs;
}

// From the end of a run backwards: a byte that is not of the class rules out all runs over it.
bool has_run(Bytes text, const LongRun& run) {
  for (std::size_t begin = 0; begin + run.length <= text.size();) {
    std::size_t at = begin + run.length;
    while (at > begin && contains(run.set, text[at - 1])) --at;
    if (at == begin) return true;
    begin = at;
  }
  return false;
}

std::string rest_expression(const Tree& tree, std::size_t first) {
  RestWriter writer(tree);
  writer.sequence(tree.nodes.back().children, first);
  return writer.take();
}

}  // namespace tightship::match::regex
