#pragma once

// Diagnostics for those who look for the cause of something: --log-level debug|info, on stderr. Off
// by default, and then a call is one comparison.

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tightship::cli {

enum class LogLevel { Debug, Info, Off };

extern LogLevel log_threshold;  // set before any thread starts

// "debug", "info" or "off".
void open_log(std::string_view level);
void write_log(LogLevel level, std::string_view text);

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (level < log_threshold) return;
  write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tightship::cli
