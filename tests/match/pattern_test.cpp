#include "match/pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <numeric>

#include "match/byte_class.h"
#include "match/regex.h"

namespace tightship::match {
namespace {

std::string describe(const AnchorLiteral& anchor) {
  std::string out = anchor.bytes + (anchor.caseless ? "/i" : "") + "@" + std::to_string(anchor.min_offset);
  return anchor.min_offset == anchor.max_offset ? out : out + ".." + std::to_string(anchor.max_offset);
}

std::string describe(const std::vector<AnchorLiteral>& anchors) {
  std::vector<std::string> parts;
  for (const AnchorLiteral& anchor : anchors) parts.push_back(describe(anchor));
  std::sort(parts.begin(), parts.end());
  return std::accumulate(parts.begin(), parts.end(), std::string(),
                         [](const std::string& a, const std::string& b) { return a.empty() ? b : a + " " + b; });
}

struct Row {
  std::string name, regex, anchors;
  std::uint32_t min_width, max_width;
  std::size_t prefix;
  std::vector<std::string> wanted;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.regex; }

class AnalyseTest : public ::testing::TestWithParam<Row> {};

TEST_P(AnalyseTest, FindsWidthsAnchorsAndPrefix) {
  const Row& row = GetParam();
  const auto info = analyse_pattern(row.regex, row.wanted);
  ASSERT_TRUE(info) << info.error().what << " at " << info.error().where;
  EXPECT_EQ(describe(info->anchors), row.anchors);
  EXPECT_EQ(info->min_width, row.min_width);
  EXPECT_EQ(info->max_width, row.max_width);
  EXPECT_EQ(info->prefix.size(), row.prefix);
}

const Row kRows[] = {
    {"FixedPrefix", R"(\b(ghp_[0-9A-Za-z]{36})\b)", "ghp_@0", 40, 40, 32, {}},
    {"SmallClass", R"(\b(gh[pousr]_[0-9A-Za-z]{36})\b)", "gho_@0 ghp_@0 ghr_@0 ghs_@0 ghu_@0", 40, 40, 32, {}},
    {"ClassOfBothCases", "[kK][eE]y-x[0-9]{5}", "key-x/i@0", 10, 10, 10, {}},
    {"AlternationAcrossGroup",
     R"(\bsk-(?:proj|svcacct)-[\w-]{20,74}T3BlbkFJ[\w-]{20,74}\b)",
     "k-svcacc@1 sk-proj-@0",
     56,
     167,
     32,
     {}},
    {"LongLiteral",
     R"(-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[\s\S]{10,8000}?-----END)",
     "--BEGIN @3",
     45,
     8039,
     27,
     {}},
    {"FixedOffset", R"(\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70})", ".atlasv1@14", 83, 93, 32, {}},
    {"Caseless", R"((?i)heroku[\w .-]{0,20}[=:]{1,3} {0,3}['"]?([0-9a-f]{8}))", "heroku/i@0", 15, 41, 15, {}},
    {"ShortOnlyWhereNeeded",
     "(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
     "A3T@0 ABIA@0 ACCA@0 AKIA@0 ASIA@0",
     20,
     20,
     20,
     {}},
    {"ScopedFlag",
     R"(\b(?i:https?|ftp)://[^\s:@/]{1,64}:([^\s:@/]{3,128})@[\w.-]{3,100})",
     "ftp:///i@0 http:///i@0 https:///i@0",
     15,
     302,
     15,
     {}},
    {"VariableOffset", "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", ":AA@8..10", 44, 46, 32, {}},
    {"KeywordBehindRun",
     R"([\w.-]{0,40}(?i:password|passwd|secret)\s{0,5}=)",
     "passwd/i@0..40 password/i@0..40 secret/i@0..40",
     7,
     54,
     7,
     {}},
    {"RepeatedGroup", "(?:abX-){2}[0-9]{4}", "abX-abX-@0", 12, 12, 12, {}},
    {"OptionalGroup", "(?:ab)?CDxy[0-9]", "CDxy@0..2", 5, 7, 5, {}},
    {"OptionalIsNoAnchor", "(?:longer-literal-here)?qq_Z[0-9]{4}", "hereqq_Z@15 qq_Z@0", 8, 27, 8, {}},
    {"RareOverCommon", "password[0-9]{2}zQ7_k", "zQ7_k@10", 15, 15, 15, {}},
    {"FourBytesOverThree", R"([a-z]{3}@@#[0-9]{1,9}abcd)", "abcd@7..15", 11, 19, 11, {}},
    {"BytesBeyondAscii", "\xC3\xA9t\xC3\xA9[0-9]", "\xC3\xA9t\xC3\xA9@0", 6, 6, 6, {}},
    {"FoldBeyondAscii", "(?i)k\xC3\xA9z-ab[0-9]", "\xA9z-ab/i@2", 8, 8, 8, {}},
    {"LineAnchors", "(?m)^key_[0-9]{4}$", "key_@0", 8, 8, 8, {}},
    {"EndsOfTheData", R"((?:\A|^|[ "])key_[0-9]{4}(?:[ "]|$|\z))", "key_@0..1", 8, 10, 8, {}},
    {"DotTakesAnyByteInS", "(?s)ab12.{3}", "ab12@0", 7, 7, 4, {}},
    {"LiteralBraces", "a{b}c{,5}d]", "{b}c{,5}@1", 11, 11, 11, {}},
    {"CountWithLeadingZeroIsText", "ab{02}[0-9]", "ab{02}@0", 7, 7, 7, {}},
    {"UpperCountWithLeadingZeroIsText", "ab{1,02}[0-9]", "ab{1,02}@0", 9, 9, 9, {}},
    {"Wanted", "ghp_[0-9]{4}-tail", "-tail@8", 13, 13, 13, {"-tail"}},
    {"WantedInsideLiteral", "prefix_middle_suffix", "middle@7", 20, 20, 20, {"middle"}},
    {"WantedEach", "(?:abc1|xyz2)[0-9]{3}", "abc@0 xyz2@0", 7, 7, 7, {"xyz2", "abc"}},
    {"WantedCaseless", "(?i)PassWord[0-9]", "password/i@0", 9, 9, 9, {"PASSword"}},
    {"WantedThreeBytes", "eyJ[0-9]{4}longer_part", "eyJ@0", 18, 18, 18, {"eyJ"}},
};

std::string row_name(const ::testing::TestParamInfo<Row>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Rows, AnalyseTest, ::testing::ValuesIn(kRows), row_name);

struct ErrorRow {
  std::string name, regex, where, what;
  std::vector<std::string> wanted;
};

void PrintTo(const ErrorRow& row, std::ostream* out) { *out << row.regex; }

class AnalyseErrorTest : public ::testing::TestWithParam<ErrorRow> {};

TEST_P(AnalyseErrorTest, SaysWhatAndWhere) {
  const ErrorRow& row = GetParam();
  const auto info = analyse_pattern(row.regex, row.wanted);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, ErrorKind::Config);
  EXPECT_EQ(info.error().where, row.where);
  EXPECT_NE(info.error().what.find(row.what), std::string::npos) << info.error().what;
}

