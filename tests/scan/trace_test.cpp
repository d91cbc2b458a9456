#include "detect/trace.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "detect/token_template.h"
#include "scan/content_scanner.h"

// The oracle of a trace is the scan: what a trace calls reported is what a scan reports, no more and no
// less, and everything else has a reason.

namespace tightship::detect {
namespace {

using Key = std::tuple<std::uint32_t, std::size_t, std::string>;  // offset, size, rule

std::set<Key> scanned(const RuleSet& rules, const std::string& text) {
  scan::ContentScanner scanner(rules);
  std::set<Key> keys;
  for (const scan::Hit& hit : scanner.scan(as_bytes(text), "src/app.py", scan::Decoding::Off)) {
    keys.emplace(static_cast<std::uint32_t>(hit.position.offset), hit.secret.size(), rules.rules()[hit.rule].id);
  }
  return keys;
}

std::set<Key> traced(const RuleSet& rules, const std::string& text, std::size_t begin, std::size_t end) {
  bool truncated = false;
  std::set<Key> keys;
  for (const TracedMatch& match : trace_matches(rules, as_bytes(text), "src/app.py", begin, end, truncated)) {
    EXPECT_EQ(match.reason.empty(), match.reported) << match.reason;
    if (match.reported)
      keys.emplace(match.candidate.start, match.candidate.length, rules.rules()[match.candidate.rule].id);
  }
  EXPECT_FALSE(truncated);
  return keys;
}

// One text of all examples and counterexamples, every third line with a comment.
std::string all_examples(const RuleSet& rules) {
  std::string text;
  std::uint64_t seed = 0;
  for (const Rule& rule : rules.rules()) {
    for (const auto* templates : {&rule.examples, &rule.counterexamples}) {
      for (const std::string_view made : *templates) {
        const auto example = expand_template(made, ++seed);
        EXPECT_TRUE(example);
        text += example.value_or("") + (seed % 3 == 0 ? "  # tightship:allow\n" : "\n");
      }
    }
  }
  return text;
}

TEST(Trace, ReportsWhatAScanReports) {
  const RuleSet& rules = RuleSet::builtin();
  const std::string text = all_examples(rules);
  const std::set<Key> wanted = scanned(rules, text);
  EXPECT_GT(wanted.size(), 100u);
  EXPECT_EQ(traced(rules, text, 0, text.size()), wanted);
}

TEST(Trace, KeepsToItsBytes) {
  const RuleSet& rules = RuleSet::builtin();
  const std::string token = expand_template("ghp_{base62:30}{crc32-base62}", 7).value();
  const std::string text = token + "\n" + token + "\n";
  const std::size_t second = token.size() + 1;
  EXPECT_EQ(traced(rules, text, 0, token.size()).size(), 1u);
  EXPECT_EQ(traced(rules, text, second, text.size()), (std::set<Key>{{second, token.size(), "github-pat"}}));
  EXPECT_TRUE(traced(rules, text, token.size(), second).empty());
}

TEST(Trace, NamesTheStep) {
  const RuleSet& rules = RuleSet::builtin();
  std::string token = expand_template("ghp_{base62:30}{crc32-base62}", 7).value();
  const auto reason = [&](const std::string& text) {
    bool truncated = false;
    const auto matches = trace_matches(rules, as_bytes(text), "a", 0, text.size(), truncated);
    return matches.empty() ? std::string("no match") : matches.front().reason;
  };
  EXPECT_EQ(reason(token), "");
  EXPECT_EQ(reason(token + " gitleaks:allow"), "a comment on its line allows it");
  token.back() = token.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(reason(token), "the check crc32-base62 says that it cannot be one");
  EXPECT_EQ(reason("x = 1"), "no match");
}

}  // namespace
}  // namespace tightship::detect
