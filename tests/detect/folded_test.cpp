#include "detect/folded.h"

#include <gtest/gtest.h>

#include <ostream>

#include "detect/assigned_value.h"
#include "detect/detector.h"
#include "scan_text.h"

namespace tightship::detect {
namespace {

constexpr const char* kFirst = "q8Ztk20Vn4Xb7Lw3Rm9Yc1Jd5Hf6Gs0PaTeUiOq8Zt==";

// A line of `size` digits.
std::string line(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::string_view(kFirst).substr(0, 42);
  return text.substr(0, size);
}

struct Row {
  const char* name;
  std::string text;
  std::size_t size;  // of the value; 0 when none is folded there
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
class Folded : public testing::TestWithParam<Row> {};
TEST_P(Folded, IsRead) { EXPECT_EQ(folded_value(GetParam().text).size(), GetParam().size); }

INSTANTIATE_TEST_SUITE_P(
    Values, Folded,
    testing::Values(Row{"TwoLines", line(64) + "\n    " + line(22) + "==\nother: 1\n", 93},
                    Row{"WithReturns", line(64) + "\r\n    " + line(22) + "==\r\n", 94},
                    Row{"ThreeLines", line(40) + "\n " + line(40) + "\n " + line(6) + "==", 92},
                    Row{"UpToPadding", line(40) + "\n " + line(10) + "=\n " + line(10), 53},
                    Row{"AtTheEnd", line(32) + "\n " + line(8), 42}, Row{"OneLine", line(64) + "\nother: 1\n", 0},
                    Row{"NotIndented", line(64) + "\n" + line(24), 0}, Row{"Short", line(31) + "\n " + line(24), 0},
                    Row{"ALongerLine", line(32) + "\n " + line(33), 0}, Row{"AWord", line(64) + "\n  pelican\n", 0},
                    Row{"AKey", line(64) + "\n  k2: x\n", 0}, Row{"AList", line(64) + "\n  - k2\n", 0},
                    Row{"AFrame", "-----" + line(64) + "\n " + line(8), 0}, Row{"Nothing", "", 0}));

TEST(FoldedValue, IsOneValue) {
  const std::string value = line(64) + "\n    " + line(22) + "==";
  EXPECT_TRUE(is_folded(value));
  EXPECT_FALSE(is_folded(value + "\n"));
  EXPECT_FALSE(is_folded(line(64)));
  EXPECT_EQ(unfolded(value), line(64) + line(22) + "==");
  EXPECT_EQ(unfolded("two\nlines"), "two\nlines");
  EXPECT_EQ(first_fold(value), line(64));
  EXPECT_EQ(first_fold("two\nlines"), "two\nlines");
  EXPECT_EQ(fingerprint("x", value), fingerprint("x", unfolded(value)));
  EXPECT_NE(fingerprint("x", "two\n lines"), fingerprint("x", "twolines"));
}

// In each form of YAML the whole key is found where it begins, as what it is.
TEST(FoldedValue, IsFoundWhole) {
  const std::string key = test::expand("{azure-key:+ASt}", 3);
  for (const std::size_t cut : {44u, 64u, 76u, 80u, 85u}) {
    const std::string head = key.substr(0, cut), tail = key.substr(cut);
    for (const std::string start : {": >-\n    ", ": |\n    ", ":\n    ", ": "}) {
      const std::string text = "storage:\n  accountKey" + start + head + "\n    " + tail + "\n  other: 1\n";
      const auto found = test::settled(RuleSet::builtin(), text, "a.yml");
      ASSERT_EQ(found.size(), 1u) << text;
      EXPECT_EQ(found[0].start, text.find(head)) << text;
      EXPECT_EQ(unfolded(text.substr(found[0].start, found[0].length)), key) << text;
      EXPECT_EQ(RuleSet::builtin().rules()[found[0].rule].id, "azure-storage-account-key") << text;
    }
  }
}

}  // namespace
}  // namespace tightship::detect
