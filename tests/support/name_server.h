#pragma once

// Name servers for tests: knot with made-up zones, and one of our own that says whatever a test wants.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/git_fixture.h"
#include "support/servers.h"

namespace tightship::testing {

// knotd on 127.0.0.52 and 127.0.1.53 (two networks) unless told otherwise, on one free port. Zones are texts in
// zone-file form; "$TTL 300" and "$ORIGIN" are put before them.
class KnotServer {
 public:
  struct Zone {
    std::string text;
    bool is_signed = false;
    std::string algorithm = "ecdsap256sha256";  // knot's name
    bool online = false;                        // signed at each answer: every name seems to exist
  };
  static bool available();
  // `zones` by name. Signed zones get keys before `finish` is called with the DS records (by zone name), which may
  // change or add zones: their parents. Throws std::runtime_error when knotd does not begin.
  using Finish = std::function<void(std::map<std::string, Zone>& zones, const std::map<std::string, std::string>& ds)>;
  explicit KnotServer(std::map<std::string, Zone> zones, const Finish& finish = {});
  // A further one beside another, on the same port of the address.
  KnotServer(std::map<std::string, Zone> zones, std::string address, std::uint16_t port);

  std::uint16_t port() const { return port_; }
  std::string resolver() const { return addresses_.front() + ":" + std::to_string(port_); }

 private:
  void begin(std::map<std::string, Zone> zones, const Finish& finish);
  std::string run(const std::vector<std::string>& arguments) const;
  void write_config(const std::map<std::string, Zone>& zones) const;

  test::TempDir dir_;
  std::vector<std::string> addresses_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// A UDP and TCP server on 127.0.0.1 whose answers are made by `answer`: any number of packets for one question. Over
// TCP each packet is sent with its length before it. Empty packets stand for silence of `pause_ms`.
class CannedNameServer {
 public:
  using Answer = std::function<std::vector<std::string>(const std::string& query, bool tcp)>;
  explicit CannedNameServer(Answer answer);
  CannedNameServer(const CannedNameServer&) = delete;
  CannedNameServer& operator=(const CannedNameServer&) = delete;
  ~CannedNameServer();
  std::uint16_t port() const { return port_; }
  std::string resolver() const { return "127.0.0.1:" + std::to_string(port_); }
  unsigned questions() const { return questions_; }
  bool drip = false;  // TCP: a byte every 50 ms

 private:
  void run_udp();
  void run_tcp();
  void serve_tcp(int fd);

  Answer answer_;
  int udp_ = -1, tcp_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<unsigned> questions_ = 0;
  std::thread udp_thread_, tcp_thread_;
};

// Parts of answers: the query's id and question with other flags and counts, then records.
std::string answer_head(const std::string& query, std::uint16_t flags, unsigned answers);
std::string wire_name(const std::string& name);
// `owner`: a name in wire form, or "\xc0\x0c" for that of the question.
std::string wire_record(const std::string& owner, unsigned type, const std::string& data, std::uint32_t ttl = 300);
std::string wire_txt(const std::string& text);
unsigned question_type(const std::string& query);
std::string question_name(const std::string& query);  // "example.test"

}  // namespace tightship::testing
