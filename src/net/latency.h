#pragma once

// How long answers take, compared with fixed limits and with what was stored: TOML that a person can read.
//
//   [[latency]]
//   url = "https://example.com/"
//   count = 20
//   p50_ms = 12
//   p95_ms = 31
//   error_rate = 0.0

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::net {

inline constexpr double kMaxP95Ms = 500;      // slower is a problem whatever it was before
inline constexpr double kWorseFactor = 1.25;  // and slower than the stored p95 by this much
inline constexpr double kWorseByMs = 50;      // and by this many milliseconds
inline constexpr unsigned kMaxLatencyCount = 200;
inline constexpr unsigned kRequestsPerSecond = 10;

struct LatencyRow {
  std::string url;
  unsigned count = 0;             // answers and failures
  double p50_ms = 0, p95_ms = 0;  // of the answers
  double error_rate = 0;          // failures and status 500 and over, 0..1
};

// Nearest rank; 0 of nothing. `percent` is 1..100.
double percentile(std::vector<double> values, unsigned percent);

struct LatencyVerdict {
  bool slow = false, worse = false, errors = false;
};
// `before` null: nothing is stored for that URL.
LatencyVerdict judge_latency(const LatencyRow& row, const LatencyRow* before);

std::string latency_toml(const std::vector<LatencyRow>& rows);
// Fails with Config: no TOML, a missing key, a number out of range.
Result<std::vector<LatencyRow>> parse_latency(const std::string& path, std::string_view text);

}  // namespace tightship::net
