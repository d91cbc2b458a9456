#include "lint/tree.h"

#include <gtest/gtest.h>

#include "lint/json.h"
#include "lint/toml.h"
#include "lint/yaml.h"

namespace tightship::lint {
namespace {

std::string place(const At& at) { return std::to_string(at.line) + ":" + std::to_string(at.column); }

// One file in three languages: the same tree, each with its own places.
void expect_tree(const Node& root) {
  const Node* service = root.find("service");
  ASSERT_NE(service, nullptr);
  ASSERT_TRUE(service->is_map());
  EXPECT_EQ(root.at_path("service/env/NAME")->text, "a \"b\"");
  EXPECT_EQ(root.at_path("service/env/NAME"), service->find("env")->find("NAME"));
  EXPECT_EQ(root.at_path("service/missing/NAME"), nullptr);
  EXPECT_TRUE(root.at_path("service/env/NAME")->quoted);
  EXPECT_EQ(root.at_path("service/on")->text, "true");
  EXPECT_FALSE(root.at_path("service/on")->quoted);
  EXPECT_EQ(root.at_path("service/port")->text, "5432");
  EXPECT_EQ(service->list_of("ports"), (std::vector<std::string>{"1:1", "2:2"}));
  EXPECT_EQ(service->text_of("ports"), "");
}

TEST(Tree, Yaml) {
  const auto documents = parse_yaml(
      "service:\n"
      "  on: true\n"
      "  port: 5432\n"
      "  ports: ['1:1', \"2:2\"]\n"
      "  env:\n"
      "    NAME: \"a \\\"b\\\"\"\n");
  ASSERT_TRUE(documents) << documents.error().what;
  ASSERT_EQ(documents->size(), 1u);
  expect_tree(documents->front());
  EXPECT_EQ(place(documents->front().at_path("service/env/NAME")->at), "6:11");
  EXPECT_EQ(place(documents->front().at_path("service/env")->members[0].at), "6:5");
}

TEST(Tree, Json) {
  const auto root = parse_json(
      "\xef\xbb\xbf{ // services\n"
      "  \"service\": {\n"
      "    \"on\": true, \"port\": 5432,\n"
      "    \"ports\": [\"1:1\", \"2:2\", ], /* , */\n"
      "    \"env\": {\"NAME\":   \"a \\\"b\\\"\",},\n"
      "  }\n"
      "}\n");
  ASSERT_TRUE(root) << root.error().what;
  expect_tree(*root);
  EXPECT_EQ(place(root->at_path("service/env/NAME")->at), "5:23");
  EXPECT_EQ(place(root->at_path("service/env")->members[0].at), "5:13");
  EXPECT_EQ(place(root->at_path("service/port")->at), "3:25");
  EXPECT_EQ(place(root->at_path("service/ports")->items[1].at), "4:22");
}

TEST(Tree, Toml) {
  const auto root = parse_toml(
      "[service]\n"
      "on = true\n"
      "port = 5432\n"
      "ports = ['1:1', \"2:2\"]\n"
      "[service.env]\n"
      "NAME = \"a \\\"b\\\"\"\n");
  ASSERT_TRUE(root) << root.error().what;
  expect_tree(*root);
  EXPECT_EQ(place(root->at_path("service/env/NAME")->at), "6:8");
  EXPECT_EQ(place(root->at_path("service/env")->members[0].at), "6:1");
  EXPECT_EQ(root->find("service")->members[1].key, "port");  // in the order of the file
}

TEST(Json, WhatOnlyLooksLikeACommentStays) {
  EXPECT_EQ(blank_comments("{\"a\": \"http://x/*y*/\", \"b\": \"\\\"//\" , // c\n }"),
            "{\"a\": \"http://x/*y*/\", \"b\": \"\\\"//\"       \n }");
}

TEST(Yaml, DocumentsAnchorsAndMergeKeys) {
  const auto documents = parse_yaml(
      "base: &base {image: a, env: {X: '1'}}\n"
      "web: {<<: *base, image: b}\n"
      "many: {<<: [*base, {extra: c}]}\n"
      "---\n"
      "key: !vault |\n  abc\n");
  ASSERT_TRUE(documents) << documents.error().what;
  ASSERT_EQ(documents->size(), 2u);
  const Node& first = documents->front();
  EXPECT_EQ(first.at_path("web/image")->text, "b");
  EXPECT_EQ(first.at_path("web/env/X")->text, "1");
  EXPECT_EQ(first.at_path("many/extra")->text, "c");
  EXPECT_EQ(first.at_path("many/<<"), nullptr);
  EXPECT_EQ(documents->back().find("key")->tag, "!vault");
}

TEST(Yaml, NothingIsNoDocument) {
  const auto documents = parse_yaml("");
  ASSERT_TRUE(documents);
  EXPECT_TRUE(documents->empty());
}

std::string bomb() {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string from = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + from;
    for (int j = 0; j < 8; ++j) text += "," + from;
    text += "]\n";
  }
  return text;
}

struct Row {
  const char* name;
  std::string text;
  ErrorKind kind;
  const char* where;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
const auto row_name = [](const auto& info) { return std::string(info.param.name); };

class BadYaml : public ::testing::TestWithParam<Row> {};
TEST_P(BadYaml, IsRefusedWithItsLine) {
  const auto answer = parse_yaml(GetParam().text);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, GetParam().kind);
  EXPECT_EQ(answer.error().where, GetParam().where);
}
INSTANTIATE_TEST_SUITE_P(Rows, BadYaml,
                         ::testing::Values(Row{"NotYaml", "a: [1\nb: 2", ErrorKind::Config, "line 2"},
                                           Row{"UnknownAlias", "a: 1\nb: *x\n", ErrorKind::Config, "line 2"},
                                           Row{"OwnAlias", "a: &x\n  b: *x\n", ErrorKind::Config, "line 2"},
                                           Row{"ListAsKey", "? [a]\n: b\n", ErrorKind::Config, "line 1"},
                                           Row{"Bomb", bomb(), ErrorKind::Limit, "line 6"},
                                           Row{"TooDeep", std::string(kMaxTreeDepth + 1, '['), ErrorKind::Limit,
                                               "line 1"},
                                           Row{"TooLarge", std::string(kMaxTreeText + 1, ' '), ErrorKind::Limit, ""}),
                         row_name);

TEST(Yaml, RefusesWhatItIsToldTo) {
  const auto alias = parse_yaml("a: &x 1\nb: *x\n", {.aliases = false});
  ASSERT_FALSE(alias);
  EXPECT_EQ(alias.error().where, "line 2");
  const auto second = parse_yaml("a: 1\n---\nb: 2\n", {.many_documents = false});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().where, "line 2");
}

