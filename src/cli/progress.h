#pragma once

// The one line that says how far a scan is. Appears after a second, on a terminal in whose foreground
// we run, is drawn over itself and erased at the end.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "scan/worktree.h"

namespace tightship::cli {

struct ProgressSample {
  std::uint64_t done = 0, total = 0, findings = 0;  // total 0: not known
  double seconds = 0;
};

// "scanning  61% (234/382 MB)  2 findings". Time left is said from 10 % on: before that it would lie.
std::string progress_text(const ProgressSample& sample);

class ProgressLine {
 public:
  // `progress` must outlive the line. Starts no thread when `enabled` is false.
  ProgressLine(const scan::Progress& progress, bool enabled);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void draw_until_stopped();

  const scan::Progress& progress_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace tightship::cli
