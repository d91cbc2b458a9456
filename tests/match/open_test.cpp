// Expressions without upper bounds, and without literals: what the engine finds by windows, against RE2 on
// all of the text.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>

#include "match/engine.h"
#include "match/pattern_samples.h"
#include "match/regex.h"

namespace tightship::match {
namespace {

using testing::below;
using testing::Random;

struct Row {
  const char* name;
  std::string regex;
  std::vector<std::string> keywords;
  Way way;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

// A match can have 19 000 bytes.
std::string wide() {
  std::string regex = "key_";
  for (int i = 0; i < 20; ++i) regex += "(?:[a-z]{31}){31}";
  return regex;
}

class AnyPattern : public ::testing::TestWithParam<Row> {};

TEST_P(AnyPattern, IsUsableInSomeWay) {
  const auto info = analyse_any_pattern(GetParam().regex, {}, GetParam().keywords);
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_EQ(info->way, GetParam().way);
  if (info->way == Way::Search) {
    EXPECT_EQ(info->anchors.size(), GetParam().keywords.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, AnyPattern,
                         ::testing::Values(Row{"Bounded", "key_[a-z]{4,9}", {}, Way::Window},
                                           Row{"Star", "key_[a-z]*", {}, Way::Open},
                                           Row{"LazyPlus", "key_[a-z]+?", {}, Way::Open},
                                           Row{"OpenRange", "key_[a-z]{4,}", {}, Way::Open},
                                           Row{"LargeLowerBound", "key_[a-z]{900,}", {}, Way::Open},
                                           Row{"Group", "key_(?:[a-z]{1,3}\\.)+end", {}, Way::Open},
                                           Row{"LoopInGroup", "key_(?:[a-z]+\\.){1,5}end", {}, Way::Open},
                                           Row{"LoopInLoop", "key_(?:[a-z]+\\.)+end", {}, Way::Open},
                                           Row{"InABranch", "key_(?:a+|b{2}|[0-9]+x)end", {}, Way::Open},
                                           Row{"BeforeTheLiteral", "[a-z]+\\.key_", {}, Way::Open},
                                           Row{"NoLiteral", "[a-z]{5,9}", {}, Way::Search},
                                           Row{"NoLiteralWithKeyword", "[a-z]{5,9}", {"Token"}, Way::Search},
                                           Row{"TwoBytes", "ab[0-9]{4}cd", {"abc"}, Way::Window},
                                           Row{"OneByte", "a[0-9]{4}", {"abc"}, Way::Search},
                                           Row{"UnicodeClass", "key_\\p{L}+", {"key_"}, Way::Search},
                                           Row{"BeyondAscii", "key_[\xC3\xA4-\xC3\xBC]", {}, Way::Search},
                                           Row{"TooWide", wide(), {}, Way::Search}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(AnyPattern, RefusesWhatRe2Refuses) {
  EXPECT_FALSE(analyse_any_pattern("(key_", {}, {}));
  EXPECT_FALSE(analyse_any_pattern("key_(?=a)", {}, {}));
  EXPECT_FALSE(analyse_any_pattern("key_*", {"other"}, {}));
}

constexpr std::string_view kOpen[] = {
    R"(key_[a-d]{3,}(?:\s|$))",
    R"((?i)(?:key|pass)_?[ =]{0,4}([a-z0-9]{5,}={0,3})(?:['"\s;]|\\[nr]|$))",
    R"(\bcurl\b(?:.*?|.*?(?:[\r\n]{1,2}.*?){1,3})[ \t](?:-H|--header) ([a-d]{3,}))",
    R"((?i)[\w.-]{0,40}?(?:key|pass)(?:[ \t\w.-]{0,9})['"]{0,3}(?:=|:|=>)["]{0,3}([\w.=-]{6,50}|[a-d]{9,}={0,3})(?:[\s;"]|$))",
    R"(BEGIN_[A-D]{0,9}KEY[\s\S]{8,}?KEY)",
    R"(key_(?:[a-d]+\.)+end)",
    R"(a{2,}\.key_b*)",
    R"((?:xx_|yy_)+[a-d]*z)",
};

RE2::Options byte_options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  return options;
}

