// Rules without bounds and without literals, delta-aware against whole: their verdicts can depend on bytes
// far away, which is what inheritance must notice.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "git/delta.h"
#include "scan/delta_scanner.h"

namespace tightship::scan {
namespace {

using git::DeltaOp;

detect::RuleSet open_rules() {
  detect::LoadOptions options;
  options.dialect = detect::Dialect::Gitleaks;
  options.text =
      "[[rules]]\nid = 'run'\nregex = '''key_([a-d]{3,})(?:\\s|$)'''\n"
      "[[rules]]\nid = 'block'\nregex = '''BEGIN_[A-D]{0,9}KEY([\\s\\S]{8,}?)KEY'''\n"
      "[[rules]]\nid = 'group'\nregex = '''key_(?:[a-d]+\\.)+end'''\n"
      "[[rules]]\nid = 'search'\nregex = '''[0-9]{2}:[a-d]+;'''\nkeywords = ['token']\n"
      "[[rules]]\nid = 'always'\nregex = '''<[a-d]{2,}>'''\n";
  auto rules = detect::RuleSet::load(std::vector<detect::RuleInput>{}, options);
  EXPECT_TRUE(rules) << rules.error().what;
  return std::move(*rules);
}

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::string piece() {
    constexpr std::string_view kPieces[] = {"key_", "BEGIN_A", "KEY", "KEY", "\n", " ",    ".end",
                                            ".",    "12:",     ";",   "<",   ">",  "token"};
    if (random_() % 2 == 0) return std::string(kPieces[random_() % std::size(kPieces)]);
    std::string run(random_() % 6 == 0 ? 200 + random_() % 500 : random_() % 12, 'a');
    for (char& c : run) c = static_cast<char>('a' + random_() % 4);
    return run;
  }

  std::string content() {
    std::string out;
    for (int i = 0; i < 60; ++i) out += piece();
    return out;
  }

  // Copies most of `base`; small insertions and cuts between.
  std::string edit(const std::string& base, std::vector<DeltaOp>& ops) {
    std::string out;
    ops.clear();
    for (std::uint32_t at = 0; at < base.size();) {
      const auto length = std::min<std::uint32_t>(static_cast<std::uint32_t>(base.size()) - at, 1 + random_() % 1500);
      if (random_() % 6 != 0) {
        ops.push_back({length, at, true});
        out.append(base, at, length);
      }
      const std::string put = random_() % 3 == 0 ? piece() : "";
      if (!put.empty()) ops.push_back({static_cast<std::uint32_t>(put.size()), 0, false});
      out += put;
      at += length;
    }
    return out;
  }

 private:
  std::mt19937 random_;
};

std::vector<detect::Candidate> sorted(std::vector<detect::Candidate> candidates) {
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

TEST(OpenRules, AreTheSameAlongDeltasAndWhole) {
  const detect::RuleSet rules = open_rules();
  std::size_t found = 0, searched = 0, open = 0;
  for (unsigned seed = 1; seed <= 600; ++seed) {
    Maker maker(seed);
    DeltaScanner delta(rules), whole(rules);
    std::string base = maker.content();
    AnchorScan state, next, reference;
    whole.scan_whole(as_bytes(base), state);
    for (int step = 0; step < 20; ++step) {
      std::vector<DeltaOp> ops;
      const std::string content = maker.edit(base, ops);
      delta.scan_delta(as_bytes(content), ops, static_cast<std::uint32_t>(base.size()), state, next);
      whole.scan_whole(as_bytes(content), reference);
      ASSERT_EQ(next.marks, reference.marks) << "seed " << seed << " step " << step;
      ASSERT_EQ(next.found, reference.found) << "seed " << seed << " step " << step;
      ASSERT_EQ(sorted(next.searched), sorted(reference.searched)) << "seed " << seed << " step " << step;
      found += reference.found.size();
      searched += reference.searched.size();
      for (const AnchorScan::Mark& mark : reference.marks) open += mark.open;
      base = content + maker.piece() + maker.piece();
      whole.scan_whole(as_bytes(base), state);
      if (step % 2 == 0) continue;
      base = content;
      std::swap(state, next);
    }
  }
  EXPECT_GT(found, 1000u);
  EXPECT_GT(searched, 100u);
  EXPECT_GT(open, 500u);
}

}  // namespace
}  // namespace tightship::scan
