#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

namespace tightship {
namespace {

// Containers and taskset narrow the affinity, not the number of processors of the machine.
unsigned usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
  return std::thread::hardware_concurrency();
}

}  // namespace

unsigned thread_count(unsigned wanted) {
  return std::clamp(wanted != 0 ? wanted : usable_processors(), 1U, kMaxThreads);
}

unsigned run_threads(unsigned count, const std::function<void(unsigned)>& work) noexcept {
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (unsigned i = 1; i < count; ++i) {
    try {
      threads.emplace_back(work, i);
    } catch (const std::system_error&) {
      break;
    }
  }
  work(0);
  for (std::thread& thread : threads) thread.join();
  return static_cast<unsigned>(threads.size()) + 1;
}

}  // namespace tightship