// Parts of matches, and runs that are longer than the cut of a repeat.
std::string random_text(Random& random) {
  constexpr std::string_view kPieces[] = {"key_", "KEY", "BEGIN_", "pass", "curl", " -H ", " --header ", "\n",  " ",
                                          "=",    "xx_", "yy_",    "z",    ".end", ".",    "\"",         "aa.", ";"};
  std::string text;
  const std::size_t pieces = 1 + below(random, 30);
  for (std::size_t i = 0; i < pieces; ++i) {
    if (below(random, 3) != 0) {
      text += kPieces[below(random, std::size(kPieces))];
    } else {
      const std::size_t length = below(random, 8) == 0 ? 200 + below(random, 400) : below(random, 12);
      for (std::size_t k = 0; k < length; ++k) text += static_cast<char>('a' + below(random, 4));
    }
  }
  return text;
}

struct Scan {
  std::vector<std::pair<Anchor, std::vector<Match>>> found;
  std::vector<bool> open;
};

Scan scan(const Engine& engine, std::string_view text) {
  Scan scan;
  auto scratch = engine.make_scratch();
  std::vector<Anchor> anchors;
  engine.find_anchors(as_bytes(text), scratch, anchors);
  for (const Anchor anchor : anchors) {
    scan.found.push_back({anchor, {}});
    scan.open.push_back(engine.confirm(as_bytes(text), anchor, scan.found.back().second));
  }
  return scan;
}

using Ends = std::pair<std::uint32_t, std::uint32_t>;

// What a search from match to match with the uncut expression finds: gitleaks' view.
std::vector<Ends> find_all(const RE2& re2, std::string_view text) {
  std::vector<Ends> out;
  const re2::StringPiece all(text.data(), text.size());
  re2::StringPiece whole;
  for (std::size_t at = 0; at <= text.size() && re2.Match(all, at, text.size(), RE2::UNANCHORED, &whole, 1);) {
    const auto begin = static_cast<std::uint32_t>(whole.data() - text.data());
    out.emplace_back(begin, begin + static_cast<std::uint32_t>(whole.size()));
    at = std::max<std::size_t>(out.back().second, begin + 1);
  }
  return out;
}

TEST(OpenPatterns, FindWhatASearchFinds) {
  std::size_t matches = 0, open = 0;
  for (const std::string_view regex : kOpen) {
    const auto engine = Engine::compile({{"rule", regex, 0, {}}});
    ASSERT_TRUE(engine) << engine.error().what;
    const auto info = analyse_any_pattern(regex, {}, {});
    ASSERT_TRUE(info);
    ASSERT_EQ(info->way, Way::Open) << regex;
    const RE2 re2(re2::StringPiece(regex.data(), regex.size()), byte_options());
    // A repeat without an upper bound in front of the literal counts at most 256 times.
    const std::uint32_t reach = info->anchors.front().max_offset;
    Random random(7);
    for (int round = 0; round < 1500; ++round) {
      const std::string text = random_text(random);
      const Scan got = scan(*engine, text);
      std::vector<Ends> found;
      for (const auto& [anchor, here] : got.found) {
        for (const Match& match : here) found.emplace_back(match.start, match.end);
      }
      for (const Ends& match : found) {
        const re2::StringPiece all(text.data(), text.size());
        ASSERT_TRUE(re2.Match(all, match.first, match.second, RE2::ANCHOR_BOTH, nullptr, 0)) << regex << "\n" << text;
      }
      for (const Ends& wanted : find_all(re2, text)) {
        const bool has = std::any_of(found.begin(), found.end(), [&](const Ends& match) {
          return match.second == wanted.second && match.first <= wanted.first;
        });
        ASSERT_TRUE(has || (reach > 200 && wanted.second - wanted.first > 200)) << regex << "\n" << text;
      }
      matches += found.size();
      open += static_cast<std::size_t>(std::count(got.open.begin(), got.open.end(), true));
    }
  }
  EXPECT_GT(matches, 500u);
  EXPECT_GT(open, 200u);
}

