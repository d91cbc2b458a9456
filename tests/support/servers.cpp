#include "support/servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <mutex>

#include "support/sockets.h"

namespace tightship::testing {
namespace {

bool accepts(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  sockaddr_in6 address6{};
  address6.sin6_family = AF_INET6;
  address6.sin6_port = htons(port);
  ::inet_pton(AF_INET6, host.c_str(), &address6.sin6_addr);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  const auto* to = v6 ? reinterpret_cast<const sockaddr*>(&address6) : reinterpret_cast<const sockaddr*>(&address);
  const bool ok = ::connect(fd, to, v6 ? sizeof address6 : sizeof address) == 0;
  ::close(fd);
  return ok;
}

}  // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string list = std::string(path == nullptr ? "" : path) + ":/usr/sbin:/sbin";
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    const std::string candidate = list.substr(at, end - at) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    at = end + 1;
  }
  return {};
}

Process::Process(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);  // nginx has workers
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::wait_for_port(const std::string& address, std::uint16_t port) const {
  for (int tries = 0; tries < 1000; ++tries) {
    if (accepts(address, port)) return true;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return false;
    ::poll(nullptr, 0, 10);
  }
  return false;
}

RawServer::RawServer(Serve serve, bool ipv6) : serve_(std::move(serve)) {
  ::signal(SIGPIPE, SIG_IGN);
  listener_ = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (ipv6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
      port_ = ntohs(address.sin6_port);
  } else {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
      port_ = ntohs(address.sin_port);
  }
  ::listen(listener_, 64);
  thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

void RawServer::run() {
  std::vector<std::thread> threads;
  while (!stop_) {
    if (!readable(listener_)) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    threads.emplace_back([this, fd] {
      serve_(fd, stop_);
      ::shutdown(fd, SHUT_WR);
      ::close(fd);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string read_some(int fd, const std::atomic<bool>& stop) {
  std::array<char, 4096> buffer;
  while (!stop) {
    if (!readable(fd)) continue;
    const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
  }
  return {};
}

std::string read_until(int fd, std::string_view end, const std::atomic<bool>& stop) {
  std::string all;
  while (all.find(end) == std::string::npos) {
    const std::string more = read_some(fd, stop);
    if (more.empty()) break;
    all += more;
  }
  return all;
}

void wait_for_close(int fd, const std::atomic<bool>& stop) {
  while (!read_some(fd, stop).empty()) {
  }
}

RawServer::Serve answer_with(std::string answer) {
  return [answer = std::move(answer)](int fd, const std::atomic<bool>& stop) {
    read_some(fd, stop);
    send_all(fd, answer);
  };
}

}  // namespace tightship::testing
