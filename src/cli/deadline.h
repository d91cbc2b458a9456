#pragma once

// Ends a scan after a time (--timeout): what was found until then is reported, as incomplete.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "scan/worktree.h"

namespace tightship::cli {

class Deadline {
 public:
  // 0 seconds: none.
  Deadline(scan::Progress& progress, unsigned seconds);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::thread waiter_;
};

}  // namespace tightship::cli
