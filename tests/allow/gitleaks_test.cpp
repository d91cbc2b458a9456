#include "allow/gitleaks.h"

#include <gtest/gtest.h>

#include "detect/codec.h"

namespace tightship::allow {
namespace {

const std::string kCommit(40, 'a');

TEST(GitleaksIgnore, ReadsBothFormsOfFingerprints) {
  const PlacedList list = parse_gitleaks_ignore(
      "# word\n\n./src\\a.py:aws-access-token:3\r\n" + kCommit + ":b c/d.py:generic-api-key:12\nodd:name.py:jwt:7\n",
      "i");
  EXPECT_TRUE(list.source.problems.empty());
  ASSERT_EQ(list.entries.size(), 3u);
  EXPECT_EQ(list.entries[0].file, "src/a.py");
  EXPECT_EQ(list.entries[0].commit, "");
  EXPECT_EQ(list.entries[0].line, 3u);
  EXPECT_EQ(list.entries[0].source_line, 3u);
  EXPECT_EQ(list.entries[1].commit, kCommit);
  EXPECT_EQ(list.entries[1].file, "b c/d.py");
  EXPECT_EQ(list.entries[1].rule, "generic-api-key");
  EXPECT_EQ(list.entries[2].file, "odd:name.py");
}

TEST(GitleaksIgnore, PassesOverWhatItDoesNotUnderstand) {
  for (const char* line : {"word", "a:b", "a:b:c", ":b:3", "a::3", "a:b:-1", "a:b:99999999999", "::", ":"}) {
    const PlacedList list = parse_gitleaks_ignore(line, "i");
    EXPECT_TRUE(list.entries.empty()) << line;
    ASSERT_EQ(list.source.problems.size(), 1u) << line;
    EXPECT_TRUE(list.source.ok());
    EXPECT_EQ(list.source.problems[0].source.find(line), std::string::npos);
  }
}

TEST(GitleaksReport, HashesSecretsAndKeepsPlaces) {
  const PlacedList list = parse_gitleaks_report(
      R"([{"RuleID":"jwt","File":"a.py","StartLine":3,"Secret":"hush","Commit":")" + kCommit +
          R"(","Tags":[]},{"RuleID":"jwt","File":"b.py","StartLine":4,"Secret":"REDACTED","Other":{"x":[1]}}])",
      "r");
  ASSERT_TRUE(list.source.ok()) << first_error(list.source).what;
  ASSERT_EQ(list.entries.size(), 2u);
  EXPECT_EQ(list.entries[0].secret_hash, detect::sha256("hush"));
  EXPECT_EQ(list.entries[0].commit, kCommit);
  EXPECT_TRUE(list.entries[1].secret_hash.empty());
  EXPECT_EQ(list.entries[1].line, 4u);
  EXPECT_TRUE(list.source.text.empty());
}

TEST(GitleaksReport, RefusesEverythingElse) {
  std::string deep(100'000, '[');
  for (const std::string& text : {std::string("{}"), std::string("["), std::string("[3]"), std::string("[{}]"), deep,
                                  std::string(R"([{"RuleID":"jwt","Secret":"REDACTED"}])"), std::string("\xff"),
                                  std::string(R"([{"RuleID":"jwt","File":"a","StartLine":-3}])")}) {
    EXPECT_FALSE(parse_gitleaks_report(text, "r").source.ok()) << text.substr(0, 40);
  }
  EXPECT_TRUE(parse_gitleaks_report("[]", "r").source.ok());
}

TEST(Gitleaks, RulesFitByNameOrVendor) {
  EXPECT_EQ(rule_fit("github-pat", "github-pat"), 2);
  EXPECT_EQ(rule_fit("stripe-access-token", "stripe-secret-key"), 1);
  EXPECT_EQ(rule_fit("stripe-access-token", "github-pat"), 0);
  EXPECT_EQ(rule_fit("", "github-pat"), 0);
}

TEST(Gitleaks, ReportsAreToldFromBaselines) {
  EXPECT_TRUE(looks_like_json(" \n[]"));
  EXPECT_TRUE(looks_like_json("{"));
  EXPECT_FALSE(looks_like_json("# tightship baseline 1: work tree\n"));
  EXPECT_FALSE(looks_like_json(""));
}

}  // namespace
}  // namespace tightship::allow
