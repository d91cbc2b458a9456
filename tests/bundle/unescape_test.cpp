#include "bundle/unescape.h"

#include <gtest/gtest.h>

namespace tightship::bundle {
namespace {

TEST(Unescape, JavaScript) {
  EXPECT_EQ(unescape_js(R"(a\"b\\c\nd)"), "a\"b\\c\nd");
  EXPECT_EQ(unescape_js(R"(\x41\u0042\u{43}\104)"), "ABCD");
  EXPECT_EQ(unescape_js(R"(\u00e9\u{1F600}\uD83D\uDE00)"), "\xC3\xA9\xF0\x9F\x98\x80\xF0\x9F\x98\x80");
  EXPECT_EQ(unescape_js("a\\\nb"), "ab") << "a line that goes on";
  EXPECT_EQ(unescape_js(R"(\xZ1\u12\u{}\u{110000000})"), "xZ1u12u{}u{110000000}") << "no escapes at all";
  EXPECT_EQ(unescape_js("end\\"), "end\\");
}

TEST(Unescape, Html) {
  EXPECT_EQ(unescape_html("&lt;&amp;&gt;&quot;&#39;&#x27;&apos;"), "<&>\"'''");
  EXPECT_EQ(unescape_html("&unknown; & &#; &#x; &#12"), "&unknown; & &#; &#x; &#12");
  EXPECT_EQ(unescape_html("&amp;lt;"), "&lt;") << "one layer only";
}

TEST(Unescape, Pieces) {
  EXPECT_EQ(join_strings(R"x("ab"+"cd")x"), "\"abcd\"");
  EXPECT_EQ(join_strings(R"x('ab' +
      'cd' + x)x"),
            "'abcd' + x");
  EXPECT_EQ(join_strings(R"x("ab".concat("cd"))x"), "\"abcd\")");
  EXPECT_EQ(join_strings(R"x(["ab","cd"].join(""))x"), "[\"abcd\"].join(\"\")");
  EXPECT_EQ(join_strings(R"x("ab"+c)x"), "\"ab\"+c");
}

struct Layered {
  const char* name;
  const char* text;   // as it stands in the output
  const char* words;  // of the nest; null: the value is not there
};

// The value is a"b\c<d.
const Layered kLayered[] = {
    {"plain", R"(x = a"b\c<d;)", ""},
    {"json", R"("a\"b\\c<d")", "JavaScript-escaped"},
    {"json in a script", R"("a\"b\\c\u003cd")", "JavaScript-escaped"},
    {"template", R"(`a"b\\c<d`)", "JavaScript-escaped"},
    {"attribute", R"(title="a&quot;b\c&lt;d")", "HTML-escaped"},
    {"flight data in a page", R"([1,"x:[\"a\\\"b\\\\c\u003cd\"]"])", "JavaScript-escaped twice"},
    {"three strings deep", R"("\"\\\"a\\\\\\\"b\\\\\\\\c<d\\\"\"")", "JavaScript-escaped three times"},
    {"URL", "?key=a%22b%5Cc%3Cd&x", "percent-encoded"},
    {"URL in JSON in a page", R"({&quot;u&quot;:&quot;a%22b%5Cc%3Cd&quot;})", "percent-encoded"},
    {"JSON in an attribute", R"(data-x="{&quot;k&quot;:&quot;a\&quot;b\\c&lt;d&quot;}")",
     "JavaScript-escaped, HTML-escaped"},
    {"URL twice", "%2561%2522b%255Cc%253Cd", "percent-encoded twice"},
    {"pieces", R"("a\"b"+'\\c<d')", "JavaScript-escaped, put together from pieces"},
    {"spelled out", R"("\x61\x22\x62\x5c\x63\x3c\x64")", "JavaScript-escaped"},
    {"another value", R"("a\"b\\c<e")", nullptr},
    {"a part", R"("a\"b\\c")", nullptr},
};

class FindEncoded : public testing::TestWithParam<Layered> {};

TEST_P(FindEncoded, UndoesLayers) {
  const auto nest = find_encoded(GetParam().text, R"(a"b\c<d)");
  if (GetParam().words == nullptr) {
    EXPECT_FALSE(nest.has_value());
    return;
  }
  ASSERT_TRUE(nest.has_value());
  EXPECT_EQ(nest_words(*nest), GetParam().words);
  EXPECT_NE(undo(*nest, GetParam().text).find(R"(a"b\c<d)"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Outputs, FindEncoded, testing::ValuesIn(kLayered), [](const auto& row) {
  std::string name = row.param.name;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

}  // namespace
}  // namespace tightship::bundle
