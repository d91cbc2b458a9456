#include "bundle/source_map.h"

#include <gtest/gtest.h>

#include "bundle/build_fixture.h"

namespace tightship::bundle {
namespace {

std::string text_of(const std::optional<OriginalPosition>& position) {
  return position ? position->source + ":" + std::to_string(position->line) + ":" + std::to_string(position->column)
                  : "none";
}

// Two lines: "AAAA,IAAI;GACA": (1,1)->(1,1), (1,5)->(1,5), (2,4)->(2,5).
constexpr std::string_view kSmall =
    R"({"version":3,"sources":["../src/a.js"],"sourcesContent":["let a\nlet \"b\";\n"],"mappings":"AAAA,IAAI;GACA","names":[]})";

TEST(SourceMap, Positions) {
  const auto map = SourceMap::open(kSmall);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(text_of(map->original(1, 1)), "../src/a.js:1:1");
  EXPECT_EQ(text_of(map->original(1, 4)), "../src/a.js:1:1");
  EXPECT_EQ(text_of(map->original(1, 5)), "../src/a.js:1:5");
  EXPECT_EQ(text_of(map->original(2, 1)), "none") << "before the first mapping of its line";
  EXPECT_EQ(text_of(map->original(2, 9)), "../src/a.js:2:5");
  EXPECT_EQ(text_of(map->original(3, 1)), "none");
  EXPECT_EQ(text_of(map->original(0, 1)), "none");
}

TEST(SourceMap, InsideOfContents) {
  const auto map = SourceMap::open(kSmall);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(text_of(map->inside(kSmall.find("let a") + 4)), "../src/a.js:1:5");
  EXPECT_EQ(text_of(map->inside(kSmall.find("b\\\""))), "../src/a.js:2:6");
  EXPECT_EQ(text_of(map->inside(2)), "none");
}

TEST(SourceMap, Sections) {
  const std::string text =
      R"({"version":3,"sections":[{"offset":{"line":0,"column":0},"map":)" + std::string(kSmall) +
      R"(},{"map":{"sources":["b.js"],"mappings":"AACA","sourceRoot":"webpack://x"},"offset":{"line":4,"column":10}}]})";
  const auto map = SourceMap::open(text);
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(text_of(map->original(1, 5)), "../src/a.js:1:5");
  EXPECT_EQ(text_of(map->original(5, 11)), "webpack://x/b.js:2:1");
  EXPECT_EQ(text_of(map->original(5, 10)), "none") << "the first part has nothing there";
  EXPECT_EQ(map->source_count(), 2u);
  EXPECT_TRUE(map->has_contents());
}

TEST(SourceMap, OfWebpack) {
  const std::string folder = std::string(TIGHTSHIP_SOURCE_DIR) + "/fixtures/bundle/builds/webpack/dist/";
  const std::string code = read_text(folder + "main.js"), json = read_text(folder + "main.js.map");
  const auto map = SourceMap::open(json);
  ASSERT_TRUE(map.has_value());
  const std::size_t at = code.find("btoa(");
  const auto position = map->original(1, utf16_column(std::string_view(code).substr(0, at)));
  ASSERT_TRUE(position.has_value());
  EXPECT_EQ(source_path(position->source), "src/index.js");
  EXPECT_EQ(position->line, 4u);
  const auto comment = map->inside(json.find("MARKxONLY"));
  ASSERT_TRUE(comment.has_value());
  EXPECT_EQ(source_path(comment->source), "src/index.js");
  EXPECT_EQ(comment->line, 2u);
}

TEST(SourceMap, BrokenOnes) {
  for (const char* text :
       {"", "null", "[]", "{", "{}", R"({"sources":)", R"({"sources":["a)", R"({"sources":["a"],"mappings")",
        R"({"sections":[{"map":{"sources":["a"]})", R"({"sources":[}]})"}) {
    EXPECT_FALSE(SourceMap::open(text).has_value()) << text;
  }
  EXPECT_FALSE(SourceMap::open(std::string(100'000, '[')).has_value());
  EXPECT_FALSE(SourceMap::open("{\"a\":" + std::string(100'000, '[')).has_value());
  // Mappings that point nowhere, and numbers that never end.
  for (const char* mappings : {"!", "AAA!", "AEAA", "gggggggggggggggggggg", "ADAA", "AADA"}) {
    const std::string text = std::string(R"({"sources":["a.js"],"mappings":")") + mappings + "\"}";
    const auto map = SourceMap::open(text);
    ASSERT_TRUE(map.has_value());
    EXPECT_FALSE(map->original(1, 1).has_value()) << mappings;
  }
  EXPECT_TRUE(SourceMap::open(")]}'\n" + std::string(kSmall)).has_value());
}

TEST(SourceMap, CutAnywhere) {
  for (std::size_t size = 0; size < kSmall.size(); ++size)
    EXPECT_FALSE(SourceMap::open(kSmall.substr(0, size)).has_value()) << size;
}

TEST(SourceMap, NamesAndReferences) {
  EXPECT_EQ(source_path("webpack://shop/./src/pay.js"), "src/pay.js");
  EXPECT_EQ(source_path("turbopack:///[project]/app/shop.js"), "app/shop.js");
  EXPECT_EQ(source_path("../../src/pay.js"), "src/pay.js");
  EXPECT_EQ(source_path("src/pay.js"), "src/pay.js");
  EXPECT_EQ(source_map_reference("a\n//# sourceMappingURL=x.js.map\n"), "x.js.map");
  EXPECT_EQ(source_map_reference("a{}/*# sourceMappingURL=x.css.map */"), "x.css.map");
  EXPECT_EQ(source_map_reference("'# sourceMappingURL=x'"), "");
  EXPECT_EQ(source_map_reference("//# sourceMappingURL=data:application/json;base64,e30="),
            "data:application/json;base64,e30=");
  EXPECT_EQ(utf16_column("a\xC3\xA9\xF0\x9F\x98\x80"), 5u);
}

}  // namespace
}  // namespace tightship::bundle
