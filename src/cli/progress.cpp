#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "cli/stream.h"
#include "cli/terminal.h"

namespace tightship::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kDelay = std::chrono::seconds(1);
constexpr auto kInterval = std::chrono::milliseconds(200);
constexpr std::string_view kErase = "\r\x1b[K";

constexpr std::uint64_t megabytes(std::uint64_t bytes) { return (bytes + 500'000) / 1'000'000; }

std::string findings_text(std::uint64_t findings) {
  return findings == 0 ? "" : fmt::format("  {} finding{}", findings, findings == 1 ? "" : "s");
}

std::string time_left(const ProgressSample& sample) {
  if (sample.done < sample.total / 10 || sample.done == 0) return "";
  const double left =
      sample.seconds * static_cast<double>(sample.total - sample.done) / static_cast<double>(sample.done);
  return left < 2 ? "" : fmt::format("  {:.0f} s left", left);
}

}  // namespace

std::string progress_text(const ProgressSample& sample) {
  if (sample.total == 0)
    return fmt::format("scanning  {} MB{}", megabytes(sample.done), findings_text(sample.findings));
  ProgressSample cut = sample;
  cut.done = std::min(sample.done, sample.total);
  const auto percent = static_cast<unsigned>(100.0 * static_cast<double>(cut.done) / static_cast<double>(cut.total));
  return fmt::format("scanning {:3}% ({}/{} MB){}{}", percent, megabytes(cut.done), megabytes(cut.total),
                     findings_text(cut.findings), time_left(cut));
}

ProgressLine::ProgressLine(const scan::Progress& progress, bool enabled) : progress_(progress) {
  // A terminal that the job does not own yet may become its own.
  if (enabled && ::isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { draw_until_stopped(); });
}

ProgressLine::~ProgressLine() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void ProgressLine::draw_until_stopped() {
  const auto start = Clock::now();
  bool drawn = false;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kDelay, [this] { return stopped_; });
  while (!stopped_) {
    if (may_animate(STDERR_FILENO)) {  // asked each time: the job can be sent to the background
      const std::chrono::duration<double> elapsed = Clock::now() - start;
      const std::string text = progress_text({progress_.done, progress_.total, progress_.findings, elapsed.count()});
      write_stderr(fmt::format("{}{}", kErase, text.substr(0, terminal_width(STDERR_FILENO) - 1)));
      drawn = true;
    }
    wake_.wait_for(lock, kInterval, [this] { return stopped_; });
  }
  if (drawn && may_animate(STDERR_FILENO)) write_stderr(kErase);
}

}  // namespace tightship::cli
