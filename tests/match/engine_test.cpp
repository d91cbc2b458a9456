#include "match/engine.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <thread>

#include "match/byte_class.h"
#include "match/pattern_samples.h"

namespace tightship::match {
namespace {

using testing::Random;

// Shapes of real rules: fixed and variable offsets, shared and nested literals, both cases,
// look-around, wide and lazy matches.
constexpr std::string_view kPatterns[] = {
    R"(\b(ghp_[0-9A-Za-z]{36})\b)",
    R"(\b(gh[pousr]_[0-9A-Za-z]{20,36})\b)",
    R"(\bsk-(?:proj|svcacct)-[\w-]{20,74}T3BlbkFJ[\w-]{20,74}\b)",
    R"(-----BEGIN (?:RSA |EC )?PRIVATE KEY-----([\s\S]{10,3000}?)-----END)",
    R"(\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70})",
    R"((?i)heroku[\w .-]{0,20}[=:]{1,3} {0,3}['"]?([0-9a-f]{8}-[0-9a-f]{4}))",
    R"((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})",
    R"(\b(?i:https?|ftp|postgres(?:ql)?|mysql)://[^\s:@/]{1,64}:([^\s:@/]{3,128})@[\w.-]{3,100})",
    R"([0-9]{8,10}:AA[A-Za-z0-9_-]{33})",
    R"((?i)[\w.-]{0,40}(?:password|passwd|secret)[\w.-]{0,20}["']?\s{0,5}(?:=|:|=>)\s{0,5}["']([^"'\s]{6,100})["'])",
    R"((?:ab|abc)?(?:key_|KEY_)[a-c]{2,4}(?:key_)?)",
    R"((?i:KEY_)[a-c]{2,4}\B)",
    R"((?m)^tok=([0-9a-z]{4,8})$|(?m)^tok:(x{3,5}?))",
    R"([a-d]{0,12}?dd_zz[a-d]{0,6})",
    R"((?s)q{1,30}.{0,9}QZ_7(.)?)",
    R"(aaaa{0,5})",
    R"((?:^|[^0-9a-z])(edge_[0-9a-f]{6,9})(?:[^0-9a-z]|$))",
    R"(\A(?:edge_|[a-f]{0,9}\.EDGE)[0-9]{1,5}|[a-f]{0,9}\.EDGE[0-9]{1,5}\z)",
};

std::vector<PatternSpec> specs() {
  std::vector<PatternSpec> out;
  for (const std::string_view regex : kPatterns) out.push_back({"rule", regex, 0, {}});
  return out;
}

std::vector<regex::Tree> trees() {
  std::vector<regex::Tree> out;
  for (const std::string_view regex : kPatterns) out.push_back(*regex::parse(regex));
  return out;
}

Engine compile_all() {
  auto engine = Engine::compile(specs());
  EXPECT_TRUE(engine) << engine.error().what << " in " << engine.error().where;
  return std::move(*engine);
}

std::vector<Anchor> find(const Engine& engine, std::string_view text) {
  auto scratch = engine.make_scratch();
  std::vector<Anchor> anchors;
  engine.find_anchors(as_bytes(text), scratch, anchors);
  return anchors;
}

std::vector<Match> confirm(const Engine& engine, std::string_view text, Anchor anchor) {
  std::vector<Match> matches;
  engine.confirm(as_bytes(text), anchor, matches);
  return matches;
}

std::vector<Match> confirm_all(const Engine& engine, std::string_view text) {
  std::vector<Match> matches;
  for (const Anchor anchor : find(engine, text)) engine.confirm(as_bytes(text), anchor, matches);
  return matches;
}

RE2::Options byte_options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  return options;
}

// The semantics of engine.h, as plainly as possible.
class Oracle {
 public:
  explicit Oracle(const std::vector<PatternSpec>& specs) {
    for (const PatternSpec& spec : specs) {
      infos_.push_back(*analyse_pattern(spec.regex, spec.anchors));
      expressions_.push_back(std::make_unique<RE2>(regex::parse(spec.regex)->re2, byte_options()));
    }
  }

