#include "cli/parse.h"

#include <gtest/gtest.h>

namespace tightship::cli {
namespace {

struct Values {
  bool verbose = false, quiet = false;
  unsigned threads = 0;
  std::uint64_t size = 0;
  std::string format;
  std::vector<std::string> outputs, paths;
};

Command record(Values& values, std::size_t min = 0, std::size_t max = 3) {
  Command command;
  command.name = "try";
  command.usage = "tightship try [FLAGS] [PATH...]";
  command.flags = {
      {"verbose", 'v', "", "g", "b", "d", set_true(values.verbose)},
      {"quiet", 'q', "", "g", "b", "d", set_true(values.quiet)},
      {"threads", 'j', "N", "g", "b", "d", set_number(values.threads, 1, 8)},
      {"size", 0, "SIZE", "g", "b", "d", set_size(values.size, 1, std::uint64_t{1} << 40)},
      {"format", 'f', "F", "g", "b", "d", set_choice(values.format, {"text", "json"})},
      {"output", 'o', "FILE", "g", "b", "d", append_text(values.outputs)},
  };
  command.operands = {"PATH", min, max, &values.paths};
  return command;
}

using Words = std::vector<std::string>;

TEST(Parse, TakesFlagsInEveryForm) {
  Values values;
  const auto parsed =
      parse(record(values), {"-vq", "a", "--threads=4", "-ofirst", "-o", "second", "--size", "2k", "b"});
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(*parsed, Parsed::Ready);
  EXPECT_TRUE(values.verbose && values.quiet);
  EXPECT_EQ(values.threads, 4u);
  EXPECT_EQ(values.size, 2048u);
  EXPECT_EQ(values.outputs, (Words{"first", "second"}));
  EXPECT_EQ(values.paths, (Words{"a", "b"}));
}

TEST(Parse, LeavesAbsentFlagsAlone) {
  Values values;
  values.format = "before";
  ASSERT_TRUE(parse(record(values), {}));
  EXPECT_FALSE(values.verbose);
  EXPECT_EQ(values.format, "before");
  EXPECT_TRUE(values.paths.empty());
}

TEST(Parse, TakesTheLastOfSeveralValues) {
  Values values;
  ASSERT_TRUE(parse(record(values), {"-f", "text", "-f", "json"}));
  EXPECT_EQ(values.format, "json");
}

TEST(Parse, TakesOperandsAsTheyAre) {
  for (const char* path : {"-", "[a,b]", "a b", "{x}", "\"quoted\"", "a=b", "%"}) {
    Values values;
    ASSERT_TRUE(parse(record(values), {path})) << path;
    EXPECT_EQ(values.paths, Words{path});
  }
}

TEST(Parse, TakesEverythingAfterTwoDashesAsOperand) {
  Values values;
  ASSERT_TRUE(parse(record(values), {"-v", "--", "-q", "--threads=x"}));
  EXPECT_FALSE(values.quiet);
  EXPECT_EQ(values.paths, (Words{"-q", "--threads=x"}));
}

TEST(Parse, TakesAValueThatLooksLikeStandardOutput) {
  Values values;
  ASSERT_TRUE(parse(record(values), {"-o", "-"}));
  EXPECT_EQ(values.outputs, Words{"-"});
}

TEST(Parse, GivesHelpBeforeItComplains) {
  Values values;
  EXPECT_EQ(*parse(record(values), {"-h"}), Parsed::BriefHelp);
  EXPECT_EQ(*parse(record(values), {"--help", "-h"}), Parsed::FullHelp);
  EXPECT_EQ(*parse(record(values), {"--nonsense", "-h"}), Parsed::BriefHelp);
}

struct Wrong {
  const char* name;
  Words arguments;
  const char *what, *help;
  std::size_t min = 0;
};

class ParseError : public testing::TestWithParam<Wrong> {};

TEST_P(ParseError, SaysWhatIsWrongAndWhatHelps) {
  const Wrong& row = GetParam();
  Values values;
  const auto parsed = parse(record(values, row.min), row.arguments);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::Usage);
  EXPECT_EQ(parsed.error().what, row.what);
  EXPECT_EQ(parsed.error().help, row.help);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseError,
    testing::Values(
        Wrong{"unknown_near", {"--verbos"}, "unrecognized flag --verbos", "similar flags: --verbose"},
        Wrong{"unknown_with_value", {"--thread=3"}, "unrecognized flag --thread", "similar flags: --threads"},
        Wrong{"unknown_far", {"--zebra"}, "unrecognized flag --zebra", "tightship try -h lists the flags"},
        Wrong{"unknown_letter", {"-vx"}, "unrecognized flag -x", "tightship try -h lists the flags"},
        Wrong{"value_missing_at_end",
              {"a", "--threads"},
              "flag --threads needs a value",
              "tightship try -h lists the flags"},
        Wrong{"value_empty", {"--format=", "json"}, "flag --format needs a value", "tightship try -h lists the flags"},
        Wrong{"value_for_switch", {"--quiet=no"}, "flag --quiet takes no value", "tightship try -h lists the flags"},
        Wrong{"number_too_large",
              {"--threads", "9"},
              "invalid value '9' for --threads",
              "--threads takes a whole number from 1 to 8"},
        Wrong{"number_with_tail",
              {"--threads", "3x"},
              "invalid value '3x' for --threads",
              "--threads takes a whole number from 1 to 8"},
        Wrong{"size_overflows",
              {"--size", "18446744073709551615G"},
              "invalid value '18446744073709551615G' for --size",
              "--size takes a size from 1 to 1099511627776 bytes, as 4096, 512k, 64M or 2G"},
        Wrong{"choice", {"--format", "xml"}, "invalid value 'xml' for --format", "--format takes one of text, json"},
        Wrong{"operand_missing", {}, "PATH is missing", "usage: tightship try [FLAGS] [PATH...]", 1},
        Wrong{"operand_too_many",
              {"a", "b", "c", "d"},
              "unexpected argument 'd'",
              "usage: tightship try [FLAGS] [PATH...]"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tightship::cli
