#include "allow/day.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace tightship::allow {
namespace {

TEST(Day, IsReadAndWritten) {
  for (const char* text : {"1970-01-01", "2026-11-24", "2028-02-29", "9999-12-31", "1000-01-01"}) {
    const auto day = parse_day(text);
    ASSERT_TRUE(day) << text;
    EXPECT_EQ(day_text(*day), text);
  }
  EXPECT_EQ(parse_day("1970-01-02")->number, 1);
  EXPECT_LT(*parse_day("2026-11-24"), *parse_day("2026-12-01"));
}

TEST(Day, IsNoOtherText) {
  for (const char* text : {"", "2026-11-2", "2026-11-244", "2026/11/24", "2026-13-01", "2026-00-01", "2026-02-29",
                           "2026-11-00", "2026-11-31", "0999-01-01", "2026-1x-01", "-026-11-24", "tomorrow"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(Day, TodayIsPinnedBySourceDateEpoch) {
  ::setenv("SOURCE_DATE_EPOCH", "1795478399", 1);  // the last second of its day
  EXPECT_EQ(day_text(today()), "2026-11-23");
  ::setenv("SOURCE_DATE_EPOCH", "1795478400", 1);
  EXPECT_EQ(day_text(today()), "2026-11-24");
  ::unsetenv("SOURCE_DATE_EPOCH");
}

}  // namespace
}  // namespace tightship::allow
