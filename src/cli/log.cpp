#include "cli/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace tightship::cli {

LogLevel log_threshold = LogLevel::Off;

namespace {

// The registry of spdlog (thread, periodic flush, formatters) is not needed: one logger, made on first use.
spdlog::logger& logger() {
  static spdlog::logger instance("tightship", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return instance;
}

}  // namespace

void open_log(std::string_view level) {
  if (level == "off") return;
  log_threshold = level == "debug" ? LogLevel::Debug : LogLevel::Info;
  try {
    logger().set_level(spdlog::level::debug);
    logger().set_pattern("%Y-%m-%dT%H:%M:%S.%f %l %v");
  } catch (const spdlog::spdlog_ex&) {
    log_threshold = LogLevel::Off;
  }
}

void write_log(LogLevel level, std::string_view text) {
  logger().log(level == LogLevel::Debug ? spdlog::level::debug : spdlog::level::info, "{}", text);
}

}  // namespace tightship::cli
