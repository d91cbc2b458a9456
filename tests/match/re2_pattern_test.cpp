// Wide repeats are matched without their bounds first: against RE2 on the expression as it is written.

#include "match/re2_pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>
#include <vector>

#include "match/regex.h"

namespace tightship::match {
namespace {

// Greedy and lazy, side by side, of overlapping classes, inside of groups and alternatives, with and without a lower
// bound, beyond what RE2 counts to.
const std::vector<std::string> kExpressions{
    R"(<([a-z]{0,250})>)",
    R"(<([a-z]{5,250}?)>)",
    R"(<[a-z]{0,250}[a-z>]{0,300}?>)",
    R"((<[^x]{1,200}?>)|(<[a-z<>]{3,400}>))",
    R"(<(?:[a-z]{0,210}[-x]){0,2}([a-z]{2,205})>)",
    R"(\b([a-z]{200,220})\b)",
    R"((<)([a-z>]{0,1500})(>))",
    R"(<([a-z]{1100,1300}))",
    R"((?i)<([A-Z]{0,201})>|-([a-z]{1,}-[a-z]{0,300}))",
    R"((?s)<(.{0,300}?)>)",
    R"((?:[a-z]{0,200}>){0,3})",
};

// Letters in runs that are just shorter and just longer than the bounds.
std::string text_for(std::mt19937& random) {
  constexpr unsigned kRuns[] = {0,   1,   2,   5,   100, 195, 199, 200,  201,  210,
                                220, 249, 250, 251, 300, 301, 400, 1099, 1300, 1301};
  std::string text;
  for (unsigned parts = 1 + random() % 7; parts > 0; --parts) {
    text += "<>-x\n <"[random() % 7];
    text += std::string(kRuns[random() % std::size(kRuns)], static_cast<char>('a' + random() % 3));
  }
  return text + "<>- "[random() % 4];
}

struct Exact {
  explicit Exact(const std::string& expression)
      : re2(regex::parse(expression, regex::Bounds::Cut)->re2, RE2::Options(RE2::Latin1)) {}

  std::optional<GroupedMatch> match(std::string_view text, std::uint32_t start, RE2::Anchor anchor) const {
    std::vector<re2::StringPiece> parts(static_cast<std::size_t>(re2.NumberOfCapturingGroups()) + 1);
    const re2::StringPiece all(text.data(), text.size());
    if (!re2.Match(all, start, text.size(), anchor, parts.data(), static_cast<int>(parts.size()))) return std::nullopt;
    re2::StringPiece secret = parts[0];
    for (std::size_t i = parts.size(); i-- > 1;) {
      if (parts[i].data() != nullptr) secret = parts[i];
    }
    const auto span = [&](re2::StringPiece part) {
      const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
      return Span{begin, begin + static_cast<std::uint32_t>(part.size())};
    };
    return GroupedMatch{span(parts[0]), span(secret)};
  }

  RE2 re2;
};

void expect_same(const std::optional<GroupedMatch>& have, const std::optional<GroupedMatch>& want) {
  ASSERT_EQ(have.has_value(), want.has_value());
  if (!have) return;
  EXPECT_EQ(have->match, want->match);
  EXPECT_EQ(have->secret, want->secret);
}

TEST(Re2Pattern, MatchesWideRepeatsAsTheyAreWritten) {
  std::mt19937 random(3);
  for (const std::string& expression : kExpressions) {
    const auto tree = regex::parse(expression, regex::Bounds::Cut);
    ASSERT_TRUE(tree);
    EXPECT_FALSE(tree->loose.empty()) << expression;
    const auto pattern = Re2Pattern::compile_whole(expression, 0);
    ASSERT_TRUE(pattern);
    const Exact exact(expression);
    ASSERT_TRUE(exact.re2.ok()) << expression;
    std::size_t matches = 0;
    for (int round = 0; round < 150; ++round) {
      const std::string text = text_for(random);
      SCOPED_TRACE(expression + " in " + text);
      const auto start = static_cast<std::uint32_t>(random() % text.size());
      for (const std::uint32_t at : {0u, start}) {
        const auto want = exact.match(text, at, RE2::UNANCHORED), here = exact.match(text, at, RE2::ANCHOR_START);
        expect_same(pattern->search_from(text, at), want);
        expect_same(pattern->match_at(text, at), here);
        EXPECT_EQ(pattern->matches_at(text, at), here.has_value());
        EXPECT_EQ(pattern->find_from(text, at), want ? std::optional(want->match) : std::nullopt);
        matches += want.has_value();
      }
      if (HasFailure()) return;
    }
    EXPECT_GT(matches, 5u) << expression;
  }
}

// What is not wide is matched as it is.
TEST(Re2Pattern, KeepsNarrowRepeats) {
  for (const char* expression : {"[a-z]{20,31}", "(?:ab){1,300}", "([a-z]){0,250}", "[a-z]{300}", "[a-z]{0,}"}) {
    const auto tree = regex::parse(expression, regex::Bounds::Cut);
    ASSERT_TRUE(tree) << expression;
    EXPECT_TRUE(tree->loose.empty()) << expression;
  }
}

}  // namespace
}  // namespace tightship::match
