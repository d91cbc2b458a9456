#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/terminal_text.h"

namespace tightship::report {
namespace {

constexpr std::int64_t kYear0 = -62167219200;     // 0000-01-01T00:00:00Z
constexpr std::int64_t kYear9999 = 253402300799;  // 9999-12-31T23:59:59Z
constexpr std::int32_t kMaxZone = 24 * 60 - 1;

std::int64_t local_seconds(std::int64_t time, std::int32_t zone_minutes) {
  const std::int64_t zone = std::clamp(zone_minutes, -kMaxZone, kMaxZone);
  return std::clamp(std::clamp(time, kYear0, kYear9999) + zone * 60, kYear0, kYear9999);
}

}  // namespace

std::string with_spaces(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, 1, ' ');
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return counted(number, singular, std::string(singular) + "s");
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", with_spaces(number), number == 1 ? singular : plural);
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < 999'500) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
  constexpr std::array<std::string_view, 4> kUnits = {"MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes) / 1e6;
  std::size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1e3;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) seconds = 0;
  if (seconds < 0.1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::lround(std::min(seconds, 1e9)));
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string date_text(std::int64_t time, std::int32_t zone_minutes) {
  return timestamp_text(time, zone_minutes).substr(0, 10);
}

std::string timestamp_text(std::int64_t time, std::int32_t zone_minutes) {
  using namespace std::chrono;
  const sys_seconds moment{seconds{local_seconds(time, zone_minutes)}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{moment - day};
  const std::int32_t zone = std::clamp(zone_minutes, -kMaxZone, kMaxZone);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), zone < 0 ? '-' : '+', std::abs(zone) / 60,
                     std::abs(zone) % 60);
}

std::string join(const std::vector<std::string>& items, std::string_view separator) {
  return fmt::format("{}", fmt::join(items, separator));
}

std::string join_and(const std::vector<std::string>& items) {
  if (items.size() < 2) return items.empty() ? std::string() : items.front();
  const std::vector<std::string> head(items.begin(), items.end() - 1);
  return join(head, ", ") + " and " + items.back();
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(text).append(width > taken ? width - taken : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(width > taken ? width - taken : 0, ' ').append(text);
}

}  // namespace tightship::report
