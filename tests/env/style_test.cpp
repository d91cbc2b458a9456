// The checks of form against what dotenv-linter 4.0 says of the same lines (bench/env/run.sh compares them on the fly),
// and the fixes: what they change, and what they must not.

#include "env/style.h"

#include <gtest/gtest.h>

#include "env/unified_diff.h"

namespace tightship::env {
namespace {

std::string said(std::string_view text, const Schema* schema = nullptr, const std::vector<std::string>& ignore = {}) {
  std::string out;
  for (const StyleNote& note : check_style(text, schema, ignore))
    out += std::string(note.check) + ":" + std::to_string(note.line) + " ";
  return out;
}

struct Row {
  const char* text;
  const char* notes;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }
class Style : public testing::TestWithParam<Row> {};
TEST_P(Style, Says) { EXPECT_EQ(said(GetParam().text), GetParam().notes); }

INSTANTIATE_TEST_SUITE_P(
    All, Style,
    testing::Values(
        Row{"A=1\nB=2\n", ""}, Row{"A=1\nA=2\n", "DuplicatedKey:2 "}, Row{"A=1", "EndingBlankLine:1 "},
        Row{"A=1\n\n\nB=2\n", "ExtraBlankLine:3 "}, Row{"A-B=1\n", "IncorrectDelimiter:1 "},
        Row{"A\n", "KeyWithoutValue:1 "}, Row{" A=1\n", "LeadingCharacter:1 "}, Row{".A=1\n", "LeadingCharacter:1 "},
        Row{"1A=1\n", "LeadingCharacter:1 "}, Row{"a=1\n", "LowercaseKey:1 "}, Row{"A=\"b\"\n", "QuoteCharacter:1 "},
        Row{"A='b'\n", "QuoteCharacter:1 "}, Row{"A=\"b c\"\n", ""}, Row{"A=\"b#c\"\n", ""}, Row{"A='b$c'\n", ""},
        Row{"A = 1\n", "SpaceCharacter:1 "}, Row{"A= 1\n", "SpaceCharacter:1 "}, Row{"A=${B\n", "SubstitutionKey:1 "},
        Row{"A=$B}\n", "SubstitutionKey:1 "}, Row{"A=${B}\n", ""}, Row{"A='${B'\n", ""}, Row{"A=${B:-c}\n", ""},
        Row{"A=1 \n", "TrailingWhitespace:1 "}, Row{"B=1\nA=2\n", "UnorderedKey:2 "}, Row{"B=1\n\nA=2\n", ""},
        Row{"C=1\nA=1\nB=1\n", "UnorderedKey:2 UnorderedKey:3 "}, Row{"A=b c\n", "ValueWithoutQuotes:1 "},
        Row{"# A=b c \n", ""}, Row{"export A=1\n", ""}, Row{"A=1\n  \nB=1\n", "TrailingWhitespace:2 "},
        Row{"B=1\nA=$B\n", ""}, Row{"B=1\nA=\"${B}/x\"\n", ""}, Row{"B=1\nA='$B'\n", "UnorderedKey:2 "},
        Row{"B=1\nA=\\$B\n", "UnorderedKey:2 "}, Row{"C=1\nA=$C\nB=1\nA1=1\n", "UnorderedKey:4 "},
        Row{"B=1\n# dotenv-linter:off LowercaseKey\nA=1\n", ""},
        Row{"B=1\n# dotenv-linter:off UnorderedKey\nA=1\n# dotenv-linter:on UnorderedKey\nC=1\n", ""},
        Row{"# dotenv-linter:off DuplicatedKey\nA=1\n# dotenv-linter:on DuplicatedKey\nA=2\n", ""},
        Row{"A=b # c d\n", ""}, Row{"A=${B:?no b}\n", "ValueWithoutQuotes:1 "},
        Row{"# dotenv-linter:off LowercaseKey\na=1\n# dotenv-linter:on LowercaseKey\nb=1\n", "LowercaseKey:4 "},
        Row{"# dotenv-linter:off LowercaseKey, QuoteCharacter\na='1'\n", ""}, Row{"A=\"x\ny z\"\nB=1\n", ""}));

TEST(StyleIgnore, ByName) { EXPECT_EQ(said("b=1\na=2\n", nullptr, {"LowercaseKey"}), "UnorderedKey:2 "); }

TEST(StyleSchema, SaysWhatIsWrong) {
  const auto schema = parse_schema(
      R"({"version":"1.0","entries":{"A":{"type":"Integer","required":true},"B":{"type":"Boolean"},"C":{"required":true},
                                       "D":{"type":"String","regex":"^[0-9]+$"},"P":{"type":"port"},"E":{"type":"enum","choices":["x","y"]},"H":{"type":"hex","length":4}}})",
      "schema.json");
  ASSERT_TRUE(schema) << schema.error().what;
  EXPECT_EQ(said("A=1\nB=true\nC=x\nD=12\nE=y\nH=00ff\nP=8080\n", &*schema), "");
  EXPECT_EQ(
      said("A=x\nB=yes\nC=x\nD=1a\nE=z\nH=00f\nP=70000\n", &*schema),
      "SchemaViolation:1 SchemaViolation:2 SchemaViolation:4 SchemaViolation:5 SchemaViolation:6 SchemaViolation:7 ");
  EXPECT_EQ(said("A=1\nZ=1\n", &*schema), "SchemaViolation:2 SchemaViolation:2 ");
  EXPECT_FALSE(parse_schema("{}", "x"));
  EXPECT_FALSE(parse_schema(R"({"entries":{"A":{"type":"nothing"}}})", "x"));
  EXPECT_FALSE(parse_schema(R"({"entries":{"A":{"regex":"("}}})", "x"));
}

