#include "convert/rules.h"

#include <gtest/gtest.h>

#include "detect/rule_file.h"

namespace tightship::convert {
namespace {

std::string notes_of(const Imported& imported) {
  std::string out;
  for (const ImportNote& note : imported.notes) out += note.rule + ": " + note.text + "\n";
  return out;
}

TEST(ImportRules, KingfisherRulesBecomeOurs) {
  const auto imported = import_rules(
      "rules:\n"
      "  - name: Acme key\n"
      "    id: kingfisher.acme.1\n"
      "    pattern: |\n"
      "      (?xi)\n"
      "      \\b acme [_-] (?P<TOKEN> [a-z0-9]{8,} ) \\b\n"
      "    min_entropy: 2.5\n"
      "    confidence: high\n"
      "    visible: false\n"
      "    categories: [api, secret]\n"
      "    references: [https://example.com/acme]\n"
      "    examples: ['acme_q8w7e6r5t4', 'nothing']\n"
      "    negative_examples: ['acme_aaaaaaaa']\n"
      "    pattern_requirements: {min_digits: 2, ignore_if_contains: [test]}\n"
      "    validation: {type: Http}\n",
      "acme.yml");
  ASSERT_TRUE(imported) << imported.error().what;
  EXPECT_EQ(imported->rules, 1u);
  EXPECT_EQ(imported->toml,
            "# Converted from acme.yml by tightship rules import.\n"
            "\n[[rules]]\n"
            "id = 'kingfisher.acme.1'\n"
            "description = 'Acme key'\n"
            "regex = '(?i)\\bacme[_-](?P<TOKEN>[a-z0-9]{8,})\\b'\n"
            "entropy = 2.5\n"
            "severity = 'error'\n"
            "skipReport = true\n"
            "tags = ['api', 'secret']\n"
            "source = 'https://example.com/acme'\n"
            "examples = ['acme_q8w7e6r5t4']\n"
            "counterexamples = ['acme_aaaaaaaa']\n"
            "\n[[rules.allowlists]]\n"
            "stopwords = ['test']\n");
  EXPECT_EQ(notes_of(*imported),
            "kingfisher.acme.1: validation is left out: nothing is verified over the network\n"
            "kingfisher.acme.1: pattern_requirements.min_digits is left out\n"
            "kingfisher.acme.1: an example is not found, and left out\n");
  detect::RuleFile file = detect::parse_rule_file("rules.toml", imported->toml);
  detect::check_expressions(file);
  EXPECT_TRUE(file.problems.empty());
}

TEST(ImportRules, WhatRe2DoesNotTakeIsNotConverted) {
  const auto imported = import_rules(
      "rules:\n- {id: a.1, name: A, pattern: 'key_(?=x)'}\n- {id: b.1, name: B, pattern: 'key_b'}\n- {name: ''}\n- "
      "{id: c.1}\n",
      "x");
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->rules, 1u);
  EXPECT_EQ(imported->refused, 3u);
}

TEST(ImportRules, TextsAreQuotedSoThatTheyReadTheSame) {
  const auto imported =
      import_rules("rules:\n- {id: \"it's\", name: \"a'''b\\n\", pattern: \"key_['\\\"]{3}\"}\n", "x");
  ASSERT_TRUE(imported);
  const detect::RuleFile file = detect::parse_rule_file("rules.toml", imported->toml);
  ASSERT_EQ(file.rules.size(), 1u);
  EXPECT_EQ(file.rules[0].rule.id, "it's");
  EXPECT_EQ(file.rules[0].rule.title, "a'''b\n");
  EXPECT_EQ(file.rules[0].rule.regex, "key_['\"]{3}");
}

TEST(ImportRules, NeedsAListOfRules) {
  EXPECT_FALSE(import_rules("a: 1\n", "x"));
  EXPECT_FALSE(import_rules("rules: 3\n", "x"));
  EXPECT_FALSE(import_rules("[", "x"));
}

}  // namespace
}  // namespace tightship::convert
