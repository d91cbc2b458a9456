#include "net/spf_record.h"

#include <gtest/gtest.h>

namespace tightship::net {
namespace {

struct Row {
  const char* name;
  const char* text;
  std::size_t errors;
  std::size_t terms;
  std::size_t remarks = 0;
};

class SpfRecords : public ::testing::TestWithParam<Row> {};

TEST_P(SpfRecords, AreReadAsTheRfcSays) {
  ASSERT_TRUE(is_spf_record(GetParam().text));
  const SpfRecord record = parse_spf_record(GetParam().text);
  std::string said;
  for (const SpfFault& fault : record.errors) said += fault.term + ": " + fault.what + "\n";
  EXPECT_EQ(record.errors.size(), GetParam().errors) << said;
  EXPECT_EQ(record.terms.size(), GetParam().terms);
  EXPECT_EQ(record.remarks.size(), GetParam().remarks);
}

INSTANTIATE_TEST_SUITE_P(
    Section12, SpfRecords,
    ::testing::Values(
        Row{"empty", "v=spf1", 0, 0}, Row{"blanks_at_the_end", "v=spf1 -all   ", 0, 1},
        Row{"upper_case", "V=SPF1 IP4:192.0.2.1 Include:A.example -ALL", 0, 3},
        Row{"dual_prefix", "v=spf1 a/24//64 mx:example.com/24 a:example.com//64 -all", 0, 4},
        Row{"prefix_too_long", "v=spf1 ip4:192.0.2.0/33 -all", 1, 1},
        Row{"prefix_with_zero", "v=spf1 ip4:192.0.2.0/024 -all", 1, 1}, Row{"prefix_missing", "v=spf1 a/ -all", 1, 1},
        Row{"ip6", "v=spf1 ip6:2001:db8::/32 -all", 0, 2}, Row{"ip6_in_ip4", "v=spf1 ip4:2001:db8::1 -all", 1, 1},
        Row{"ip4_in_ip6", "v=spf1 ip6:192.0.2.1 -all", 1, 1},
        Row{"ip4_with_port", "v=spf1 ip4:192.0.2.1:25 -all", 1, 1},
        Row{"bracketed_ip6", "v=spf1 ip6:[2001:db8::1] -all", 1, 1}, Row{"typo", "v=spf1 ipv4:192.0.2.1 -all", 1, 1},
        Row{"no_blank_before_all", "v=spf1 ip4:192.0.2.1-all", 1, 0},
        Row{"all_in_a_name", "v=spf1 a:example.com-all", 0, 1}, Row{"all_with_domain", "v=spf1 -all:example.com", 1, 0},
        Row{"include_without", "v=spf1 include -all", 1, 1}, Row{"include_empty", "v=spf1 include: -all", 1, 1},
        Row{"no_top_level", "v=spf1 a:localhost -all", 1, 1},
        Row{"top_level_of_digits", "v=spf1 a:example.123 -all", 1, 1},
        Row{"final_dot", "v=spf1 a:example.com. -all", 0, 2},
        Row{"macro", "v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all", 0, 2},
        Row{"macro_upper", "v=spf1 exists:%{L}.example.com -all", 0, 2},
        Row{"macro_delimiters", "v=spf1 exists:%{l1r+-/}.example.com -all", 0, 2},
        Row{"macro_broken", "v=spf1 exists:%{z}.example.com -all", 1, 1},
        Row{"macro_open", "v=spf1 exists:%{i -all", 1, 1},
        Row{"macro_of_no_labels", "v=spf1 exists:%{d0}.example.com -all", 1, 1},
        Row{"percent_alone", "v=spf1 a:50%.example.com -all", 1, 1},
        Row{"percent_percent", "v=spf1 a:%%.example.com -all", 0, 2},
        Row{"macro_c_outside_exp", "v=spf1 exists:%{c}.example.com -all", 1, 1},
        Row{"redirect", "v=spf1 redirect=_spf.example.com", 0, 1},
        Row{"two_redirects", "v=spf1 redirect=a.example redirect=b.example", 1, 1},
        Row{"redirect_beside_all", "v=spf1 redirect=a.example -all", 0, 1, 1},
        Row{"two_exps", "v=spf1 exp=a.example exp=b.example -all", 1, 2},
        Row{"unknown_modifier", "v=spf1 foo=bar%{d} -all", 0, 2},
        Row{"unknown_modifier_broken", "v=spf1 foo=%{q} -all", 1, 1},
        Row{"qualified_modifier", "v=spf1 -redirect=a.example", 1, 0},
        Row{"mechanism_with_equals", "v=spf1 include=a.example -all", 0, 2, 1},
        Row{"behind_all", "v=spf1 -all a", 0, 1, 1}, Row{"error_behind_all", "v=spf1 -all moo", 1, 1},
        Row{"second_version", "v=spf1 a v=spf1 -all", 0, 3}, Row{"junk", "v=spf1 @ -all", 1, 1},
        Row{"tab", "v=spf1 a\t-all", 1, 0}, Row{"not_ascii", "v=spf1 a:b\xc3\xa4r.example -all", 1, 1}),
    [](const auto& info) { return info.param.name; });

TEST(Spf, Versions) {
  for (const char* yes : {"v=spf1", "v=spf1 ", "V=Spf1 -all"}) EXPECT_TRUE(is_spf_record(yes)) << yes;
  for (const char* no : {"v=spf10", "v=spf1\t-all", " v=spf1", "\"v=spf1\"", "spf2.0/pra", ""})
    EXPECT_FALSE(is_spf_record(no)) << no;
  for (const char* meant : {" v=spf1 -all", "\"v=spf1 -all\"", "v=spf 1 -all", "spf1 mx"})
    EXPECT_TRUE(looks_like_spf(meant)) << meant;
  for (const char* other : {"google-site-verification=x", "", "  "}) EXPECT_FALSE(looks_like_spf(other)) << other;
}

TEST(Spf, Domains) {
  const SpfRecord record = parse_spf_record("v=spf1 ~a:Mail.Example.COM./24//56 -all");
  ASSERT_EQ(record.terms.size(), 2u);
  EXPECT_EQ(record.terms[0].domain, "mail.example.com");
  EXPECT_EQ(record.terms[0].qualifier, '~');
  EXPECT_EQ(record.terms[0].prefix4, 24);
  EXPECT_EQ(record.terms[0].prefix6, 56);
}

}  // namespace
}  // namespace tightship::net