// What confirm() says of a verdict that is not open: nothing outside of the window counts.
TEST(OpenPatterns, DependOnTheWindowUnlessTheySayOtherwise) {
  std::vector<PatternSpec> specs;
  for (const std::string_view regex : kOpen) specs.push_back({"rule", regex, 0, {}});
  const auto engine = Engine::compile(specs);
  ASSERT_TRUE(engine);
  Random random(11);
  std::size_t compared = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = random_text(random);
    const Scan got = scan(*engine, text);
    for (std::size_t i = 0; i < got.found.size(); ++i) {
      if (got.open[i]) continue;
      const auto& [anchor, found] = got.found[i];
      const Reach reach = engine->reach(anchor.literal);
      const std::uint32_t begin = anchor.position - std::min(anchor.position, reach.before);
      const std::size_t end = std::min<std::size_t>(text.size(), anchor.position + std::size_t{reach.after});
      // Other bytes around the window, where there were some.
      std::string other = text.substr(begin, end - begin);
      const std::string head = begin > 0 ? random_text(random) : "",
                        tail = end < text.size() ? random_text(random) : "";
      other = head + other + tail;
      const auto shift = static_cast<std::uint32_t>(head.size()) - begin;
      std::vector<Match> again;
      ASSERT_FALSE(engine->confirm(as_bytes(other), {anchor.position + shift, anchor.literal}, again));
      ASSERT_EQ(again.size(), found.size()) << text;
      for (std::size_t k = 0; k < again.size(); ++k) {
        EXPECT_EQ(again[k].start, found[k].start + shift);
        EXPECT_EQ(again[k].end, found[k].end + shift);
      }
      compared += !head.empty() || !tail.empty();
    }
  }
  EXPECT_GT(compared, 100u);
}

TEST(SearchedPatterns, AreSearchedWhereALiteralCallsForThem) {
  const auto engine =
      Engine::compile({{"a", "[a-c]{5,9}", 0, {}, {"Token"}}, {"b", "[x-z]{5,9}", 0, {}}, {"none", "", 0, {}}});
  ASSERT_TRUE(engine);
  ASSERT_TRUE(engine->searches());
  const auto search = [&](std::string_view text) {
    std::vector<std::uint8_t> seen(engine->literal_count());
    for (const auto& [anchor, found] : scan(*engine, text).found) seen[anchor.literal] = 1;
    std::vector<Match> matches;
    engine->search(as_bytes(text), seen, matches);
    return matches;
  };
  EXPECT_EQ(search("abcabc").size(), 0u);
  EXPECT_EQ(search("abcabc token abcabcabcabcabcabc").size(), 3u);  // leftmost, then on from its end
  EXPECT_EQ(search("xyzxyz").size(), 1u);
  EXPECT_EQ(search("xyzxyz TOKEN abcab").size(), 2u);
}

TEST(OpenPatterns, SurviveBeingStored) {
  std::vector<PatternSpec> specs{
      {"open", kOpen[1], 0, {}}, {"search", "[a-c]{5,9}", 0, {}, {"Token"}}, {"path", "", 0, {}}};
  const auto engine = Engine::compile(specs);
  ASSERT_TRUE(engine);
  const auto blob = engine->serialize();
  const auto again = Engine::deserialize(blob, specs);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_TRUE(again->searches());
  EXPECT_EQ(scan(*again, "key = " + std::string(900, 'a') + ";").found.front().second.size(), 1u);
}

TEST(SecretAlone, TakesTheFirstGroupThatIsNotEmpty) {
  const auto engine = Engine::compile({{"rule", "key_(a*)(b*)c", 0, {}}});
  ASSERT_TRUE(engine);
  EXPECT_EQ(engine->secret_alone(0, "key_aabc"), "aa");
  EXPECT_EQ(engine->secret_alone(0, "key_bbc"), "bb");
  EXPECT_EQ(engine->secret_alone(0, "key_c"), "key_c");
  EXPECT_EQ(engine->secret_alone(0, "key_"), std::nullopt);
}

}  // namespace
}  // namespace tightship::match
