#pragma once

// A day of the calendar, in UTC.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tightship::allow {

struct Day {
  std::int32_t number = 0;  // days since 1970-01-01
  friend auto operator<=>(const Day&, const Day&) = default;
};

// "2026-11-24", years 1000 to 9999; nothing for any other text and for days that do not exist.
std::optional<Day> parse_day(std::string_view text);
std::string day_text(Day day);

// By detect::now_seconds(), which SOURCE_DATE_EPOCH pins.
Day today();

}  // namespace tightship::allow