const ErrorRow kErrors[] = {
    {"OpenGroup", "key_(acme", "byte 4", "group is not closed", {}},
    {"OpenFlagGroup", "key_(?i", "byte 4", "group is not closed", {}},
    {"StrayParenthesis", "key_)", "byte 4", "closes no group", {}},
    {"OpenClass", "key_[a-z", "byte 4", "class is not closed", {}},
    {"BackwardRange", "key_[z-a]", "byte 5", "ends before it begins", {}},
    {"UnknownClassName", "key_[[:nope:]]", "byte 5", "unknown class name", {}},
    {"UnknownEscape", "key_\\y", "byte 4", "unknown escape", {}},
    {"BackReference", "(key_)\\1", "byte 6", "back-references", {}},
    {"TrailingBackslash", "key_\\", "byte 4", "trailing backslash", {}},
    {"ShortHex", "key_\\x4", "byte 4", "hexadecimal", {}},
    {"WideHex", "key_\\x{100}", "byte 4", "beyond one byte", {}},
    {"UnicodeClass", "key_\\pL", "byte 4", "Unicode", {}},
    {"WideCharacterInClass", "key_[\xC3\xA9]", "byte 5", "beyond ASCII", {}},
    {"RepeatOfWideCharacter", "key_\xC3\xA9{2}", "byte 6", "beyond ASCII", {}},
    {"NothingToRepeat", "*key_", "byte 0", "nothing to repeat", {}},
    {"NothingToRepeatInGroup", "key_(+a)", "byte 5", "nothing to repeat", {}},
    {"RepeatOfRepeat", "key_a{2}{3}", "byte 8", "repeat of a repeat", {}},
    {"BackwardRepeat", "key_a{3,2}", "byte 5", "below its lower bound", {}},
    {"Star", "key_[a-z]*", "byte 9", "no upper bound", {}},
    {"Plus", "key_[a-z]+?", "byte 9", "no upper bound", {}},
    {"OpenRange", "key_[a-z]{4,}", "byte 9", "no upper bound", {}},
    {"WideRepeatOfGroup", "key_(?:ab){1,2000}", "byte 10", "only a single character or class", {}},
    {"TooWide", "key_[a-z]{1,20000}", "byte 9", "16384", {}},
    {"TooWideInSum", "key_[a-z]{9000}[0-9]{9000}", "byte 0", "wider than 16384", {}},
    {"UnknownFlag", "(?x)key_", "byte 2", "unknown flag", {}},
    {"Lookahead", "key_(?=a)", "byte 6", "unknown flag or kind of group", {}},
    {"NestedRepeatsTooMany", "key_(?:a{100}){100}", "byte 0", "RE2", {}},
    {"NoLiteral", "[a-z]{5,9}", "byte 0", "no literal", {}},
    {"NoLiteralInOneBranch", "literal_here|[0-9]{9}", "byte 0", "no literal", {}},
    {"TwoBytesOnly", "ab[0-9]{4}cd", "byte 0", "no literal", {}},
    {"Empty", "", "byte 0", "no literal", {}},
    {"WantedAbsent", "ghp_[0-9]{4}", "byte 0", "need not contain", {"gho_"}},
    {"WantedOtherCase", "ghp_[0-9]{4}", "byte 0", "need not contain", {"GHP_"}},
    {"WantedOptional", "(?:abcd)?efgh_", "byte 0", "need not contain", {"abcd"}},
    {"WantedOneBranch", "(?:abcd|wxyz)[0-9]", "byte 0", "need not contain", {"abcd"}},
    {"WantedNeedless", "abcd[0-9]{3}wxyz", "byte 0", "not needed", {"abcd", "wxyz"}},
    {"WantedShort", "abcd[0-9]{3}", "byte 0", "anchor has 2 bytes", {"ab"}},
    {"WantedLong", "abcdefghij[0-9]{3}", "byte 0", "anchor has 9 bytes", {"abcdefghi"}},
};

