#include <gtest/gtest.h>

#include "report/report.h"
#include "sample.h"

namespace tightship::report {
namespace {

struct RedactCase {
  const char* name;
  std::string secret, prefix, shown;
};

class Redact : public testing::TestWithParam<RedactCase> {};

TEST_P(Redact, ShowsPrefixAndTailOnly) { EXPECT_EQ(redact(GetParam().secret, GetParam().prefix), GetParam().shown); }

INSTANTIATE_TEST_SUITE_P(
    Report, Redact,
    testing::Values(RedactCase{"long", "ab_" + random_text(1, 16) + "WXYZ", "ab_", "ab_…WXYZ"},
                    RedactCase{"nineteen_random", "ab_" + random_text(1, 19), "ab_", "ab_…"},
                    RedactCase{"no_prefix_short", "hunter2", "", "…"},
                    RedactCase{"no_prefix_long", random_text(2, 16) + "WXYZ", "", "…WXYZ"},
                    RedactCase{"other_prefix", random_text(2, 16) + "WXYZ", "zz_", "…WXYZ"},
                    RedactCase{"only_prefix", "ab_", "ab_", "ab_…"}, RedactCase{"empty", "", "", "…"},
                    RedactCase{"tail_is_no_ascii", random_text(3, 30) + "\xc3\xa9", "", "…"},
                    RedactCase{"tail_has_a_line_end", random_text(3, 30) + "abc\n", "", "…"},
                    RedactCase{"pem_shows_its_armour", pem_block(), "-----BEGIN", "-----BEGIN RSA PRIVATE KEY-----…"},
                    RedactCase{"armour_of_other_letters",
                               "-----BEGIN x" + random_text(4, 9) + "-----" + random_text(5, 20) + "WXYZ",
                               "-----BEGIN ", "-----BEGIN …WXYZ"},
                    RedactCase{"armour_without_end", "-----BEGIN " + random_text(4, 90) + "WXYZ", "", "…WXYZ"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(Format, IsNamedAndToldFromAPath) {
  EXPECT_EQ(parse_format("text"), Format::Text);
  EXPECT_EQ(parse_format("concise"), Format::Concise);
  EXPECT_EQ(parse_format("json"), Format::Json);
  EXPECT_EQ(parse_format("jsonl"), Format::Jsonl);
  EXPECT_EQ(parse_format("sarif"), Format::Sarif);
  EXPECT_EQ(parse_format("JSON"), std::nullopt);
  EXPECT_EQ(parse_format(""), std::nullopt);
  EXPECT_EQ(format_of_path("out/a.json"), Format::Json);
  EXPECT_EQ(format_of_path("a.jsonl"), Format::Jsonl);
  EXPECT_EQ(format_of_path("a.sarif"), Format::Sarif);
  EXPECT_EQ(format_of_path("a.sarif.json"), Format::Sarif);
  EXPECT_EQ(format_of_path("a.txt"), Format::Text);
  EXPECT_EQ(format_of_path("json"), std::nullopt);
  EXPECT_EQ(format_of_path(""), std::nullopt);
}

}  // namespace
}  // namespace tightship::report
