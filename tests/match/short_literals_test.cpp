#include "match/short_literals.h"

#include <gtest/gtest.h>

#include "match/byte_class.h"
#include "match/literal_database.h"
#include "match/pattern_samples.h"

namespace tightship::match {
namespace {

std::vector<std::uint32_t> plainly(std::string_view text, const Literal& literal) {
  std::vector<std::uint32_t> out;
  const auto fold = [&](char c) { return literal.caseless ? ascii_lower(c) : c; };
  for (std::uint32_t at = 0; at + 2 <= text.size(); ++at) {
    if (fold(text[at]) == literal.bytes[0] && fold(text[at + 1]) == literal.bytes[1]) out.push_back(at);
  }
  return out;
}

// Of every length around the width of a step, at every place in it.
TEST(ShortLiterals, AreFoundWhereverTheyStand) {
  testing::Random random(3);
  for (const Literal& literal : {Literal{"ab", false}, Literal{"ab", true}, Literal{"aa", false}, Literal{"a.", true},
                                 Literal{"\x80\xff", false}}) {
    for (std::size_t size = 0; size < 70; ++size) {
      std::string text(size, ' ');
      for (char& c : text) c = std::string_view("abAB.\x80\xff")[testing::below(random, 7)];
      std::vector<Anchor> anchors;
      find_short_literal(as_bytes(text), literal.bytes, literal.caseless, 7, anchors);
      std::vector<std::uint32_t> found;
      for (const Anchor& anchor : anchors) {
        EXPECT_EQ(anchor.literal, 7);
        found.push_back(anchor.position);
      }
      EXPECT_EQ(found, plainly(text, literal)) << text;
    }
  }
}

TEST(ShortLiterals, StandAmongTheOthersInOrder) {
  const auto engine = Engine::compile({{"short", "SK[0-9a-f]{4}", 0, {}}, {"long", "token_[0-9]", 0, {}}});
  ASSERT_TRUE(engine);
  const std::string text = "SK12ab token_1 xSK0000";
  auto scratch = engine->make_scratch();
  std::vector<Anchor> anchors;
  engine->find_anchors(as_bytes(text), scratch, anchors);
  ASSERT_EQ(anchors.size(), 3u);
  EXPECT_TRUE(std::is_sorted(anchors.begin(), anchors.end()));
  std::vector<Match> matches;
  for (const Anchor& anchor : anchors) engine->confirm(as_bytes(text), anchor, matches);
  EXPECT_EQ(matches.size(), 3u);
}

}  // namespace
}  // namespace tightship::match
