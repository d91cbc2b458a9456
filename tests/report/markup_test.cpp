#include "report/markup.h"

#include <gtest/gtest.h>

namespace tightship::report {
namespace {

struct Row {
  std::string_view raw, wanted;
};

TEST(Markup, CommandDataKeepsNoEscapeAndNoLineEnd) {
  for (const Row& row : std::initializer_list<Row>{{"a: b, c", "a: b, c"},
                                                   {"100%", "100%25"},
                                                   {"%0Ax", "%250Ax"},
                                                   {"a\r\nb", "a\\r\\nb"},
                                                   {"::error::x", "::error::x"}}) {
    EXPECT_EQ(command_data(row.raw), row.wanted);
  }
}

TEST(Markup, CommandPropertiesEndNowhere) {
  EXPECT_EQ(command_property("a,line=1::x%"), "a%2Cline=1%3A%3Ax%25");
  EXPECT_EQ(command_property("c\nd"), "c\\nd");
}

TEST(Markup, MarkdownHasNoMeaning) {
  EXPECT_EQ(markdown_text("[a](b) <i> @ana #1 `x` a|b"), "\\[a\\](b) \\<i\\> \\@ana \\#1 \\`x\\` a\\|b");
}

TEST(Markup, HtmlAndXmlAreText) {
  EXPECT_EQ(html_text("</pre><b a='1'>|"), "&lt;/pre&gt;&lt;b a=&#39;1&#39;&gt;&#124;");
  EXPECT_EQ(xml_text("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  EXPECT_EQ(xml_text("\x01\x1b \xff"), "\\x01\\x1b \\xff");
  const std::string noncharacters = xml_text("\xef\xbf\xbe\xef\xbf\xbf");
  EXPECT_EQ(noncharacters.find("\xef\xbf\xbe"), std::string::npos);
  EXPECT_EQ(noncharacters.find("\xef\xbf\xbf"), std::string::npos);
}

TEST(Markup, NoLineOfALogIsACommand) {
  for (const Row& row :
       std::initializer_list<Row>{{"::error::x\n", ": :error::x\n"},
                                  {"ok\n  ::stop-commands::x", "ok\n  : :stop-commands::x"},
                                  {"\xe3\x80\x80::set-output::x", "\xe3\x80\x80: :set-output::x"},
                                  {"a ##[add-matcher]x", "a # #[add-matcher]x"},
                                  {"a ###[x]", "a # # #[x]"},
                                  {"##vso[task.setvariable variable=x]y", "# #vso[task.setvariable variable=x]y"},
                                  {"a::b # c", "a::b # c"}}) {
    EXPECT_EQ(log_text(row.raw), row.wanted);
  }
}

}  // namespace
}  // namespace tightship::report
