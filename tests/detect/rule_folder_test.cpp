// Rule files in folders of the repository: what they say holds below their folder, and nowhere else.

#include <gtest/gtest.h>

#include <algorithm>

#include "detect/detector.h"
#include "detect/rule.h"
#include "detect/scan_text.h"
#include "detect/token_template.h"

namespace tightship::detect {
namespace {

constexpr const char* kRoot = R"(
[extend]
useDefault = false
[[rules]]
id = "root-key"
regex = '''(root_[0-9a-z]{24})'''
prefix = "root_"
[[rules]]
id = "wide-key"
regex = '''((?:root|quux)_[0-9a-z]{24})'''
)";

RuleSet rules_of(const std::vector<RuleInput>& files) {
  auto rules = RuleSet::load(files);
  if (!rules) throw std::runtime_error(rules.error().what + " " + rules.error().where);
  return std::move(*rules);
}

RuleSet with_folder(const char* text, const char* folder = "api/") {
  return rules_of({{"root.toml", "", kRoot}, {"api.toml", folder, text}});
}

Error error_of(const char* text) {
  const auto rules = RuleSet::load(std::vector<RuleInput>{{"root.toml", "", kRoot}, {"api.toml", "api/", text}});
  return rules ? Error{ErrorKind::Usage, "no error"} : rules.error();
}

std::string key(const std::string& prefix, std::uint64_t seed = 1) {
  return prefix + expand_template("{loweralnum:24}", seed).value();
}

// Ids of the rules that are reported at `path`, sorted.
std::string ids_at(const RuleSet& rules, std::string_view path, const std::string& text) {
  std::vector<std::string> ids;
  std::vector<Candidate> found = test::confirmed(rules, text);
  settle(rules, as_bytes(text), path, found);
  for (const Candidate& candidate : found) ids.emplace_back(rules.rules()[candidate.rule].id);
  std::sort(ids.begin(), ids.end());
  std::string joined;
  for (const std::string& id : ids) joined += (joined.empty() ? "" : " ") + id;
  return joined;
}

constexpr const char* kOwnRule = "[[rules]]\nid = 'api-key'\nregex = '''(apix_[0-9a-z]{24})'''\n";

TEST(RuleFolder, ANewRuleHoldsBelowItsFolderOnly) {
  const RuleSet rules = with_folder("[[rules]]\nid = 'api-key'\nregex = '''(zzzz_[0-9a-z]{24})'''\n");
  const std::string text = "x " + key("zzzz_") + "\n";
  EXPECT_EQ(ids_at(rules, "api/main.py", text), "api-key");
  EXPECT_EQ(ids_at(rules, "api/deep/er/main.py", text), "api-key");
  for (const char* path : {"main.py", "apis/main.py", "api", "web/api/main.py", "API/main.py"}) {
    EXPECT_EQ(ids_at(rules, path, text), "") << path;
  }
  EXPECT_EQ(ids_at(rules, kNoFile, text), "") << "a message lies in no folder";
  EXPECT_EQ(ids_at(rules, {}, text), "api-key") << "nothing is dropped while the path is not known";
}

TEST(RuleFolder, ARuleIsSwitchedOffBelowItsFolderOnly) {
  const RuleSet rules = with_folder("[extend]\ndisabledRules = ['root-key']\n");
  const std::string text = "x " + key("root_") + "\n";
  EXPECT_EQ(ids_at(rules, "main.py", text), "root-key");
  EXPECT_EQ(ids_at(rules, "api/main.py", text), "wide-key") << "the next one on the same bytes";
  EXPECT_EQ(ids_at(rules, kNoFile, text), "root-key");
}

TEST(RuleFolder, WithoutDefaultsOnlyItsOwnRulesHoldThere) {
  const RuleSet rules = with_folder((std::string("[extend]\nuseDefault = false\n") + kOwnRule).c_str());
  const std::string text = key("root_") + " " + key("apix_", 2) + "\n";
  EXPECT_EQ(ids_at(rules, "api/x", text), "api-key");
  EXPECT_EQ(ids_at(rules, "x", text), "root-key");
}

TEST(RuleFolder, AllowListsHoldBelowTheirFolderOnly) {
  const std::string secret = key("root_", 5), other = key("root_", 6);
  const std::string text = secret + "\n" + other + "\n";
  for (const std::string& list :
       {"[[allowlists]]\nregexes = ['" + secret + "']\n",
        "[[allowlists]]\nstopwords = ['" + secret.substr(5, 12) + "']\n",
        "[[allowlists]]\nregexTarget = 'line'\nregexes = ['" + secret + "']\n",
        "[[allowlists]]\nregexTarget = 'match'\nregexes = ['" + secret + "']\n",
        "[[allowlists]]\ncondition = 'AND'\npaths = ['x$']\nstopwords = ['" + secret.substr(5, 12) + "']\n",
        "[[rules]]\nid = 'root-key'\n[[rules.allowlists]]\nregexes = ['" + secret +
            "']\n[[allowlists]]\ntargetRules = "
            "['wide-key']\nstopwords = ['" +
            secret.substr(5, 12) + "']\n"}) {
    const RuleSet rules = with_folder(list.c_str());
    EXPECT_EQ(ids_at(rules, "api/x", text), "root-key") << list;
    EXPECT_EQ(ids_at(rules, "x", text), "root-key root-key") << list;
    EXPECT_EQ(ids_at(rules, kNoFile, text), "root-key root-key") << list;
  }
  const RuleSet paths = with_folder("[[allowlists]]\npaths = ['generated']\n");
  EXPECT_EQ(ids_at(paths, "api/generated/x", text), "");
  EXPECT_EQ(ids_at(paths, "generated/x", text), "root-key root-key");
}

// What is found without a path must hold everything that any path can show: an audit looks at contents
// first, and asks for their paths only where something was found.
TEST(RuleFolder, WithoutAPathNothingThatSomePathShowsIsLost) {
  const RuleSet rules = rules_of({{"root.toml", "", kRoot},
                                  {"a.toml", "a/", "[extend]\ndisabledRules = ['root-key']\n"},
                                  {"b.toml", "b/",
                                   "[[rules]]\nid = 'b-key'\nregex = '''(root_[0-9a-z]{24}[0-9a-z]{0,6})'''\n"
                                   "[[rules]]\nid = 'long-key'\nregex = '''(x root_[0-9a-z]{24})'''\n"},
                                  {"c.toml", "c/", "[[allowlists]]\nstopwords = ['abc']\n"}});
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::string text =
        "x " + key("root_", seed) + (seed % 2 == 0 ? "abc" : "") + "\n" + key("quux_", seed + 1000) + "\n";
    std::vector<Candidate> all = test::confirmed(rules, text);
    settle(rules, as_bytes(text), {}, all);
    for (const char* path : {"x", "a/x", "b/x", "c/x", "b/c/x"}) {
      std::vector<Candidate> here = test::confirmed(rules, text);
      settle(rules, as_bytes(text), path, here);
      EXPECT_FALSE(here.empty() && std::string_view(path) != "c/x");
      for (const Candidate& candidate : here)
        EXPECT_TRUE(std::find(all.begin(), all.end(), candidate) != all.end()) << path;
    }
  }
}

