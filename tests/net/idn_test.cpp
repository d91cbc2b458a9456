// Names in other letters than ASCII: what browsers make of them.

#include "net/idn.h"

#include <gtest/gtest.h>

#include "net/host_target.h"
#include "net/site_config.h"

namespace tightship::net {
namespace {

struct Name {
  const char* label;
  const char* text;
  const char* ascii;    // "": refused
  const char* unicode;  // of the ASCII form; "": shown as it is
};

// The examples of RFC 3492 and of UTS 46 (non-transitional), and what must not pass.
const Name kNames[] = {
    {"Plain", "example.com", "example.com", ""},
    {"Umlaut", "b\u00fccher.example", "xn--bcher-kva.example", "b\u00fccher.example"},
    {"UpperCase", "B\u00dcCHER.example", "xn--bcher-kva.example", "b\u00fccher.example"},
    {"SharpS", "stra\u00dfe.de", "xn--strae-oqa.de", "stra\u00dfe.de"},
    {"Decomposed", "bu\u0308cher.example", "xn--bcher-kva.example", "b\u00fccher.example"},
    {"FullStop", "\u65e5\u672c\u8a9e\u3002jp", "xn--wgv71a119e.jp", "\u65e5\u672c\u8a9e.jp"},
    {"TopLevel", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "xn--e1afmkfd.xn--p1ai",
     "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"},
    {"NoUtf8", "b\xfc\x63her.example", "", ""},
    {"Control", "b\u00fc\u202echer.example", "", ""},
    {"Sign", "\u2603\ufe0f\u200d.example", "", ""},
};

class Idn : public ::testing::TestWithParam<Name> {};

TEST_P(Idn, BothWays) {
  const auto ascii = ascii_name(GetParam().text);
  if (*GetParam().ascii == '\0') {
    ASSERT_FALSE(ascii) << *ascii;
    EXPECT_EQ(ascii.error().kind, ErrorKind::Usage);
    return;
  }
  ASSERT_TRUE(ascii) << ascii.error().what;
  EXPECT_EQ(*ascii, GetParam().ascii);
  EXPECT_EQ(unicode_name(*ascii), GetParam().unicode);
}

INSTANTIATE_TEST_SUITE_P(Names, Idn, ::testing::ValuesIn(kNames), [](const auto& row) { return row.param.label; });

TEST(IdnForms, BothAreShown) {
  EXPECT_EQ(name_both_ways("xn--bcher-kva.example"), "b\u00fccher.example (xn--bcher-kva.example)");
  EXPECT_EQ(name_both_ways("example.com"), "example.com");
  EXPECT_EQ(name_both_ways("xn--.example"), "xn--.example");
  EXPECT_EQ(name_both_ways("xn--a-ecp.ru"), "xn--a-ecp.ru");  // comes back to no such name
}

TEST(IdnForms, HostsAndRulesAndConfigurationTakeThem) {
  const auto target = parse_host_port("https://b\u00fccher.example:8443/x", 443);
  ASSERT_TRUE(target) << target.error().what;
  EXPECT_EQ(target->text(), "xn--bcher-kva.example:8443");
  const auto rules = parse_resolve_rules({"b\u00fccher.example:443:192.0.2.1"});
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_NE(find_rule(*rules, "xn--bcher-kva.example", 443), nullptr);
  const auto site = parse_site_config(
      "f", "[site]\ncanonical = \"https://www.b\u00fccher.example/\"\nhosts = [\"caf\u00e9\", \"api\"]\n");
  ASSERT_TRUE(site) << site.error().what;
  EXPECT_EQ(site->canonical, "https://www.xn--bcher-kva.example");
  EXPECT_EQ(site->hosts, (std::vector<std::string>{"xn--caf-dma", "api"}));
}

}  // namespace
}  // namespace tightship::net