  static bool equal_at(std::string_view text, std::size_t at, std::string_view literal, bool caseless) {
    if (at + literal.size() > text.size()) return false;
    return std::equal(literal.begin(), literal.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                      [&](char a, char b) { return a == (caseless ? ascii_lower(b) : b); });
  }

  // The end of the match that starts at `start`, with the secret; nothing when there is none.
  std::optional<Match> match_at(std::uint32_t pattern, std::string_view text, std::size_t start) const {
    const RE2& re2 = *expressions_[pattern];
    std::vector<re2::StringPiece> parts(static_cast<std::size_t>(re2.NumberOfCapturingGroups()) + 1);
    const re2::StringPiece all(text.data(), text.size());
    if (!re2.Match(all, start, text.size(), RE2::ANCHOR_START, parts.data(), static_cast<int>(parts.size()))) {
      return std::nullopt;
    }
    re2::StringPiece secret = parts[0];
    for (std::size_t i = parts.size(); --i > 0;) {
      if (parts[i].data()) secret = parts[i];
    }
    const auto offset = [&](const char* at) { return static_cast<std::uint32_t>(at - text.data()); };
    return Match{pattern, offset(parts[0].data()), offset(parts[0].data() + parts[0].size()), offset(secret.data()),
                 offset(secret.data() + secret.size())};
  }

  std::vector<Match> matches(std::string_view text, std::string_view literal, bool caseless, std::uint32_t at) const {
    std::vector<Match> out;
    for (std::uint32_t pattern = 0; pattern < infos_.size(); ++pattern) {
      for (const AnchorLiteral& anchor : infos_[pattern].anchors) {
        if (anchor.bytes != literal || anchor.caseless != caseless || at < anchor.min_offset) continue;
        for (std::uint32_t start = at - std::min(at, anchor.max_offset); start <= at - anchor.min_offset; ++start) {
          const auto match = match_at(pattern, text, start);
          if (!match || match->end < at + literal.size()) continue;
          out.push_back(*match);
          break;
        }
      }
    }
    return out;
  }

  const std::vector<PatternInfo>& infos() const { return infos_; }

 private:
  std::vector<PatternInfo> infos_;
  std::vector<std::unique_ptr<RE2>> expressions_;
};

struct Case {
  std::string bytes;
  bool caseless;
  std::uint32_t position;
  auto operator<=>(const Case&) const = default;
};

