#pragma once

// Servers on loopback addresses for the tests of src/net. Each stops with its object.

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tightship::testing {

// A port of 127.0.0.1 that was free a moment ago.
std::uint16_t free_port();

// Whether `name` is a program in PATH, /usr/sbin or /sbin; its path, or empty.
std::string find_program(const std::string& name);

// A program with its output thrown away; killed when the object goes, or when the test dies.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();
  // Until something listens there, at most 10 s; false when the program ended before.
  bool wait_for_port(const std::string& address, std::uint16_t port) const;

 private:
  pid_t pid_ = -1;
};

// A listener on 127.0.0.1 (or ::1) that runs `serve` in a thread of its own for every connection, and closes it then.
class RawServer {
 public:
  using Serve = std::function<void(int fd, const std::atomic<bool>& stop)>;
  explicit RawServer(Serve serve, bool ipv6 = false);
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer();
  std::uint16_t port() const { return port_; }
  unsigned connections() const { return connections_; }

 private:
  void run();
  Serve serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<unsigned> connections_ = 0;
  std::thread thread_;
};

// Parts of handlers.
void send_all(int fd, std::string_view bytes);
std::string read_some(int fd, const std::atomic<bool>& stop);  // what comes first; empty at the end
std::string read_until(int fd, std::string_view end, const std::atomic<bool>& stop);
void wait_for_close(int fd, const std::atomic<bool>& stop);  // says nothing

// Answers every request with `answer`, HTTP or not, and closes.
RawServer::Serve answer_with(std::string answer);

}  // namespace tightship::testing
