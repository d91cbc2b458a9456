#pragma once

// Numbers, amounts, dates and lists as people read them. Nothing here knows of findings.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::report {

std::string with_spaces(std::uint64_t number);                         // "24 118"
std::string counted(std::uint64_t number, std::string_view singular);  // "1 place", "3 places"
std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural);
std::string bytes_text(std::uint64_t bytes);  // "9 B", "41 kB", "12.3 MB"
std::string duration_text(double seconds);    // "11 ms", "1.9 s", "2 min 5 s"

// The day of `time` (seconds since 1970 UTC) in a zone `zone_minutes` east of UTC: "2025-11-03".
// Years outside 0 to 9999, which only a forged commit has, are clamped.
std::string date_text(std::int64_t time, std::int32_t zone_minutes);
// With the time of day and the zone: "2025-11-03T14:02:11+01:00".
std::string timestamp_text(std::int64_t time, std::int32_t zone_minutes);

std::string join(const std::vector<std::string>& items, std::string_view separator);
std::string join_and(const std::vector<std::string>& items);      // "1, 2 and 3"
std::string pad_right(std::string_view text, std::size_t width);  // by display width
std::string pad_left(std::string_view text, std::size_t width);

}  // namespace tightship::report
