#include "detect/rule_file.h"

#include <gtest/gtest.h>

#include "scan_text.h"

namespace tightship::detect {
namespace {

struct Row {
  const char* name;
  std::string text;
  const char* problem;  // LINE:COLUMN: LEVEL: MESSAGE: LABEL, of the first; empty: none
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string first_problem(const RuleFile& file) {
  if (file.problems.empty()) return "";
  const Problem& problem = file.problems.front();
  return std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column) + ": " +
         std::string(severity_name(problem.severity)) + ": " + problem.message + ": " + problem.label;
}

class RuleFiles : public testing::TestWithParam<Row> {};

TEST_P(RuleFiles, NamesTheFirstProblem) {
  RuleFile file = parse_rule_file("rules.toml", GetParam().text);
  check_expressions(file);
  EXPECT_EQ(first_problem(file), GetParam().problem);
}

const std::string kHead = "[[rules]]\nid = \"acme\"\n";
const std::string kRule = kHead + "regex = '''\\b(acme_[0-9a-f]{40})\\b'''\n";

INSTANTIATE_TEST_SUITE_P(
    Problems, RuleFiles,
    testing::Values(
        Row{"empty", "", ""}, Row{"fine", kRule, ""},
        Row{"any_case", "[[Rules]]\nID = 'x'\nRegex = 'acme_[a-z]{9}'\nSecretGroup = 0\nKeyWords = ['a']\n", ""},
        Row{"not_toml", "[[rules]\n",
            "1:9: error: the file is not TOML: Error while parsing table header: expected ']', saw '\\n'"},
        Row{"header_without_name", "[\n", "1:1: error: the file is not TOML: malformed text"},
        Row{"header_without_name_later", kRule + "[[ .x]]\n", "4:1: error: the file is not TOML: malformed text"},
        Row{"brackets_in_values", kRule + "tags = [\n  \"[\", # [\n]\nwhy = \"\"\"\n[\n\"\"\"\n", ""},
        Row{"no_id", "[[rules]]\nregex = 'acme_x'\n", "1:1: error: a rule has no id: want id = \"...\""},
        Row{"id_not_text", "[[rules]]\nid = 3\n", "2:6: error: 'id' is not a string: want a string"},
        Row{"twice", kRule + kRule, "5:6: error: rule 'acme' is in the file twice: second of this id"},
        Row{"unknown_key", kRule + "sevirity = 'note'\n",
            "4:1: warning: unknown key 'sevirity' of rule 'acme': ignored"},
        Row{"unknown_top", "rule = 1\n", "1:1: warning: unknown key 'rule': ignored"},
        Row{"severity", kRule + "severity = 'fatal'\n",
            "4:12: error: unknown severity 'fatal': want one of note, warning, error"},
        Row{"kind", kRule + "kind = 'x'\n",
            "4:8: error: unknown kind 'x': want one of secret, public-by-design, identifier, test"},
        Row{"entropy_text", kRule + "entropy = 'high'\n",
            "4:11: error: 'entropy' is not a number of bits: want a number from 0 to 8"},
        Row{"entropy_large", kRule + "entropy = 9.5\n",
            "4:11: error: 'entropy' is not a number of bits: want a number from 0 to 8"},
        Row{"group_negative", kRule + "secretGroup = -1\n",
            "4:15: error: 'secretGroup' is not the number of a group: want a whole number from 0 on"},
        Row{"group_too_large", kRule + "secretGroup = 2\n",
            "3:9: error: secretGroup of rule 'acme' is 2, and its pattern has 1 groups: no such group"},
        Row{"list_of_numbers", kRule + "tags = [1]\n", "4:9: error: 'tags' is not a string: want a string"},
        Row{"not_a_list", kRule + "tags = 'x'\n", "4:8: error: 'tags' is not a list: want a list of strings"},
        Row{"path_only", "[[rules]]\nid = 'p12'\npath = '\\.p12$'\n", ""},
        Row{"required", kRule + "[[rules.required]]\nid = 'x'\nwithinLines = 3\n", ""},
        Row{"required_without_id", kRule + "[[rules.required]]\nwithinLines = 3\n",
            "4:1: error: required names no rule: want id = \"...\""},
        Row{"required_distance", kRule + "[[rules.required]]\nid = 'x'\nwithinColumns = -1\n",
            "6:17: error: 'withincolumns' is not a number: want a number of 0 or more"},
        Row{"part_without_name", kRule + "[[rules.parts]]\nid = 'x'\n",
            "4:1: error: a part has no name: want name = \"key id\" or the like"},
        Row{"skip_report", kRule + "skipReport = true\n", ""},
        Row{"skip_report_false", kRule + "skipReport = false\n", ""},
        Row{"path_syntax", kRule + "path = '('\n",
            "4:8: error: cannot compile the path of rule 'acme': group is not closed"},
        Row{"check", kRule + "check = 'crc32-base26'\n",
            "4:9: error: rule 'acme' names the unknown check 'crc32-base26': no such check"},
        Row{"allowlist_empty", kRule + "[[rules.allowlists]]\ndescription = 'x'\n",
            "4:1: error: an allow list checks nothing: want regexes, stopwords, paths or commits"},
        Row{"allowlist_condition", kRule + "[[rules.allowlists]]\ncondition = 'XOR'\nstopwords = ['a']\n",
            "5:13: error: unknown condition 'XOR': want OR or AND"},
        Row{"allowlist_target", kRule + "[[rules.allowlists]]\nregexTarget = 'file'\nregexes = ['a']\n",
            "5:15: error: unknown regexTarget 'file': want secret, match or line"},
        Row{"both_allowlists", "[allowlist]\nstopwords = ['a']\n[[allowlists]]\nstopwords = ['b']\n",
            "1:1: error: the file has both [allowlist] and [[allowlists]]: keep one of them"},
        Row{"extend_both", "[extend]\nuseDefault = true\npath = 'x'\n",
            "3:8: error: [extend] has both useDefault and path: keep one of them"},
        Row{"extend_url", "[extend]\nurl = 'x'\n",
            "2:7: warning: [extend] url is of no effect: rules are never fetched, nor does gitleaks"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(RuleFile, PlacesAPatternsFaultInTheFile) {
  const std::string text = "[[rules]]\nid = \"acme-token\"\nregex = '''(acme_[0-9a-f]{40}'''\n";
  RuleFile file = parse_rule_file("rules.toml", text);
  check_expressions(file);
  ASSERT_EQ(file.problems.size(), 1u);
  const Problem& problem = file.problems[0];
  EXPECT_EQ(problem.message, "cannot compile the pattern of rule 'acme-token'");
  EXPECT_EQ(problem.place.line, 3u);
  EXPECT_GE(problem.place.column, 12u);
  EXPECT_EQ(problem.source, "regex = '''(acme_[0-9a-f]{40}'''");
  EXPECT_EQ(problem.help, "mend it, then run: tightship rules check rules.toml");
  EXPECT_EQ(first_error(file).where, "rules.toml:3:" + std::to_string(problem.place.column));
}

TEST(RuleFile, ListsAllProblems) {
  const RuleFile file =
      parse_rule_file("r", kRule + "severity = 'x'\nkind = 'y'\nentropy = 'z'\n[[rules]]\nregex = 'abcd'\n");
  EXPECT_EQ(file.problems.size(), 4u);
  EXPECT_FALSE(file.ok());
}

TEST(RuleFile, SuggestsTheNearestKey) {
  const RuleFile file = parse_rule_file("r", kRule + "rotate_ulr = 'x'\n");
  ASSERT_EQ(file.problems.size(), 1u);
  EXPECT_EQ(file.problems[0].help, "a similar key is rotate_url");
  EXPECT_TRUE(file.ok());  // a warning
}

TEST(RuleFile, ReadsEveryKey) {
  const RuleFile file = parse_rule_file("r", R"(
title = "t"
[extend]
useDefault = false
disabledRules = ["a", "b"]
[[rules]]
id = "acme"
description = "Acme key"
provider = "Acme"
regex = '''acme_([a-z]{20})'''
secretGroup = 1
anchors = ["acme_"]
keywords = ["acme_"]
path = '''\.env$'''
entropy = 3
kind = "identifier"
severity = "warning"
class = "scale-risk"
check = "jwt"
generic = true
prefix = "acme_"
why = "w"
impact = "i"
rotate = "r"
rotate_url = "u"
source = "s"
tags = ["x", "y"]
examples = ["acme_{lower:20}"]
counterexamples = ["acme_"]
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
regexes = ["a"]
StopWords = ["AbC"]
paths = ["p"]
commits = ["c"]
[[allowlists]]
targetRules = ["acme"]
stopwords = ["z"]
)");
  ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
  EXPECT_FALSE(file.use_default);
  EXPECT_EQ(file.disabled_rules.size(), 2u);
  ASSERT_EQ(file.rules.size(), 1u);
  const Rule& rule = file.rules[0].rule;
  EXPECT_EQ(rule.title, "Acme key");
  EXPECT_EQ(rule.secret_group, 1u);
  EXPECT_EQ(rule.entropy, 3.0);
  EXPECT_EQ(rule.kind, Kind::Identifier);
  EXPECT_EQ(rule.severity, Severity::Warning);
  EXPECT_EQ(rule.risk_class, RiskClass::ScaleRisk);
  EXPECT_TRUE(rule.generic);
  EXPECT_EQ(rule.rotate_url, "u");
  EXPECT_EQ(rule.tags.size(), 2u);
  ASSERT_EQ(rule.allowlists.size(), 1u);
  EXPECT_TRUE(rule.allowlists[0].all_must_match);
  EXPECT_EQ(rule.allowlists[0].regex_target, Allowlist::Target::Line);
  EXPECT_EQ(rule.allowlists[0].stopwords[0], "abc");
  ASSERT_EQ(file.allowlists.size(), 1u);
  EXPECT_EQ(file.allowlists[0].target_rules[0], "acme");
}

TEST(RuleFile, KeepsItsViewsWhenMoved) {
  std::vector<RuleFile> files;
  for (int i = 0; i < 20; ++i) files.push_back(parse_rule_file("r", kRule));
  for (const RuleFile& file : files) EXPECT_EQ(file.rules[0].rule.id, "acme");
}

}  // namespace
}  // namespace tightship::detect
