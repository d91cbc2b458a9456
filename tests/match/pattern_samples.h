#pragma once

// Strings that an expression matches, near misses, and text made of both; random expressions. All
// from a seed.

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "match/regex.h"

namespace tightship::match::testing {

using Random = std::mt19937_64;

inline std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

inline bool one_in(Random& random, std::size_t n) { return below(random, n) == 0; }

inline std::string_view pick(Random& random, const std::vector<std::string_view>& from) {
  return from[below(random, from.size())];
}

inline char sample_byte(Random& random, const ByteClass& set) {
  std::string printable, all;
  for (unsigned value = 0; value < 256; ++value) {
    if (!contains(set, static_cast<std::uint8_t>(value))) continue;
    all += static_cast<char>(value);
    if (value >= ' ' && value <= '~') printable += static_cast<char>(value);
  }
  const std::string& from = printable.empty() || one_in(random, 20) ? all : printable;
  return from.empty() ? '?' : from[below(random, from.size())];
}

// A string that `tree` matches, conditions without width aside.
inline void append_sample(Random& random, const regex::Tree& tree, std::uint32_t index, std::string& out) {
  const regex::Node& node = tree.nodes[index];
  switch (node.kind) {
    case regex::Kind::Empty: return;
    case regex::Kind::Class: out += sample_byte(random, node.set); return;
    case regex::Kind::Concat:
      for (const std::uint32_t child : node.children) append_sample(random, tree, child, out);
      return;
    case regex::Kind::Alternate:
      return append_sample(random, tree, node.children[below(random, node.children.size())], out);
    case regex::Kind::Repeat: {
      const std::size_t wide = std::min<std::size_t>(node.max - node.min, one_in(random, 4) ? 400 : 6);
      const std::size_t count = node.min + below(random, wide + 1);
      for (std::size_t i = 0; i < count; ++i) append_sample(random, tree, node.children.front(), out);
      return;
    }
  }
}

inline std::string sample(Random& random, const regex::Tree& tree) {
  std::string out;
  append_sample(random, tree, static_cast<std::uint32_t>(tree.nodes.size() - 1), out);
  return out;
}

inline void mutate(Random& random, std::string& text) {
  if (text.empty()) return;
  const std::size_t at = below(random, text.size());
  switch (below(random, 5)) {
    case 0: text[at] = static_cast<char>(below(random, 256)); return;
    case 1: text.erase(at, 1 + below(random, 4)); return;
    case 2: text.insert(at, 1, text[below(random, text.size())]); return;
    case 3: text.resize(at); return;
    default: text[at] = static_cast<char>(text[at] ^ 0x20); return;
  }
}

// Text dense with matches and near misses, adjacent, overlapping, and at both ends.
inline std::string sample_text(Random& random, const std::vector<regex::Tree>& trees, std::size_t pieces) {
  static const std::vector<std::string_view> glue = {"",  "",  " ", "\n",   "\"", " = ", "_",
                                                     "a", "-", "9", "\xE9", ".",  ":"};
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) {
    std::string piece = sample(random, trees[below(random, trees.size())]);
    while (one_in(random, 3)) mutate(random, piece);
    if (one_in(random, 4) && !text.empty())
      text.resize(text.size() - below(random, std::min<std::size_t>(text.size(), 20)));
    text.append(pick(random, glue)).append(piece).append(pick(random, glue));
  }
  return text;
}

inline std::string random_atom(Random& random) {
  static const std::vector<std::string_view> atoms = {
      "abc",       "key_",        "x",   "-",        "[a-f]",  "[0-9]",  "\\d",       "[xy]",    "\\w",    "[^\\s:]",
      ".",         "token",       "sk",  "\\b",      "[aA]",   "\\.",    "(?i:pass)", "(?i:K9)", "Zq",     "://",
      "\\x41",     "[[:alpha:]]", "\\s", "(?:|a)",   "\\n",    "[-_]",   "\\B",       "(?m:^)",  "(?m:$)", "$",
      "(?:\\z|-)", "(?:^|=)",     "\\A", "\xC3\xA9", "(?s:.)", "\\+\\*", "QQ"};
  return std::string(pick(random, atoms));
}

inline std::string random_expression(Random& random, int depth) {
  static const std::vector<std::string_view> repeats = {"?", "{2}", "{0,3}", "{1,4}?", "{3,9}", "??", "{1,20}"};
  std::string out;
  const std::size_t parts = 1 + below(random, 5);
  for (std::size_t i = 0; i < parts; ++i) {
    if (depth == 0 || one_in(random, 2)) {
      out += random_atom(random);
      continue;
    }
    std::string inner = random_expression(random, depth - 1);
    if (one_in(random, 2)) inner += "|" + random_expression(random, depth - 1);
    static const std::vector<std::string_view> openings = {"(?:", "(", "(?i:"};
    out.append(pick(random, openings)).append(inner).append(")");
    if (one_in(random, 2)) out += pick(random, repeats);
  }
  return out;
}

}  // namespace tightship::match::testing