// Every place of every anchor literal.
std::vector<Case> naive_anchors(const Oracle& oracle, std::string_view text) {
  std::vector<Case> out;
  for (const PatternInfo& info : oracle.infos()) {
    for (const AnchorLiteral& anchor : info.anchors) {
      for (std::uint32_t at = 0; at + anchor.bytes.size() <= text.size(); ++at) {
        if (Oracle::equal_at(text, at, anchor.bytes, anchor.caseless))
          out.push_back({anchor.bytes, anchor.caseless, at});
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool sorted_once(const std::vector<Anchor>& anchors) {
  return std::adjacent_find(anchors.begin(), anchors.end(), [](Anchor a, Anchor b) { return !(a < b); }) ==
         anchors.end();
}

// Literals come once each; a caseless and an exact one may have the same bytes.
std::vector<Match> by_oracle(const Oracle& oracle, const Engine& engine, std::string_view text, Anchor anchor,
                             const std::vector<bool>& caseless) {
  return oracle.matches(text, engine.literal_bytes(anchor.literal), caseless[anchor.literal], anchor.position);
}

// Ids follow no rule that callers know, so the case of a literal is learned by a probe.
std::vector<bool> probe_caseless(const Engine& engine) {
  std::vector<bool> out;
  for (std::uint16_t id = 0; id < engine.literal_count(); ++id) {
    std::string text(engine.literal_bytes(id));
    for (char& c : text)
      c = static_cast<char>(static_cast<std::uint8_t>(c) < 0x80 ? other_case(static_cast<std::uint8_t>(c)) : c);
    const auto found = find(engine, text);
    out.push_back(text != engine.literal_bytes(id) && std::any_of(found.begin(), found.end(), [&](Anchor a) {
                    return a.literal == id && a.position == 0;
                  }));
  }
  return out;
}

TEST(EngineOracle, AnchorsAndConfirmEqualRe2Alone) {
  const Engine engine = compile_all();
  const Oracle oracle(specs());
  const auto caseless = probe_caseless(engine);
  const auto samples = trees();
  Random random(7);
  std::size_t matched = 0, failed = 0;
  for (int round = 0; round < 150; ++round) {
    const std::string text = testing::sample_text(random, samples, 12);
    const auto anchors = find(engine, text);
    ASSERT_TRUE(sorted_once(anchors));
    std::vector<Case> found;
    for (const Anchor anchor : anchors) {
      found.push_back({std::string(engine.literal_bytes(anchor.literal)), caseless[anchor.literal], anchor.position});
      const auto matches = confirm(engine, text, anchor);
      ASSERT_EQ(matches, by_oracle(oracle, engine, text, anchor, caseless))
          << "round " << round << " at " << anchor.position;
      (matches.empty() ? failed : matched) += 1;
    }
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, naive_anchors(oracle, text)) << "round " << round;
  }
  EXPECT_GT(matched, 500U);
  EXPECT_GT(failed, 500U);
}

TEST(EngineOracle, VerdictsDependOnTheReachOnly) {
  const Engine engine = compile_all();
  const auto samples = trees();
  Random random(11);
  std::size_t matched = 0, changed_when_too_small = 0;
  for (int round = 0; round < 150; ++round) {
    const std::string text = testing::sample_text(random, samples, 12);
    for (const Anchor anchor : find(engine, text)) {
      const Reach reach = engine.reach(anchor.literal);
      const std::uint32_t begin = anchor.position - std::min(anchor.position, reach.before);
      const std::string window = text.substr(begin, anchor.position - begin + reach.after);
      const auto whole = confirm(engine, text, anchor);
      auto cut = confirm(engine, window, Anchor{anchor.position - begin, anchor.literal});
      for (Match& match : cut) {
        for (std::uint32_t* at : {&match.start, &match.end, &match.secret_start, &match.secret_end}) *at += begin;
      }
      ASSERT_EQ(cut, whole) << "round " << round << " at " << anchor.position;
      matched += whole.empty() ? 0 : 1;
      // The test has teeth: a window without what follows the anchor's first 16 bytes changes verdicts.
      const auto small = confirm(engine, text.substr(0, anchor.position + 16), anchor);
      changed_when_too_small += small != whole ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 500U);
  EXPECT_GT(changed_when_too_small, 100U);
}

// Every match of RE2, wherever it starts, has the width, the leading bytes and an anchor as analysed.
TEST(AnalysisOracle, HoldsForEveryMatchOfRandomExpressions) {
  Random random(23);
  std::size_t analysed = 0, matches = 0;
  for (int round = 0; round < 1600; ++round) {
    const std::string regex = testing::random_expression(random, 3);
    const auto tree = regex::parse(regex);
    if (!tree) continue;
    const RE2 re2(tree->re2, byte_options());
    const auto info = analyse_pattern(regex);
    if (!info) continue;
    ++analysed;
    ASSERT_TRUE(re2.ok()) << regex;
    const std::vector<PatternSpec> one = {{"random", regex, 0, {}}};
    const Oracle oracle(one);
    std::vector<regex::Tree> source;
    source.push_back(*tree);
    const std::string text = testing::sample_text(random, source, 5).substr(0, 2000);
    for (std::uint32_t start = 0; start <= text.size(); ++start) {
      const auto match = oracle.match_at(0, text, start);
      if (!match) continue;
      ++matches;
      const std::uint32_t width = match->end - match->start;
      ASSERT_TRUE(width >= info->min_width && width <= info->max_width) << regex;
      for (std::size_t i = 0; i < info->prefix.size(); ++i) {
        ASSERT_TRUE(contains(info->prefix[i], static_cast<std::uint8_t>(text[start + i]))) << regex;
      }
      const bool anchored = std::any_of(info->anchors.begin(), info->anchors.end(), [&](const AnchorLiteral& anchor) {
        for (std::uint32_t at = start + anchor.min_offset; at <= start + anchor.max_offset; ++at) {
          if (at + anchor.bytes.size() <= match->end && Oracle::equal_at(text, at, anchor.bytes, anchor.caseless))
            return true;
        }
        return false;
      });
      ASSERT_TRUE(anchored) << regex << " at " << start << " of " << text;
    }
  }
  EXPECT_GT(analysed, 300U);
  EXPECT_GT(matches, 500U);
}

TEST(EngineOracle, RandomExpressionsTogether) {
  Random random(31);
  std::size_t matched = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> regexes;
    std::vector<PatternSpec> chosen;
    std::vector<regex::Tree> source;
    while (regexes.size() < 8) {
      std::string regex = testing::random_expression(random, 2);
      if (analyse_pattern(regex)) regexes.push_back(std::move(regex));
    }
    for (const std::string& regex : regexes) {
      chosen.push_back({"random", regex, 0, {}});
      source.push_back(*regex::parse(regex));
    }
    const auto engine = Engine::compile(chosen);
    ASSERT_TRUE(engine);
    const Oracle oracle(chosen);
    const auto caseless = probe_caseless(*engine);
    const std::string text = testing::sample_text(random, source, 20);
    for (const Anchor anchor : find(*engine, text)) {
      const auto matches = confirm(*engine, text, anchor);
      ASSERT_EQ(matches, by_oracle(oracle, *engine, text, anchor, caseless)) << "round " << round;
      matched += matches.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(matched, 200U);
}

// Where the data ends is seen one byte past a match, as a letter there would be.
TEST(Engine, EndsOfTheDataCount) {
  const auto engine = Engine::compile({{"rule", R"((?:^|;)key_[0-9]{2,4}(?:;|\z))", 0, {}}});
  ASSERT_TRUE(engine);
  EXPECT_EQ(confirm_all(*engine, "key_12").size(), 1U);
  EXPECT_EQ(confirm_all(*engine, ";key_1234;").size(), 1U);
  EXPECT_EQ(confirm_all(*engine, "key_12 ").size(), 0U);
  EXPECT_EQ(confirm_all(*engine, " key_12").size(), 0U);
  EXPECT_EQ(confirm_all(*engine, ";key_12345").size(), 0U);
}

struct SecretRow {
  std::string name, regex;
  std::uint32_t group;
  std::string text, secret;
};

class SecretGroupTest : public ::testing::TestWithParam<SecretRow> {};

TEST_P(SecretGroupTest, IsTheGroupThatTookPart) {
  const SecretRow& row = GetParam();
  const auto engine = Engine::compile({{"rule", row.regex, row.group, {}}});
  ASSERT_TRUE(engine) << engine.error().what;
  const auto matches = confirm_all(*engine, row.text);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(row.text.substr(matches[0].secret_start, matches[0].secret_end - matches[0].secret_start), row.secret);
}

const SecretRow kSecrets[] = {
    {"NoGroup", "key_[0-9]{3}", 0, "a key_123 b", "key_123"},
    {"First", "key_([0-9]{3})([a-z])", 0, "key_123x", "123"},
    {"Named", "key_([0-9]{3})([a-z])", 2, "key_123x", "x"},
    {"FirstThatTookPart", "key_(?:([0-9]{3})|([a-z]{3}))", 0, "key_abc", "abc"},
    {"NamedTookNoPart", "key_(?:([0-9]{3})|([a-z]{3}))", 1, "key_abc", "key_abc"},
    {"AtBothEnds", "\\bkey_([0-9]{3})\\b", 0, "key_123", "123"},
};

std::string secret_name(const ::testing::TestParamInfo<SecretRow>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Rows, SecretGroupTest, ::testing::ValuesIn(kSecrets), secret_name);

TEST(Engine, SharesLiteralsOfTheSameCase) {
  const auto engine =
      Engine::compile({{"a", "key_[0-9]", 0, {}}, {"b", "key_[a-z]", 0, {}}, {"c", "(?i)key_[0-9]", 0, {}}});
  ASSERT_TRUE(engine);
  EXPECT_EQ(engine->literal_count(), 2U);
  EXPECT_EQ(engine->pattern_count(), 3U);
  EXPECT_EQ(find(*engine, "KEY_1 key_1").size(), 3U);
  EXPECT_EQ(confirm_all(*engine, "KEY_1 key_1").size(), 3U);
  EXPECT_EQ(engine->max_anchor_width(), 4U);
}

TEST(Engine, AppendsAndOrdersOverlappingAnchors) {
  const auto engine =
      Engine::compile({{"a", "abcdefgh", 0, {}}, {"b", "cdef[0-9]{0,2}", 0, {}}, {"c", "fgh_[0-9]{0,2}", 0, {"fgh"}}});
  ASSERT_TRUE(engine);
  auto scratch = engine->make_scratch();
  std::vector<Anchor> anchors = {Anchor{99, 0}};
  engine->find_anchors(as_bytes("abcdefgh_abcdefgh"), scratch, anchors);
  ASSERT_EQ(anchors.size(), 7U);
  EXPECT_EQ(anchors[0].position, 99U);
  EXPECT_TRUE(std::is_sorted(anchors.begin() + 1, anchors.end()));
}

TEST(Engine, OverlappingRunsOfOneLiteral) {
  const auto engine = Engine::compile({{"a", "aaaa{0,5}", 0, {}}});
  ASSERT_TRUE(engine);
  EXPECT_EQ(find(*engine, "aaaaaaa").size(), 5U);
}

TEST(Engine, NamesTheSpecThatCannotBeUsed) {
  const auto engine = Engine::compile({{"good", "key_[0-9]", 0, {}}, {"bad", "key_([0-9]+", 0, {}}});
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::Config);
  EXPECT_EQ(engine.error().where, "bad");
  EXPECT_NE(engine.error().what.find("byte 4"), std::string::npos);
  const auto group = Engine::compile({{"group", "key_([0-9])", 2, {}}});
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().where, "group");
}

// The database holds two bytes more than the patterns' literals (literal_database.cpp).
TEST(Engine, NothingElseIsAnAnchor) {
  const auto engine = Engine::compile({{"a", "abcd[0-9]", 0, {}}});
  ASSERT_TRUE(engine);
  std::string every_pair;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) every_pair += {static_cast<char>(a), static_cast<char>(b)};
  }
  EXPECT_TRUE(find(*engine, every_pair).empty());
}

TEST(Engine, WithoutPatternsFindsNothing) {
  const auto engine = Engine::compile({});
  ASSERT_TRUE(engine);
  EXPECT_TRUE(find(*engine, "anything").empty());
  EXPECT_EQ(engine->max_anchor_width(), 0U);
  EXPECT_TRUE(Engine::deserialize(engine->serialize(), {}));
}

TEST(Engine, CountsOnlyWhenAsked) {
  auto engine = Engine::compile({{"a", "key_[0-9]{3}x", 0, {}}});
  ASSERT_TRUE(engine);
  confirm_all(*engine, "key_123x");
  EXPECT_EQ(engine->pattern_costs()[0].anchors, 0U);
  engine->set_counting(true);
  confirm_all(*engine, "key_123x key_12 key_123y key_123x key_");
  const auto cost = engine->pattern_costs()[0];
  EXPECT_EQ(cost.anchors, 5U);
  EXPECT_EQ(cost.prefix_passed, 2U);
  EXPECT_EQ(cost.matched, 2U);
}

TEST(Engine, ThreadsAgree) {
  const Engine engine = compile_all();
  const auto samples = trees();
  Random random(5);
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i) texts.push_back(testing::sample_text(random, samples, 10));
  std::vector<std::vector<Match>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] {
      for (const std::string& text : texts) {
        for (const Match& match : confirm_all(engine, text)) result.push_back(match);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(results[0].size(), 50U);
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
}

}  // namespace
}  // namespace tightship::match
