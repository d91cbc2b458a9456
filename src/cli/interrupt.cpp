#include "cli/interrupt.h"

#include <signal.h>

#include <atomic>

namespace tightship::cli {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<scan::Progress*> running{nullptr};
static_assert(std::atomic<scan::Progress*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may touch lock-free atomics only");

void ask_to_stop(int) noexcept {
  if (scan::Progress* progress = running.load()) progress->cancelled.store(true);
}

// A signal that was ignored when we started (nohup) stays ignored.
void handle(int signal, void (*handler)(int)) {
  struct sigaction old {};
  if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one has its default effect
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(scan::Progress& progress) {
  running.store(&progress);
  for (const int signal : kSignals) handle(signal, ask_to_stop);
}

InterruptGuard::~InterruptGuard() {
  for (const int signal : kSignals) handle(signal, SIG_DFL);
  running.store(nullptr);
}

void ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

}  // namespace tightship::cli
