#pragma once

// Checks that run beside one another: the jobs of a lane one after the other, the lanes at once, each in a thread of its
// own. What a job found is put into the report by the calling thread, in the order of lanes and jobs, so that a report
// does not depend on who was first.
//
// An interruption ends the wait within kGrace: what is done by then is delivered, and the others are named. Their
// threads cannot be stopped (a resolver, a slow server); they hold what the jobs refer to, so the process must end
// before any of it is destroyed: see ~LaunchLanes.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/launch_gather.h"

namespace tightship::cli {

inline constexpr std::chrono::milliseconds kGrace{500};

using LaunchLane = std::vector<LaunchJob>;

class LaunchLanes {
 public:
  // Starts at once. What the jobs refer to must outlive this object.
  explicit LaunchLanes(std::vector<LaunchLane> lanes);
  // Ends the process (status Interrupted) when a job was given up and is still at work.
  ~LaunchLanes();
  LaunchLanes(const LaunchLanes&) = delete;
  LaunchLanes& operator=(const LaunchLanes&) = delete;

  // Waits for all jobs, or for kGrace after `cancelled` became true; then no further job begins.
  void wait(const std::atomic<bool>& cancelled);
  // In order; those that are not done are left out as interrupted. Fails with the first failure of a delivery.
  Result<void> deliver(LaunchGather& gather);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tightship::cli
