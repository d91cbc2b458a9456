#include "allow/day.h"

#include <fmt/format.h>

#include <chrono>

#include "detect/check.h"

namespace tightship::allow {
namespace {

namespace chrono = std::chrono;

constexpr std::size_t kSize = 10;  // of "2026-11-24"
constexpr std::int64_t kSecondsOfDay = 86'400;

// The decimal digits [begin, begin + count), or -1.
int digits(std::string_view text, std::size_t begin, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(begin, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != kSize || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 1000 || month < 1 || day < 1) return std::nullopt;
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Day{static_cast<std::int32_t>(chrono::sys_days(date).time_since_epoch().count())};
}

std::string day_text(Day day) {
  const chrono::year_month_day date{chrono::sys_days(chrono::days(day.number))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Day today() { return {static_cast<std::int32_t>(detect::now_seconds() / kSecondsOfDay)}; }

}  // namespace tightship::allow
