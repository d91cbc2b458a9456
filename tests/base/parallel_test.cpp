#include "base/parallel.h"
#include "support/sanitized.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <vector>

namespace tightship {
namespace {

TEST(ThreadCount, IsBounded) {
  EXPECT_GE(thread_count(0), 1U);
  EXPECT_LE(thread_count(0), kMaxThreads);
  EXPECT_EQ(thread_count(3), 3U);
  EXPECT_EQ(thread_count(100'000), kMaxThreads);
}

TEST(RunThreads, RunsEveryNumberOnce) {
  std::vector<std::atomic<int>> ran(8);
  EXPECT_EQ(run_threads(8, [&](unsigned i) { ++ran[i]; }), 8U);
  for (const auto& count : ran) EXPECT_EQ(count, 1);
}

TEST(RunThreads, RunsZeroOnTheCallingThread) {
  const pid_t caller = gettid();
  pid_t zero = 0;
  run_threads(2, [&](unsigned i) {
    if (i == 0) zero = gettid();
  });
  EXPECT_EQ(zero, caller);
}

// A sanitizer's own allocator cannot live in a full address space: the case is the plain builds'.
#ifndef TIGHTSHIP_SANITIZED
// In a child whose address space is full, so that there is no stack for a further thread but the few
// that the library keeps.
TEST(RunThreads, GoesOnWithFewerWhenTheSystemRefusesThreads) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_AS, &none);
    std::atomic<unsigned> done = 0;
    const unsigned ran = run_threads(kMaxThreads, [&](unsigned) { ++done; });
    _exit(ran >= 1 && ran < kMaxThreads && done == ran ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}
#endif

class Queue : public testing::TestWithParam<unsigned> {};

// The way the scanner uses it: the producer does a piece itself when the queue is full.
TEST_P(Queue, HandsEveryItemOutOnce) {
  constexpr int kItems = 5000;
  WorkQueue<std::unique_ptr<int>> queue(4);
  std::vector<std::atomic<int>> seen(kItems);
  run_threads(GetParam(), [&](unsigned worker) {
    for (int i = 0; worker == 0 && i < kItems; ++i) {
      auto item = std::make_unique<int>(i);
      if (!queue.try_push(item)) ++seen[static_cast<std::size_t>(*item)];
    }
    if (worker == 0) queue.close();
    while (auto item = queue.pop()) ++seen[static_cast<std::size_t>(**item)];
  });
  for (const auto& count : seen) ASSERT_EQ(count, 1);
}

INSTANTIATE_TEST_SUITE_P(Threads, Queue, testing::Values(1U, 2U, 7U));

TEST(WorkQueue, IsBounded) {
  WorkQueue<int> queue(2);
  int item = 1;
  EXPECT_TRUE(queue.try_push(item));
  EXPECT_TRUE(queue.try_push(item));
  EXPECT_FALSE(queue.try_push(item));
  EXPECT_EQ(queue.try_pop(), 1);
  EXPECT_TRUE(queue.try_push(item));
}

TEST(WorkQueue, CloseLetsTheRestBeTaken) {
  WorkQueue<int> queue(4);
  int item = 7;
  queue.try_push(item);
  queue.close();
  EXPECT_EQ(queue.pop(), 7);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(WorkQueue, CancelDropsTheRestAndWakesWaiters) {
  WorkQueue<int> queue(4);
  std::atomic<int> ended = 0;
  run_threads(3, [&](unsigned worker) {
    if (worker == 0) queue.cancel();
    while (queue.pop()) ADD_FAILURE();
    ++ended;
  });
  int item = 7;
  EXPECT_EQ(ended, 3);
  EXPECT_FALSE(queue.try_push(item));
  EXPECT_EQ(item, 7);
}

}  // namespace
}  // namespace tightship