std::string error_name(const ::testing::TestParamInfo<ErrorRow>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Rows, AnalyseErrorTest, ::testing::ValuesIn(kErrors), error_name);

TEST(AnalyseLimits, NestingAndSizeAreBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "key_1" + std::string(depth, ')'); };
  const auto quiet = [](std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i) out += "(?:";
    return out + "key_1" + std::string(depth, ')');
  };
  EXPECT_TRUE(analyse_pattern(quiet(200)));
  EXPECT_FALSE(analyse_pattern(quiet(201)));
  EXPECT_FALSE(analyse_pattern(nested(65)));
  EXPECT_FALSE(analyse_pattern(std::string(8 * 1024 + 1, 'a')));
}

// One byte's worth of syntax: which of the 256 bytes does it take? RE2 is asked for each.
class ByteSyntaxTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ByteSyntaxTest, TakesTheBytesThatRe2Takes) {
  const std::string regex = std::string(GetParam()) + "_end";
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  const RE2 re2(regex, options);
  const auto info = analyse_pattern(regex, {"_end"});
  if (!re2.ok()) {
    EXPECT_FALSE(info);
    return;
  }
  ASSERT_TRUE(info) << info.error().what;
  ASSERT_EQ(info->max_width, 5U);
  for (unsigned value = 0; value < 256; ++value) {
    const auto byte = static_cast<std::uint8_t>(value);
    const std::string text = std::string(1, static_cast<char>(byte)) + "_end";
    EXPECT_EQ(contains(info->prefix[0], byte), RE2::FullMatch(text, re2)) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ByteSyntaxTest,
    ::testing::Values("a", "(?i)a", "(?i)\\xe9", "(?i)\\xd7", "(?i)\\xdf", "(?i)[\\xb0-\\xff]", "(?i)[^\\xe0-\\xe5]",
                      "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "(?i)\\w", "(?i)[\\W]", "[\\d\\s]", "[^\\d\\s]", "[]a]",
                      "[^]a]", "[a-]", "[-a]", "[\\d-z]", "[a\\-z]", "[+--]", "[a-c-e]", "[[:alpha:]]", "[[:^alpha:]]",
                      "[[:punct:]]", "[[:space:]]", "[[:cntrl:]]", "[[:graph:]]", "[[:print:]]", "[[:blank:]]",
                      "[[:word:]]", "[[:xdigit:]x-z]", "[^[:upper:]]", "(?i)[[:upper:]]", "(?i)[^[:lower:]]",
                      "[[:ascii:]]", "[[:alnum:]]", "[[:digit:]]", "[[:lower:]]", "[:a]", "[[a]", ".", "(?s).",
                      "(?s:.)", "(?-s).", "(?s)(?-s).", "(?i-s)K", "(?i)(?-i)K", "\\C", "\\x7f", "\\x{e9}", "\\x{0}",
                      "\\n", "\\a", "\\f", "\\v", "\\t", "\\r", "\\101", "\\12", "\\0", "\\377", "\\400", "\\_", "\\/",
                      "\\-", "\\ ", "\\%", "\\e", "\\8", "[\\b]", "[\\n\\]]", "[\\x41-\\x43]", "[a-\\d]", "}", "]", "{",
                      "(?i)[a-f0]", "(?i)k", "(?i)s", "[^\\n]", "[^a]", "(?i)[^k]", "(?U)a", "(?im)a", "(?i-)a",
                      "(?-)a", "(?)a", "(?:)a", "()a", "(?P<n>a)", "(?P<>a)", "(?P<n-m>a)", "a{1}", "a{1}?", "a{0}b",
                      "\\Z"));

}  // namespace
}  // namespace tightship::match
