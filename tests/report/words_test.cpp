#include "report/words.h"

#include <gtest/gtest.h>

#include <limits>

namespace tightship::report {
namespace {

TEST(Words, Numbers) {
  EXPECT_EQ(with_spaces(0), "0");
  EXPECT_EQ(with_spaces(999), "999");
  EXPECT_EQ(with_spaces(4812), "4 812");
  EXPECT_EQ(with_spaces(24118), "24 118");
  EXPECT_EQ(with_spaces(1234567), "1 234 567");
  EXPECT_EQ(counted(1, "place"), "1 place");
  EXPECT_EQ(counted(1000, "place"), "1 000 places");
  EXPECT_EQ(counted(2, "index", "indexes"), "2 indexes");
}

TEST(Words, Amounts) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(41'200), "41 kB");
  EXPECT_EQ(bytes_text(999'499), "999 kB");
  EXPECT_EQ(bytes_text(999'600), "1.0 MB");
  EXPECT_EQ(bytes_text(12'300'000), "12.3 MB");
  EXPECT_EQ(bytes_text(999'990'000), "1.0 GB");
  EXPECT_EQ(bytes_text(std::numeric_limits<std::uint64_t>::max()), "18446.7 PB");
}

TEST(Words, Durations) {
  EXPECT_EQ(duration_text(0.0112), "11 ms");
  EXPECT_EQ(duration_text(0.2), "0.2 s");
  EXPECT_EQ(duration_text(59.97), "1 min 0 s");
  EXPECT_EQ(duration_text(125), "2 min 5 s");
  EXPECT_EQ(duration_text(-1), "0 ms");
  EXPECT_EQ(duration_text(std::numeric_limits<double>::quiet_NaN()), "0 ms");
  EXPECT_EQ(duration_text(std::numeric_limits<double>::infinity()), "0 ms");
}

TEST(Words, DatesAreOfTheirOwnZone) {
  constexpr std::int64_t kLate = 1762211400;  // 2025-11-03T23:10:00Z
  EXPECT_EQ(date_text(kLate, 0), "2025-11-03");
  EXPECT_EQ(date_text(kLate, 60), "2025-11-04");
  EXPECT_EQ(timestamp_text(kLate, 60), "2025-11-04T00:10:00+01:00");
  EXPECT_EQ(timestamp_text(kLate, -210), "2025-11-03T19:40:00-03:30");
  EXPECT_EQ(timestamp_text(0, 0), "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(date_text(-1, 0), "1969-12-31");
}

TEST(Words, ForgedDatesAreClamped) {
  EXPECT_EQ(date_text(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int32_t>::max()),
            "9999-12-31");
  EXPECT_EQ(date_text(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int32_t>::min()),
            "0000-01-01");
}

TEST(Words, Lists) {
  EXPECT_EQ(join_and({}), "");
  EXPECT_EQ(join_and({"1"}), "1");
  EXPECT_EQ(join_and({"1", "2"}), "1 and 2");
  EXPECT_EQ(join_and({"1", "2", "3"}), "1, 2 and 3");
  EXPECT_EQ(pad_right("密", 4) + "|", "密  |");
  EXPECT_EQ(pad_left("é", 3), "  é");
  EXPECT_EQ(pad_left("long", 2), "long");
}

}  // namespace
}  // namespace tightship::report