class BadJson : public ::testing::TestWithParam<Row> {};
TEST_P(BadJson, IsRefusedWithItsLine) {
  const auto answer = parse_json(GetParam().text);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, GetParam().kind);
  EXPECT_EQ(answer.error().where, GetParam().where);
}
INSTANTIATE_TEST_SUITE_P(Rows, BadJson,
                         ::testing::Values(Row{"Empty", "", ErrorKind::Config, "line 1"},
                                           Row{"Cut", "{\n\"a\":\n", ErrorKind::Config, "line 3"},
                                           Row{"TwoCommas", "[1,\n,2]", ErrorKind::Config, "line 2"},
                                           Row{"NoUtf8", "\"\xff\"", ErrorKind::Config, "line 1"},
                                           Row{"TooDeep", std::string(kMaxTreeDepth + 1, '['), ErrorKind::Limit,
                                               "line 1"},
                                           Row{"TooLarge", std::string(kMaxTreeText + 1, ' '), ErrorKind::Limit, ""}),
                         row_name);

class BadToml : public ::testing::TestWithParam<Row> {};
TEST_P(BadToml, IsRefusedWithItsLine) {
  const auto answer = parse_toml(GetParam().text);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, GetParam().kind);
  EXPECT_EQ(answer.error().where, GetParam().where);
}
INSTANTIATE_TEST_SUITE_P(Rows, BadToml,
                         ::testing::Values(Row{"NoValue", "a = 1\nb =\n", ErrorKind::Config, "line 2"},
                                           Row{"Twice", "a = 1\na = 2\n", ErrorKind::Config, "line 2"},
                                           Row{"NoName", "a = 1\n[]\n", ErrorKind::Config, "line 2"},
                                           Row{"TooLarge", std::string(kMaxTreeText + 1, ' '), ErrorKind::Limit, ""}),
                         row_name);

}  // namespace
}  // namespace tightship::lint