TEST(RuleFolder, ItsPrefixTakesNothingFromGenericRulesElsewhere) {
  const auto with_prefix = [](const char* folder) {
    return rules_of(
        {{"root.toml", "", "[[rules]]\nid = 'unused-key'\nregex = '''(uu_[0-9a-z]{24})'''\n"},
         {"api.toml", folder, "[[rules]]\nid = 'api-key'\nregex = '''(zqzq_[0-9a-zA-Z]{40})'''\nprefix = 'zqzq_'\n"}});
  };
  const std::string text = "password = \"zqzq_" + expand_template("{base62:24}", 3).value() + "\"\n";
  const std::string generic = ids_at(RuleSet::load(std::vector<RuleInput>{{"none.toml", "", ""}}).value(), "x", text);
  ASSERT_NE(generic, "");
  EXPECT_EQ(ids_at(with_prefix("api/"), "x", text), generic);
  EXPECT_EQ(ids_at(with_prefix(""), "x", text), "") << "the control: of a rule for everything the prefix counts";
}

TEST(RuleFolder, TheSameRuleInTwoFoldersIsOne) {
  const RuleSet rules = rules_of({{"root.toml", "", kRoot}, {"a.toml", "a/", kOwnRule}, {"b.toml", "b/", kOwnRule}});
  EXPECT_EQ(rules.rules().size(), 3u);
  const std::string text = key("apix_") + "\n";
  EXPECT_EQ(ids_at(rules, "a/x", text), "api-key");
  EXPECT_EQ(ids_at(rules, "b/x", text), "api-key");
  EXPECT_EQ(ids_at(rules, "c/x", text), "");
}

TEST(RuleFolder, AFileThatComesLastAndNamesNoFolderWins) {
  const RuleSet rules =
      rules_of({{"root.toml", "", kRoot},
                {"api.toml", "api/", (std::string("[extend]\ndisabledRules = ['root-key']\n") + kOwnRule)},
                {"given.toml", "", "[[rules]]\nid = 'root-key'\nregex = '''(root_[0-9a-z]{24})'''\n"}});
  EXPECT_EQ(ids_at(rules, "api/x", key("root_")), "root-key");
}

TEST(RuleFolder, WhatItMayNotDoIsSaid) {
  struct Row {
    const char *text, *said;
  };
  for (const Row row : {Row{"[[rules]]\nid = 'root-key'\nregex = '''(root_[0-9]{24})'''\n", "is there already"},
                        Row{"[[rules]]\nid = 'root-key'\nseverity = 'note'\n", "is there already"},
                        Row{"[[rules]]\nid = 'other'\nseverity = 'note'\n", "has no regex"},
                        Row{"[extend]\npath = '/etc/passwd'\n", "[extend] path"},
                        Row{"[[allowlists]]\ntargetRules = ['nope']\nstopwords = ['x']\n", "unknown rule"},
                        Row{"not toml", "not TOML"}}) {
    const Error error = error_of(row.text);
    EXPECT_EQ(error.kind, ErrorKind::Config) << row.text;
    EXPECT_NE(error.what.find(row.said), std::string::npos) << error.what;
    EXPECT_TRUE(error.where.starts_with("api.toml:")) << error.where;
  }
}

TEST(RuleFolder, TheFolderIsPartOfWhatTheRulesAre) {
  EXPECT_NE(with_folder(kOwnRule, "a/").content_hash(), with_folder(kOwnRule, "b/").content_hash());
  const char* list = "[[allowlists]]\nstopwords = ['x']\n";
  EXPECT_NE(with_folder(list, "a/").content_hash(), with_folder(list, "b/").content_hash());
  const char* off = "[extend]\ndisabledRules = ['root-key']\n";
  EXPECT_NE(with_folder(off, "a/").content_hash(), with_folder(off, "b/").content_hash());
}

}  // namespace
}  // namespace tightship::detect
