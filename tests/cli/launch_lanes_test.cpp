// Checks beside one another, and what becomes of those that an interruption finds at work.

#include "cli/launch_lanes.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "cli/exit_code.h"

namespace tightship::cli {
namespace {

LaunchJob job(const std::string& name, const std::function<void()>& work = {}) {
  return {name, [name, work]() -> Delivery {
            if (work) work();
            return [name](LaunchGather& gather) -> Result<void> {
              gather.take(name, readiness::Report{}, 0);
              return {};
            };
          }};
}

std::string sections(const launch::Report& report) {
  std::string text;
  for (const launch::Section& section : report.sections)
    text += section.command + (section.ran ? " " : "(" + section.coverage + ") ");
  return text;
}

TEST(LaunchLanes, ReportsInOrderWhoeverIsFirst) {
  std::promise<void> second_is_done;
  auto wait = second_is_done.get_future().share();
  LaunchLanes lanes({{job("a", [wait] { wait.wait(); }), job("b")}, {job("c", [&] { second_is_done.set_value(); })}});
  const std::atomic<bool> cancelled = false;
  lanes.wait(cancelled);
  launch::Report report;
  LaunchGather gather(report);
  ASSERT_TRUE(lanes.deliver(gather));
  EXPECT_EQ(sections(report), "a b c ");
}

TEST(LaunchLanes, TellsWhatWasDoneBeforeTheInterruption) {
  std::promise<void> release, at_work;
  auto wait = release.get_future().share();
  std::atomic<bool> later = false;
  std::atomic<bool> cancelled = false;
  LaunchLanes lanes({{job("done"),
                      job("stuck",
                          [&at_work, wait] {
                            at_work.set_value();
                            wait.wait();
                          }),
                      job("later", [&] { later = true; })}});
  at_work.get_future().wait();
  cancelled = true;
  lanes.wait(cancelled);
  launch::Report report;
  LaunchGather gather(report);
  ASSERT_TRUE(lanes.deliver(gather));
  EXPECT_EQ(sections(report), "done stuck(interrupted) later(interrupted) ");
  release.set_value();
  const std::atomic<bool> no = false;
  lanes.wait(no);
  EXPECT_FALSE(later);  // no job begins after an interruption
}

TEST(LaunchLanes, AFailedDeliveryFailsTheCommand) {
  LaunchLanes lanes({{{"a",
                       []() -> Delivery {
                         return [](LaunchGather&) -> Result<void> { return fail(ErrorKind::Config, "wrong file"); };
                       }},
                      job("b")}});
  const std::atomic<bool> cancelled = false;
  lanes.wait(cancelled);
  launch::Report report;
  LaunchGather gather(report);
  const auto delivered = lanes.deliver(gather);
  ASSERT_FALSE(delivered);
  EXPECT_EQ(delivered.error().what, "wrong file");
}

// A thread at work still uses what the jobs refer to, so the process ends instead of going on without it.
TEST(LaunchLanesDeathTest, EndsTheProcessWhenACheckIsStillAtWork) {
  EXPECT_EXIT(
      {
        std::promise<void> begun;
        LaunchLanes lanes({{job("stuck", [&begun] {
          begun.set_value();
          std::this_thread::sleep_for(std::chrono::hours(1));
        })}});
        begun.get_future().wait();  // a job that has not begun would never do so
        const std::atomic<bool> cancelled = true;
        lanes.wait(cancelled);
      },
      ::testing::ExitedWithCode(static_cast<int>(ExitCode::Interrupted)), "");
}

}  // namespace
}  // namespace tightship::cli
