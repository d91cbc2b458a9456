#pragma once

// Threads over a queue of work: one thread produces and takes part, the others take from the queue.
//
// Nothing here throws. When the system refuses a thread, the work is done by fewer; the calling
// thread alone always suffices, since a producer that finds the queue full does a piece itself.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace tightship {

inline constexpr unsigned kMaxThreads = 64;

// `wanted`, or as many as processors this process may use when it is 0; 1..kMaxThreads.
unsigned thread_count(unsigned wanted);

// Runs work(0) on the calling thread and work(1) .. work(count - 1) on further ones; returns when
// all have returned. Gives the number that ran, which is less than `count` when the system refuses
// a thread. `work` does not throw.
unsigned run_threads(unsigned count, const std::function<void(unsigned)>& work) noexcept;

// A queue of at most `capacity` items. Thread-safe.
template <class Item>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

  // Takes `item` unless the queue is full; then, and after cancel(), `item` is untouched.
  bool try_push(Item& item) {
    {
      const std::lock_guard lock(mutex_);
      if (cancelled_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }
  // Waits for an item; nothing after close() once the queue is empty, and after cancel() at once.
  std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return cancelled_ || closed_ || !items_.empty(); });
    return take();
  }
  // The same without waiting.
  std::optional<Item> try_pop() {
    const std::lock_guard lock(mutex_);
    return take();
  }
  // No more items will come.
  void close() { finish(closed_); }
  // What is still queued is dropped.
  void cancel() { finish(cancelled_); }

 private:
  std::optional<Item> take() {
    if (cancelled_ || items_.empty()) return std::nullopt;
    std::optional<Item> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }
  void finish(bool& flag) {
    {
      const std::lock_guard lock(mutex_);
      flag = true;
    }
    ready_.notify_all();
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Item> items_;
  bool closed_ = false, cancelled_ = false;
};

}  // namespace tightship