TEST(StyleSchema, OfAnExampleFitsTheExample) {
  const std::string example =
      "# required, type: url\nURL=https://acme.io\nPORT=3000\nDEBUG=false\nAPI_TOKEN=\nNEXT_PUBLIC_X=a\n";
  const auto schema = parse_schema(schema_of_example(example), "x");
  ASSERT_TRUE(schema) << schema.error().what;
  EXPECT_TRUE(schema->entries.at("URL").required);
  EXPECT_TRUE(schema->entries.at("URL").type == ValueType::Url);
  EXPECT_TRUE(schema->entries.at("PORT").type == ValueType::Integer);
  EXPECT_TRUE(schema->entries.at("API_TOKEN").secret);
  EXPECT_TRUE(schema->entries.at("NEXT_PUBLIC_X").is_public);
  EXPECT_EQ(said("URL=https://acme.io\n", &*schema).find("SchemaViolation:1 SchemaViolation:1 SchemaViolation:1"), 0u);
}

struct FixRow {
  const char* before;
  const char* after;
};
void PrintTo(const FixRow& row, std::ostream* out) { *out << row.before; }
class Fixes : public testing::TestWithParam<FixRow> {};
TEST_P(Fixes, Mends) {
  EXPECT_EQ(fixed_style(GetParam().before, {}), GetParam().after);
  EXPECT_EQ(fixed_style(GetParam().after, {}), GetParam().after);
}

INSTANTIATE_TEST_SUITE_P(All, Fixes,
                         testing::Values(FixRow{"B=1\nA=2", "A=2\nB=1\n"},
                                         FixRow{"# of b\nB=1\n# of a\nA=2\n", "# of a\nA=2\n# of b\nB=1\n"},
                                         FixRow{"A = 1\n", "A=1\n"}, FixRow{" a-b=1 \n", "A_B=1\n"},
                                         FixRow{"A=\"b\"\n", "A=b\n"}, FixRow{"A=b c\n", "A=\"b c\"\n"},
                                         FixRow{"A=1\n\n\nB=1\n", "A=1\n\nB=1\n"}, FixRow{"A=1\nA=1\n", "A=1\n# A=1\n"},
                                         FixRow{"A\n", "A=\n"}, FixRow{"export a=1 # c\n", "export A=1 # c\n"},
                                         // What protects a value stays, two values stay, references keep their order.
                                         FixRow{"A=\"b#c\"\n", "A=\"b#c\"\n"}, FixRow{"A='b$c'\n", "A='b$c'\n"},
                                         FixRow{"A=1\nA=2\n", "A=1\nA=2\n"}, FixRow{"B=1\nA=$B\n", "B=1\nA=$B\n"},
                                         FixRow{"A=\"x\n  y\"\n", "A=\"x\n  y\"\n"},
                                         FixRow{"# dotenv-linter:off\na=1\n", "# dotenv-linter:off\na=1\n"}));

TEST(UnifiedDiff, MasksValues) {
  const std::string diff = unified_diff(".env", "B=secret1\nA=secret22\nC=x\n", "A=secret22\nB=secret1\nC=x\n");
  EXPECT_EQ(diff.find("secret"), std::string::npos) << diff;
  EXPECT_EQ(diff, "--- a/.env\n+++ b/.env\n@@ -1,3 +1,3 @@\n-B=…(7)\n A=…(8)\n+B=…(7)\n C=…(1)\n");
}

TEST(CompareKeys, NamesAndDifferences) {
  std::string out;
  for (const auto& one : compare_keys("A=1\nB=2\nC=3\n", "B=2\nC=x\nD=4\n"))
    out += one.key + std::to_string(static_cast<int>(one.kind)) + " ";
  EXPECT_EQ(out, "A0 C2 D1 ");
}

}  // namespace
}  // namespace tightship::env
