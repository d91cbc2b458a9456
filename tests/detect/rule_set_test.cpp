#include <gtest/gtest.h>

#include <set>

#include "detect/rule.h"
#include "detect/rule_file.h"
#include "scan_text.h"
#include "support/git_fixture.h"

namespace tightship::detect {
namespace {

using test::expand;
using test::reported;

class Loading : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    test::write_file(folder_.path + "/" + name, text);
    return folder_.path + "/" + name;
  }
  test::TempDir folder_;
};

const char* const kAcme = R"(
[[rules]]
id = "acme"
description = "Acme key"
regex = '''\b(acme_[0-9a-f]{20})\b'''
)";

TEST_F(Loading, AddsToTheBuiltinRules) {
  const auto rules = RuleSet::load({write("a.toml", kAcme)});
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(rules->rules().size(), RuleSet::builtin().rules().size() + 1);
  EXPECT_EQ(reported(*rules, expand("acme_{hex:20} ghp_{base62:30}{crc32-base62}")), "acme github-pat");
  EXPECT_NE(rules->content_hash(), RuleSet::builtin().content_hash());
}

TEST_F(Loading, ReplacesThemWhenDefaultsAreOff) {
  const auto rules = RuleSet::load({write("a.toml", std::string("[extend]\nuseDefault = false\n") + kAcme)});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->rules().size(), 1u);
  EXPECT_EQ(reported(*rules, expand("acme_{hex:20} ghp_{base62:30}{crc32-base62}")), "acme");
}

TEST_F(Loading, DisablesInheritedRules) {
  const auto rules = RuleSet::load({write("a.toml", "[extend]\ndisabledRules = ['github-pat']\n")});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->find("github-pat"), nullptr);
  EXPECT_EQ(rules->rules().size() + 1, RuleSet::builtin().rules().size());
}

TEST_F(Loading, OverridesOnlyWhatIsGiven) {
  const auto rules =
      RuleSet::load({write("a.toml", "[[rules]]\nid = 'stripe-secret-key'\nseverity = 'note'\ntags = ['ours']\n")});
  ASSERT_TRUE(rules) << rules.error().what;
  const Rule* rule = rules->find("stripe-secret-key");
  const Rule* base = RuleSet::builtin().find("stripe-secret-key");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->severity, Severity::Note);
  EXPECT_EQ(rule->regex, base->regex);
  EXPECT_EQ(rule->tags.size(), base->tags.size() + 1);
}

TEST_F(Loading, LaterFilesWin) {
  const auto rules =
      RuleSet::load({write("a.toml", kAcme), write("b.toml", "[[rules]]\nid = 'acme'\ndescription = 'other'\n")});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->find("acme")->title, "other");
}

TEST_F(Loading, FollowsExtendPath) {
  const std::string base = write("base.toml", kAcme);
  const auto rules = RuleSet::load(
      {write("b.toml", "[extend]\npath = '" + base + "'\n[[rules]]\nid = 'acme'\ndescription = 'mine'\n")});
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(rules->find("acme")->title, "mine");
  const std::string loop = folder_.path + "/loop.toml";
  write("loop.toml", "[extend]\npath = '" + loop + "'\n");
  const auto endless = RuleSet::load({loop});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().what, "rule files extend each other too deeply");
}

TEST_F(Loading, TargetsAllowlistsAtRules) {
  const std::string list = "[[allowlists]]\nstopwords = ['abc']\n";
  const auto rules = RuleSet::load({write("a.toml", std::string(kAcme) + list + "targetRules = ['acme']\n")});
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(rules->find("acme")->allowlists.size(), 1u);
  EXPECT_TRUE(rules->global_allowlists().empty());
  const auto bad = RuleSet::load({write("b.toml", list + "targetRules = ['nope']\n")});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::Config);
}

TEST_F(Loading, SaysWhereAFileIsWrong) {
  const std::string path = write("a.toml", "[[rules]]\nid = 'acme'\nregex = 'acme_([a-z]{3}'\n");
  const auto rules = RuleSet::load({path});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().kind, ErrorKind::Config);
  EXPECT_EQ(rules.error().where.find(path + ":3:"), 0u) << rules.error().where;
  EXPECT_EQ(RuleSet::load({folder_.path + "/absent"}).error().kind, ErrorKind::NotFound);
  const auto lonely = RuleSet::load({write("b.toml", "[[rules]]\nid = 'lonely'\nseverity = 'note'\n")});
  ASSERT_FALSE(lonely);
  EXPECT_EQ(lonely.error().what, "rule 'lonely' has neither regex nor path: and no inherited rule has this id");
}

TEST_F(Loading, ChecksExamples) {
  const std::string text =
      std::string(kAcme) + "examples = ['acme_{hex:20}', 'acme_{hex:3}']\ncounterexamples = ['acme_{hex:20}', 'x']\n";
  const auto file = check_rule_file(write("a.toml", text), RuleSet::builtin());
  ASSERT_TRUE(file);
  ASSERT_EQ(file->problems.size(), 2u);
  EXPECT_EQ(file->problems[0].message, "example 2 of rule 'acme' fails with seed 0");
  EXPECT_EQ(file->problems[0].label, "the rule does not report it");
  EXPECT_EQ(file->problems[0].place.line, 6u);
  EXPECT_EQ(file->problems[1].label, "the rule reports it");
}

TEST(Builtin, IsMadeOnce) { EXPECT_EQ(&RuleSet::builtin(), &RuleSet::builtin()); }

TEST(Builtin, HasVersionAndHash) {
  EXPECT_EQ(RuleSet::builtin().content_hash().size(), 64u);
  EXPECT_NE(RuleSet::builtin().version().find(" rules, " + RuleSet::builtin().content_hash().substr(0, 8)),
            std::string::npos);
}

// The build checks this for seeds 0 to 7; here are others, through the embedded tables.
TEST(Builtin, FindsItsExamplesAndNotItsCounterexamples) {
  const RuleSet& rules = RuleSet::builtin();
  for (const Rule& rule : rules.rules()) {
    const auto finds = [&](std::string_view text) {
      for (const Candidate& candidate : test::settled(rules, text)) {
        if (rules.rules()[candidate.rule].id == rule.id) return true;
      }
      return false;
    };
    for (const std::string_view text : rule.examples) EXPECT_TRUE(finds(expand(text, 1003))) << rule.id << " " << text;
    for (const std::string_view text : rule.counterexamples)
      EXPECT_FALSE(finds(expand(text, 1003))) << rule.id << " " << text;
  }
}

TEST(Builtin, RulesSayWhatToDo) {
  std::set<std::string_view> ids;
  for (const Rule& rule : RuleSet::builtin().rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_FALSE(rule.title.empty() || rule.rotate.empty() || rule.source.empty() || rule.impact.empty()) << rule.id;
  }
}

}  // namespace
}  // namespace tightship::detect
