#include "cli/deadline.h"

#include <chrono>

namespace tightship::cli {

Deadline::Deadline(scan::Progress& progress, unsigned seconds) {
  if (seconds == 0) return;
  waiter_ = std::thread([this, &progress, seconds] {
    std::unique_lock lock(mutex_);
    const bool ended = ended_.wait_for(lock, std::chrono::seconds(seconds), [this] { return done_; });
    if (!ended) progress.cancelled.store(true);
  });
}

Deadline::~Deadline() {
  if (!waiter_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  ended_.notify_one();
  waiter_.join();
}

}  // namespace tightship::cli
