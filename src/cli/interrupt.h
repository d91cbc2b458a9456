#pragma once

// SIGINT, SIGTERM and SIGHUP ask the running scan to stop, so that what was found is still reported. A
// second one of them ends the process at once. SIGPIPE is ignored: writes then say so themselves.

#include "scan/worktree.h"

namespace tightship::cli {

// While it lives, the signals set `progress.cancelled`. One at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(scan::Progress& progress);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

void ignore_broken_pipes();

}  // namespace tightship::cli
