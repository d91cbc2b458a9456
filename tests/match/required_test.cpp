// Which bytes a pattern is known to need behind its anchor, and that asking for them first changes no verdict.

#include <gtest/gtest.h>

#include <random>

#include "match/byte_class.h"
#include "match/engine.h"
#include "match/pattern.h"

namespace tightship::match {
namespace {

std::string bytes_of(const ByteClass& set) {
  std::string bytes;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (contains(set, static_cast<std::uint8_t>(byte))) bytes += static_cast<char>(byte);
  }
  return bytes;
}

// "BYTES min-max", rarest first.
std::vector<std::string> required_of(const std::string& regex) {
  const auto info = analyse_pattern(regex);
  EXPECT_TRUE(info) << regex;
  std::vector<std::string> out;
  if (!info) return out;
  for (const Required& item : info->required) {
    out.push_back(bytes_of(item.set) + ' ' + std::to_string(item.min_offset) + '-' + std::to_string(item.max_offset));
  }
  return out;
}

struct Row {
  std::string name, regex;
  std::vector<std::string> required;
};

class RequiredBytes : public testing::TestWithParam<Row> {};

TEST_P(RequiredBytes, AreFound) { EXPECT_EQ(required_of(GetParam().regex), GetParam().required); }

INSTANTIATE_TEST_SUITE_P(
    Rows, RequiredBytes,
    testing::Values(Row{"Url", "http://[a-z]{0,9}:([a-z]{3,9})@[a-z]", {"@ 11-26", ": 7-16"}},
                    Row{"QuotedValue", "password[a-z ]{0,2}=[ ]{0,2}[\"']([a-z]{2,4})[\"']", {"= 8-10", "\"' 9-13"}},
                    Row{"OneOfSeveral", "token[a-z](?:#a|!b)[a-z]", {"!# 6-7"}},
                    Row{"Repeated", "token[a-z]{2,3}(?:%[0-9]{2}){1,3}", {"% 7-16"}},
                    Row{"BeforeTheAnchor", "@[a-z]{2}password[a-z]", {}}, Row{"NothingRare", "password[a-z]{8}", {}},
                    Row{"MayBeAbsent", "password@?[a-z]{8}(?:#x)?", {}},
                    Row{"OneWayWithout", "token(?:#a|b)[a-z]", {}}),
    [](const auto& info) { return info.param.name; });

// A pattern with required bytes against the same one that hides them from the analysis in an alternative
// that cannot match.
TEST(RequiredBytes, ChangeNoVerdict) {
  const std::string visible = "tok[a-z]{0,3}(?:@|#)[a-z]{1,4}%";
  const std::string hidden = "tok[a-z]{0,3}(?:@|#)[a-z]{1,4}(?:%|\\x01\\x02)";
  auto first = Engine::compile({{"visible", visible, 0, {}}});
  auto second = Engine::compile({{"hidden", hidden, 0, {}}});
  ASSERT_TRUE(first && second);
  ASSERT_NE(required_of(visible), required_of(hidden));
  std::mt19937 random(1);
  std::uint64_t matched = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      const char* const pieces[] = {"tok", "a", "bc", "@", "#", "%", "x"};
      text += pieces[random() % std::size(pieces)];
    }
    std::vector<Match> one, two;
    for (auto [engine, out] : {std::pair(&*first, &one), std::pair(&*second, &two)}) {
      auto scratch = engine->make_scratch();
      std::vector<Anchor> anchors;
      engine->find_anchors(as_bytes(text), scratch, anchors);
      for (const Anchor anchor : anchors) engine->confirm(as_bytes(text), anchor, *out);
    }
    ASSERT_EQ(one.size(), two.size()) << text;
    for (std::size_t i = 0; i < one.size(); ++i) {
      ASSERT_EQ(one[i].start, two[i].start) << text;
      ASSERT_EQ(one[i].end, two[i].end) << text;
    }
    matched += one.size();
  }
  EXPECT_GT(matched, 100u);
}

}  // namespace
}  // namespace tightship::match
