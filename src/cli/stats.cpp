#include "cli/stats.h"

#include <fmt/format.h>
#include <sys/resource.h>

namespace tightship::cli {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void line(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("  {:<22} {}\n", name, value);
}

void count(std::string& out, std::string_view name, std::uint64_t value) {
  if (value > 0) line(out, name, fmt::format("{}", value));
}

void add_process(std::string& out) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return;
  line(out, "processor time",
       fmt::format("{:.3f} s user, {:.3f} s system", seconds(usage.ru_utime), seconds(usage.ru_stime)));
  line(out, "peak memory", fmt::format("{:.1f} MB", static_cast<double>(usage.ru_maxrss) / 1024));
  line(out, "page faults", fmt::format("{} from disk, {} in memory", usage.ru_majflt, usage.ru_minflt));
}

}  // namespace

void PhaseTimer::start(std::string_view phase) {
  stop();
  phases_.emplace_back(phase, 0.0);
  since_ = Clock::now();
  running_ = true;
}

void PhaseTimer::stop() {
  if (!running_) return;
  phases_.back().second = std::chrono::duration<double>(Clock::now() - since_).count();
  running_ = false;
}

std::string stats_text(const PhaseTimer& timer, const detect::ScanResult& result) {
  std::string out = "stats:\n";
  for (const auto& [phase, wall] : timer.phases()) line(out, phase, fmt::format("{:.4f} s", wall));
  add_process(out);
  const detect::Coverage& coverage = result.coverage;
  count(out, "objects", coverage.objects);
  count(out, "blobs", coverage.blobs);
  count(out, "trees", coverage.trees);
  count(out, "commits", coverage.commits);
  count(out, "tags", coverage.tags);
  count(out, "files", coverage.files);
  count(out, "bytes read", coverage.bytes);
  count(out, "packed bytes", coverage.packed_bytes);
  if (coverage.seconds > 0) {
    const auto rate = static_cast<double>(coverage.bytes) / coverage.seconds / 1e6;
    line(out, "rate", fmt::format("{:.0f} MB/s of {}", rate, coverage.packed_bytes > 0 ? "expanded bytes" : "bytes"));
  }
  line(out, "findings", fmt::format("{}", result.findings.size()));
  line(out, "not read", fmt::format("{}", result.loss_count));
  return out;
}

}  // namespace tightship::cli
