#include "detect/join.h"

#include <gtest/gtest.h>

#include "detect/rule.h"
#include "scan_text.h"
#include "support/git_fixture.h"

namespace tightship::detect {
namespace {

using test::expand;
using test::reported;

RuleSet load(const std::string& text) {
  const test::TempDir folder;
  test::write_file(folder.path + "/rules.toml", "[extend]\nuseDefault = false\n" + text);
  auto rules = RuleSet::load({folder.path + "/rules.toml"});
  EXPECT_TRUE(rules) << rules.error().what;
  return std::move(*rules);
}

const char* const kKeyAndUser = R"(
[[rules]]
id = "user"
regex = '''user-([0-9a-z]{4})'''
)";

RuleSet requiring(const std::string& distances, const std::string& user = kKeyAndUser) {
  return load("[[rules]]\nid = 'key'\nregex = '''key-([0-9a-z]{8})'''\n[[rules.required]]\nid = 'user'\n" + distances +
              user);
}

struct Row {
  const char* name;
  const char* distances;
  const char* text;
  const char* reported;
};

class Required : public testing::TestWithParam<Row> {};

TEST_P(Required, CountsOnlyNearTheOther) {
  EXPECT_EQ(reported(requiring(GetParam().distances), GetParam().text), GetParam().reported);
}

INSTANTIATE_TEST_SUITE_P(
    Distances, Required,
    testing::Values(Row{"alone", "", "key-k7q2m9xw", ""},
                    Row{"anywhere", "", "user-q7w9\n\n\n\nkey-k7q2m9xw", "user key"},
                    Row{"before_and_behind", "withinLines = 1", "key-k7q2m9xw\nuser-q7w9", "key user"},
                    Row{"same_line", "withinLines = 0", "key-k7q2m9xw user-q7w9", "key user"},
                    Row{"next_line_is_too_far", "withinLines = 0", "key-k7q2m9xw\nuser-q7w9", "user"},
                    Row{"line_at_the_limit", "withinLines = 2", "key-k7q2m9xw\n\nuser-q7w9", "key user"},
                    Row{"line_beyond_the_limit", "withinLines = 2", "key-k7q2m9xw\n\n\nuser-q7w9", "user"},
                    Row{"column_at_the_limit", "withinColumns = 3", "key-k7q2m9xw\n   user-q7w9", "key user"},
                    Row{"column_beyond_the_limit", "withinColumns = 3", "key-k7q2m9xw\n    user-q7w9", "user"},
                    Row{"further_one_fits", "withinLines = 9\nwithinColumns = 0", "key-k7q2m9xw user-q7w9\nuser-z8x5",
                        "key user user"}),
    [](const auto& info) { return info.param.name; });

TEST(Required, NeedsEveryOne) {
  const RuleSet rules = load(R"(
[[rules]]
id = "key"
regex = '''key-([0-9a-z]{8})'''
[[rules.required]]
id = "user"
[[rules.required]]
id = "host"

[[rules]]
id = "user"
regex = '''user-([0-9a-z]{4})'''
skipReport = true

[[rules]]
id = "host"
regex = '''host-([0-9a-z]{4})'''
skipReport = true
)");
  EXPECT_EQ(reported(rules, "key-k7q2m9xw user-q7w9"), "");
  EXPECT_EQ(reported(rules, "key-k7q2m9xw user-q7w9 host-z8x5"), "key");
}

TEST(Required, IsNotFollowedFurther) {  // as in gitleaks: what a companion requires is not asked
  const RuleSet rules = load(R"(
[[rules]]
id = "key"
regex = '''key-([0-9a-z]{8})'''
[[rules.required]]
id = "user"

[[rules]]
id = "user"
regex = '''user-([0-9a-z]{4})'''
[[rules.required]]
id = "host"

[[rules]]
id = "host"
regex = '''host-([0-9a-z]{4})'''
)");
  EXPECT_EQ(reported(rules, "key-k7q2m9xw user-q7w9"), "key");
}

TEST(Required, NamesARuleOfTheSet) {
  const test::TempDir folder;
  test::write_file(folder.path + "/rules.toml",
                   "[[rules]]\nid = 'key'\nregex = '''key-([0-9a-z]{8})'''\n[[rules.required]]\nid = 'nobody'\n");
  const auto rules = RuleSet::load({folder.path + "/rules.toml"});
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().what.find("rule 'key' names the unknown rule 'nobody'"), std::string::npos)
      << rules.error().what;
}

std::vector<Joined> joined_in(const RuleSet& rules, std::string_view text) {
  auto found = test::confirmed(rules, text);
  std::vector<Joined> joined;
  settle(rules, as_bytes(text), kNoFile, found, &joined);
  return joined;
}

const char* const kPair = "aws_access_key_id = AKIAY{base32:15}\naws_secret_access_key = {base64:40}\n";

TEST(Parts, MakeOneFindingOfAPair) {
  const RuleSet& rules = RuleSet::builtin();
  for (unsigned seed = 0; seed < 16; ++seed) {
    const std::string text = expand(kPair, seed);
    if (test::confirmed(rules, text).size() < 2) continue;  // 40 characters of too little entropy
    EXPECT_EQ(reported(rules, text), "aws-secret-access-key") << seed;
    const auto joined = joined_in(rules, text);
    ASSERT_EQ(joined.size(), 1u);
    EXPECT_EQ(joined[0].as->name, "key id");
    EXPECT_EQ(text.substr(joined[0].part.start, joined[0].part.length), text.substr(20, 20));
  }
}

TEST(Parts, StayAloneWhenFarAway) {
  const std::string far = expand("AKIAY{base32:15}{repeat:\n:40}aws_secret_access_key = {base64:40}\n", 1);
  EXPECT_EQ(reported(RuleSet::builtin(), far), "aws-access-key-id aws-secret-access-key");
}

TEST(Parts, TakeEveryEqualIdInReach) {
  std::string text = expand(kPair, 1);
  text += "# " + text.substr(20, 20) + "\n" + expand("# AKIAZ{base32:15}\n", 2);
  EXPECT_EQ(reported(RuleSet::builtin(), text), "aws-secret-access-key aws-access-key-id");
}

TEST(Parts, AreBoundedInHostileContent) {
  std::string text;
  for (unsigned i = 0; i < 3000; ++i) text += expand("AKIAY{base32:15} ", i);
  text += expand("aws_secret_access_key = {base64:40}\n", 1);
  const auto found = test::settled(RuleSet::builtin(), text);
  EXPECT_GE(found.size(), 3000u - 2 * kMaxNeighbours);  // one id is taken, others are told for themselves
}

}  // namespace
}  // namespace tightship::detect
