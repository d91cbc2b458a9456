#pragma once

// --stats: where the time went and how much was done, on stderr.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/finding.h"

namespace tightship::cli {

class PhaseTimer {
 public:
  // Ends the running phase, if there is one, and starts this one.
  void start(std::string_view phase);
  void stop();
  // Wall seconds of each phase, in order.
  const std::vector<std::pair<std::string_view, double>>& phases() const { return phases_; }

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<std::pair<std::string_view, double>> phases_;
  Clock::time_point since_{};
  bool running_ = false;
};

// Phases, processor time and memory of the process, and the counters of the coverage.
std::string stats_text(const PhaseTimer& timer, const detect::ScanResult& result);

}  // namespace tightship::cli
