#include "convert/yaml.h"

#include <gtest/gtest.h>

namespace tightship::convert {
namespace {

TEST(Yaml, ReadsWhatRuleFilesAreMadeOf) {
  const auto root = parse_yaml(
      "rules:\n"
      "  - name: Acme\n"
      "    pattern: |\n"
      "      (?x)\n"
      "      acme_\n"
      "    examples: ['a', \"b\\n\"]\n"
      "    references: https://example.com\n"
      "    nested: {a: {b: c}}\n");
  ASSERT_TRUE(root) << root.error().what;
  const YamlNode* rules = root->find("rules");
  ASSERT_NE(rules, nullptr);
  ASSERT_EQ(rules->items.size(), 1u);
  const YamlNode& rule = rules->items[0];
  EXPECT_EQ(rule.line, 2u);
  EXPECT_EQ(rule.text_of("name"), "Acme");
  EXPECT_EQ(rule.text_of("pattern"), "(?x)\nacme_\n");
  EXPECT_EQ(rule.list_of("examples"), (std::vector<std::string>{"a", "b\n"}));
  EXPECT_EQ(rule.list_of("references"), (std::vector<std::string>{"https://example.com"}));
  EXPECT_EQ(rule.find("nested")->find("a")->text_of("b"), "c");
  EXPECT_EQ(rule.text_of("examples"), "");
  EXPECT_EQ(rule.find("missing"), nullptr);
}

struct Row {
  const char* name;
  std::string text;
  const char* where;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class BadYaml : public ::testing::TestWithParam<Row> {};

TEST_P(BadYaml, IsRefusedWithItsLine) {
  const auto root = parse_yaml(GetParam().text);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().where, GetParam().where);
}

INSTANTIATE_TEST_SUITE_P(Rows, BadYaml,
                         ::testing::Values(Row{"NotYaml", "a: [1\nb: 2", "line 2"},
                                           Row{"Alias", "a: &x 1\nb: *x\n", "line 2"},
                                           Row{"TwoDocuments", "a: 1\n---\nb: 2\n", "line 2"},
                                           Row{"ListAsKey", "? [a]\n: b\n", "line 1"},
                                           Row{"TooDeep", std::string(kMaxYamlDepth + 1, '['), "line 1"},
                                           Row{"TooLarge", std::string(kMaxYaml + 1, ' '), ""}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Yaml, EmptyTextIsAnEmptyScalar) {
  const auto root = parse_yaml("");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->kind, YamlNode::Kind::Scalar);
}

}  // namespace
}  // namespace tightship::convert
