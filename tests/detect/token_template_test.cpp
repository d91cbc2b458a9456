#include "detect/token_template.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "detect/token_parts.h"

namespace tightship::detect {
namespace {

struct Row {
  const char* text;
  const char* expected;  // a regular expression for the whole expansion
};

class Expands : public testing::TestWithParam<Row> {};

TEST_P(Expands, ToItsShape) {
  const std::regex shape(GetParam().expected);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto made = expand_template(GetParam().text, seed);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_TRUE(std::regex_match(*made, shape)) << *made;
    EXPECT_EQ(*made, *expand_template(GetParam().text, seed));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Parts, Expands,
    testing::Values(Row{"", ""}, Row{"plain } text", "plain \\} text"}, Row{"a{{b", "a\\{b"},
                    Row{"{base62:30}", "[0-9A-Za-z]{30}"},
                    Row{"{lower:3}{upper:2}{digit:4}", "[a-z]{3}[A-Z]{2}[0-9]{4}"},
                    Row{"{hex:8}-{HEX:8}", "[0-9a-f]{8}-[0-9A-F]{8}"}, Row{"{loweralnum:9}", "[0-9a-z]{9}"},
                    Row{"{upperalnum:9}", "[0-9A-Z]{9}"}, Row{"{base64:12}", "[0-9A-Za-z+/]{12}"},
                    Row{"{base64url:12}", "[0-9A-Za-z_-]{12}"}, Row{"{base32:16}", "[A-Z2-7]{16}"},
                    Row{"{hex:4-6}", "[0-9a-f]{4,6}"}, Row{"{word}", "[a-z]{4,8}"},
                    Row{"{uuid}", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"},
                    Row{"{repeat:ab:3}", "ababab"}, Row{"{one:x|yy}", "x|yy"},
                    Row{"{base64-of:user:{hex:3}}", "[0-9A-Za-z+/]{11,12}={0,2}"},
                    Row{"{base64url-of:{{\"a\":1}}}", "eyJhIjoxfQ"}, Row{"{hex-of:AB}", "4142"},
                    Row{"{base32-of:f}", "MY"}, Row{"abc{crc32-hex:all}", "abc352441c2"},
                    Row{"abc{crc32-le-hex:3}", "abcc2412435"}, Row{"x_abc_{crc32-HEX:4-1}", "x_abc_352441C2"},
                    Row{"{jwt:{{\"sub\":\"x\"}}}", "eyJ[\\w-]+\\.eyJzdWIiOiJ4In0\\.[\\w-]{43}"}));

struct BadRow {
  const char* text;
  const char* what;
};
class Refuses : public testing::TestWithParam<BadRow> {};

TEST_P(Refuses, WithAReason) {
  const auto made = expand_template(GetParam().text, 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::Config);
  EXPECT_NE(made.error().what.find(GetParam().what), std::string::npos) << made.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, Refuses,
    testing::Values(BadRow{"{nope:3}", "unknown part 'nope'"}, BadRow{"{hex:3", "not closed"},
                    BadRow{"{hex}", "no length"}, BadRow{"{hex:9-3}", "no length"},
                    BadRow{"{hex:99999999}", "no length"}, BadRow{"{repeat:x}", "want {repeat:TEXT:N}"},
                    BadRow{"{repeat:xxxxxxxxxx:65000}", "too long"}, BadRow{"ab{crc32-hex:3}", "names no bytes"},
                    BadRow{"{pem:nope}", "unknown argument"}, BadRow{"{hex:40000}{hex:40000}", "too long"},
                    BadRow{"{base64-of:{hex-of:{base64-of:{hex-of:{base64-of:{hex-of:x} } } } } }", "too deeply"}));

TEST(TokenTemplate, SeedsDiffer) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) seen.insert(*expand_template("{base62:20}", seed));
  EXPECT_EQ(seen.size(), 100u);
}

// These bytes stand in goldens everywhere: a change of the generator would change them all.
TEST(TokenTemplate, IsStable) { EXPECT_EQ(*expand_template("{hex:16}/{word}", 7), "a274e8fc9240fc7c/falcon"); }

}  // namespace
}  // namespace tightship::detect
