#include "cli/launch_lanes.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/exit_code.h"

namespace tightship::cli {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // between looks at what a signal has set

}  // namespace

struct LaunchLanes::State {
  std::vector<LaunchLane> lanes;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::vector<std::optional<Delivery>>> done;  // as `lanes`
  std::size_t running = 0;                                 // lanes
  bool stopped = false;                                    // no further job begins

  bool may_begin() {
    const std::lock_guard lock(mutex);
    return !stopped;
  }
  void run(std::size_t lane) {
    for (std::size_t job = 0; job < lanes[lane].size() && may_begin(); ++job) {
      Delivery delivery = lanes[lane][job].work();
      const std::lock_guard lock(mutex);
      done[lane][job] = std::move(delivery);
    }
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }
};

LaunchLanes::LaunchLanes(std::vector<LaunchLane> lanes) : state_(std::make_shared<State>()) {
  State& state = *state_;
  state.lanes = std::move(lanes);
  state.running = state.lanes.size();
  for (const LaunchLane& lane : state.lanes) state.done.emplace_back(lane.size());
  for (std::size_t lane = 0; lane < state.lanes.size(); ++lane) {
    try {
      std::thread([shared = state_, lane] { shared->run(lane); }).detach();
    } catch (const std::system_error&) {
      state.run(lane);  // the system gives no thread: one after the other, then
    }
  }
}

LaunchLanes::~LaunchLanes() {
  const std::unique_lock lock(state_->mutex);
  if (state_->running > 0) std::_Exit(static_cast<int>(ExitCode::Interrupted));
}

void LaunchLanes::wait(const std::atomic<bool>& cancelled) {
  State& state = *state_;
  const auto all_done = [&] { return state.running == 0; };
  std::unique_lock lock(state.mutex);
  while (!all_done() && !cancelled.load()) state.changed.wait_for(lock, kLook, all_done);
  if (!cancelled.load()) return;
  state.stopped = true;
  state.changed.wait_for(lock, kGrace, all_done);
}

Result<void> LaunchLanes::deliver(LaunchGather& gather) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  for (std::size_t lane = 0; lane < state.lanes.size(); ++lane) {
    for (std::size_t job = 0; job < state.lanes[lane].size(); ++job) {
      const std::optional<Delivery>& delivery = state.done[lane][job];
      if (!delivery) {
        gather.leave_out(state.lanes[lane][job].name, "interrupted");
        continue;
      }
      if (auto delivered = (*delivery)(gather); !delivered) return delivered;
    }
  }
  return {};
}

}  // namespace tightship::cli
