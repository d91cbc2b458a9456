#include "allow/allow_file.h"

#include <gtest/gtest.h>

namespace tightship::allow {
namespace {

constexpr std::string_view kId = "5d0c9a3e71b2f640", kOther = "00000000000000aa", kLast = "ffffffffffffff00";

Entry entry(std::string_view id, std::string reason = "why not") {
  Entry made;
  made.id = id;
  made.rule = "acme-token";
  made.reason = std::move(reason);
  made.by = "Ana";
  made.added = parse_day("2026-11-24");
  return made;
}

AllowFile file_of(std::string text) { return parse_allow_file(std::move(text), "allow.toml"); }

TEST(AllowFile, ReadsWhatItWrites) {
  Entry written = entry(kId, "a \"quoted\" \\ reason\twith\nall \x7f and ü");
  written.until = parse_day("2027-01-31");
  const AllowFile file = file_of("[allow]\n" + entry_line(written) + "\n");
  ASSERT_TRUE(file.source.ok()) << first_error(file.source).what;
  ASSERT_EQ(file.entries.size(), 1u);
  EXPECT_TRUE(file.entries[0].same_as(written)) << file.entries[0].reason;
  EXPECT_EQ(file.entries[0].place.line, 2u);
  EXPECT_EQ(file.find(kId), &file.entries[0]);
  EXPECT_EQ(file.find(kOther), nullptr);
}

TEST(AllowFile, HoldsUntilTheEndOfItsLastDay) {
  Entry until = entry(kId);
  EXPECT_FALSE(until.expired(*parse_day("9999-01-01")));
  until.until = parse_day("2026-11-24");
  EXPECT_FALSE(until.expired(*parse_day("2026-11-24")));
  EXPECT_TRUE(until.expired(*parse_day("2026-11-25")));
}

struct Mistake {
  const char* name;
  std::string text;
  std::string what;   // of the first error
  std::string where;  // "allow.toml:2:3"
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithTheirPlace) {
  const AllowFile file = file_of(GetParam().text);
  ASSERT_FALSE(file.source.ok());
  const Error error = first_error(file.source);
  EXPECT_EQ(error.kind, ErrorKind::Config);
  EXPECT_NE(error.what.find(GetParam().what), std::string::npos) << error.what;
  EXPECT_EQ(error.where, GetParam().where);
}

INSTANTIATE_TEST_SUITE_P(
    AllowFile, Mistakes,
    testing::Values(
        Mistake{"no_toml", "[allow\n", "not TOML", "allow.toml:1:7"},
        Mistake{"no_table", "allow = 3\n", "'allow' is not a table", "allow.toml:1:9"},
        Mistake{"no_id", "[allow]\nstripe = { reason = \"x\" }\n", "does not begin with an id", "allow.toml:2:1"},
        Mistake{"upper_case", "[allow]\n5D0C9A3E71B2F640 = { reason = \"x\" }\n", "an id", "allow.toml:2:1"},
        Mistake{"no_entry", "[allow]\n5d0c9a3e71b2f640 = \"x\"\n", "is not a table", "allow.toml:2:20"},
        Mistake{"no_reason", "[allow]\n5d0c9a3e71b2f640 = { rule = \"a\" }\n", "gives no reason", "allow.toml:2:1"},
        Mistake{"blank", "[allow]\n5d0c9a3e71b2f640 = { reason = \" \" }\n", "gives no reason", "allow.toml:2:1"},
        Mistake{"number", "[allow]\n5d0c9a3e71b2f640 = { reason = 3 }\n", "'reason' is not a string",
                "allow.toml:2:31"},
        Mistake{"long", "[allow]\n5d0c9a3e71b2f640 = { reason = \"" + std::string(1001, 'x') + "\" }\n",
                "'reason' is too long", "allow.toml:2:31"},
        Mistake{"no_day", "[allow]\n5d0c9a3e71b2f640 = { reason = \"x\", until = \"soon\" }\n", "'until' is not a day",
                "allow.toml:2:44"},
        Mistake{"twice", "[allow]\n5d0c9a3e71b2f640 = { reason = \"x\" }\n5d0c9a3e71b2f640 = { reason = \"y\" }\n",
                "not TOML", "allow.toml:3:20"},
        Mistake{"backwards", "[allow]\n5d0c9a3e71b2f640 = { reason = \"x\", added = 2026-02-01, until = 2026-01-01 }\n",
                "ends before it was added", "allow.toml:2:1"}),
    [](const auto& row) { return row.param.name; });

TEST(AllowFile, NeverShowsWhatStandsInsteadOfAnId) {
  const std::string secret = std::string("hunter") + "2hunter2hunter2";
  const AllowFile file = file_of("[allow]\n" + secret + " = { reason = \"x\" }\n");
  ASSERT_EQ(file.source.problems.size(), 1u);
  const detect::Problem& problem = file.source.problems[0];
  for (const std::string* text : {&problem.message, &problem.label, &problem.help, &problem.source}) {
    EXPECT_EQ(text->find(secret), std::string::npos) << *text;
  }
}

TEST(AllowFile, TakesUnknownKeysForWarnings) {
  const AllowFile file = file_of("extra = 1\n[allow]\n5d0c9a3e71b2f640 = { reason = \"x\", reasn = \"y\" }\n");
  EXPECT_TRUE(file.source.ok());
  ASSERT_EQ(file.source.problems.size(), 2u);
  EXPECT_EQ(file.source.problems[1].help, "a similar key is reason");
  EXPECT_EQ(file.entries.size(), 1u);
}

TEST(AllowEdit, KeepsLinesSortedAndEverythingElse) {
  AllowFile file = file_of("");
  for (const std::string_view id : {kId, kLast, kOther}) {
    const auto text = with_entry(file, entry(id));
    ASSERT_TRUE(text);
    file = file_of(*text);
    ASSERT_TRUE(file.source.ok());
  }
  const std::string& text = file.source.text;
  EXPECT_LT(text.find(kOther), text.find(kId));
  EXPECT_LT(text.find(kId), text.find(kLast));
  const auto without = without_entry(file, kId);
  ASSERT_TRUE(without);
  EXPECT_EQ(with_entry(file_of(*without), entry(kId)).value(), text);
}

TEST(AllowEdit, LeavesCommentsWithTheirEntries) {
  const std::string head = "# ours\n\n[allow]  # table\n", comment = "# about the next\n";
  const std::string last = entry_line(entry(kLast)) + "\n";
  const auto text = with_entry(file_of(head + comment + last), entry(kId));
  EXPECT_EQ(text.value(), head + entry_line(entry(kId)) + "\n" + comment + last);
}

TEST(AllowEdit, ReplacesALineInPlace) {
  const std::string before = "[allow]\n" + entry_line(entry(kOther)) + "\n";
  const std::string after = "\n[other]\nkey = 1\n";
  const auto text = with_entry(file_of(before + entry_line(entry(kId)) + after), entry(kId, "another"));
  EXPECT_EQ(text.value(), before + entry_line(entry(kId, "another")) + after);
}

TEST(AllowEdit, LeavesOtherFormsToPeople) {
  const std::string block = "[allow.5d0c9a3e71b2f640]\nreason = \"x\"\n";
  ASSERT_TRUE(file_of(block).source.ok());
  for (const auto& failed : {with_entry(file_of(block), entry(kId)), with_entry(file_of(block), entry(kOther)),
                             without_entry(file_of(block), kId)}) {
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::Config);
    EXPECT_EQ(failed.error().where, "allow.toml:1");
  }
  const auto missing = without_entry(file_of(block), kOther);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
}

}  // namespace
}  // namespace tightship::allow
