#include "convert/expression.h"

#include <gtest/gtest.h>

namespace tightship::convert {
namespace {

struct Row {
  const char* name;
  const char* from;
  const char* to;
  std::uint32_t secret_group;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Expressions : public ::testing::TestWithParam<Row> {};

TEST_P(Expressions, BecomePlain) {
  const PlainExpression plain = plain_expression(GetParam().from);
  EXPECT_EQ(plain.text, GetParam().to);
  EXPECT_EQ(plain.secret_group, GetParam().secret_group);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Expressions,
    ::testing::Values(
        Row{"AsItIs", "acme_[a-z]{4}", "acme_[a-z]{4}", 0},
        Row{"FreeSpacing", "(?x)\n  acme_   # the prefix\n  [a-z ]{4}\n", "acme_[a-z ]{4}", 0},
        Row{"FlagsStay", "(?xi) a b", "(?i)ab", 0}, Row{"GroupsOwnFlags", "(?x: a b ) c d", "(?:ab) c d", 0},
        Row{"SwitchedOff", "(?x) a (?-x: b c) d", "a(?: b c)d", 0},
        Row{"EndsWithItsGroup", "((?x) a b) c", "(ab) c", 0}, Row{"EscapesAreKept", "(?x) a\\ b \\# c", "a\\ b\\#c", 0},
        Row{"HashInAClass", "(?x) [#] a", "[#]a", 0}, Row{"BracketInAClass", "(?x) []a b] c", "[]a b]c", 0},
        Row{"PosixClass", "(?x) [[:alpha:] ] c", "[[:alpha:] ]c", 0}, Row{"Comment", "a(?# no )b", "ab", 0},
        Row{"NamedGroups", "(?P<ID>a)(?<TOKEN>b)", "(?P<ID>a)(?P<TOKEN>b)", 2},
        Row{"FirstNamed", "(x)(?<KEY>a)(?<OTHER>b)", "(x)(?P<KEY>a)(?P<OTHER>b)", 2},
        Row{"LookAroundIsLeft", "(?<=a)b(?!c)", "(?<=a)b(?!c)", 0}, Row{"Unfinished", "(?x", "(?x", 0},
        Row{"UnfinishedName", "(?<a", "(?P<a", 1}, Row{"UnfinishedClass", "[a", "[a", 0},
        Row{"LoneBackslash", "a\\", "a\\", 0}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tightship::convert
