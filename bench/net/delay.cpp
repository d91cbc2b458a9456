// A relay that holds everything back for a while, each way: a network with that latency. One thread, and cheap, since
// it runs on the processors that are being measured.
//
//   delay LISTEN_PORT TARGET_PORT MILLISECONDS
//
// Both ports are of 127.0.0.1. A connection is taken at once, as one to a near edge; what is sent on it takes its time.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <string>
#include <unordered_map>

namespace {

using Clock = std::chrono::steady_clock;

struct Due {
  Clock::time_point at;
  int to;
  std::string bytes;  // empty: the other side has ended
};

struct End {
  int other = -1;
  bool done = false;  // nothing more comes from here
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

class Relay {
 public:
  Relay(int listen_port, int target_port, int delay_ms)
      : delay_(delay_ms), target_(loopback(target_port)), poll_(::epoll_create1(0)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = loopback(listen_port);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::exit(1);
    ::listen(listener_, 512);
    watch(listener_);
  }

  [[noreturn]] void run() {
    epoll_event events[64];
    for (;;) {
      const int count = ::epoll_wait(poll_, events, 64, wait_ms());
      for (int i = 0; i < count; ++i) events[i].data.fd == listener_ ? accept() : receive(events[i].data.fd);
      deliver();
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
  }
  int wait_ms() const {
    if (queue_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(queue_.front().at - Clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
  }
  void accept() {
    const int near = ::accept(listener_, nullptr, nullptr), far = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    for (const int fd : {near, far}) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (near < 0 || ::connect(far, reinterpret_cast<const sockaddr*>(&target_), sizeof target_) != 0) std::exit(1);
    ends_[near] = {far};
    ends_[far] = {near};
    watch(near);
    watch(far);
  }
  void receive(int fd) {
    char buffer[65536];
    const ssize_t size = ::recv(fd, buffer, sizeof buffer, 0);
    if (size <= 0) ::epoll_ctl(poll_, EPOLL_CTL_DEL, fd, nullptr);
    const std::size_t bytes = size > 0 ? static_cast<std::size_t>(size) : 0;
    queue_.push_back({Clock::now() + std::chrono::milliseconds(delay_), ends_[fd].other, std::string(buffer, bytes)});
  }
  void deliver() {
    for (const auto now = Clock::now(); !queue_.empty() && queue_.front().at <= now; queue_.pop_front()) {
      const Due& due = queue_.front();
      if (!due.bytes.empty())
        ::send(due.to, due.bytes.data(), due.bytes.size(), MSG_NOSIGNAL);
      else
        end(due.to);
    }
  }
  // Both are closed when both have said that they end.
  void end(int to) {
    const int from = ends_[to].other;
    ends_[from].done = true;
    ::shutdown(to, SHUT_WR);
    if (!ends_[to].done) return;
    for (const int fd : {from, to}) ::close(fd), ends_.erase(fd);
  }

  const int delay_;
  const sockaddr_in target_;
  int poll_, listener_ = -1;
  std::unordered_map<int, End> ends_;
  std::deque<Due> queue_;  // the delay is the same for all, so they come in order
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  Relay(std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3])).run();
}
