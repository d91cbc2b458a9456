#include "support/name_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <set>
#include <stdexcept>

#include "support/sockets.h"

namespace tightship::testing {
namespace {

std::string zone_head(const std::string& name) { return "$ORIGIN " + name + ".\n$TTL 300\n"; }

std::string u16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

}  // namespace

bool KnotServer::available() { return !find_program("knotd").empty() && !find_program("keymgr").empty(); }

std::string KnotServer::run(const std::vector<std::string>& arguments) const {
  std::string line;
  for (const std::string& argument : arguments) line += "'" + argument + "' ";
  FILE* pipe = ::popen((line + "2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + line);
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), got);
  if (::pclose(pipe) != 0) throw std::runtime_error(line + ": " + out);
  return out;
}

void KnotServer::write_config(const std::map<std::string, Zone>& zones) const {
  std::string config = "server:\n  rundir: " + dir_.path + "/run\n";
  for (const std::string& address : addresses_) config += "  listen: " + address + "@" + std::to_string(port_) + "\n";
  config += "database:\n  storage: " + dir_.path + "/db\nlog:\n  - target: stderr\n    any: error\n";
  std::set<std::string> algorithms{"ecdsap256sha256"};
  for (const auto& entry : zones) algorithms.insert(entry.second.algorithm);
  config += "policy:\n";
  for (const std::string& algorithm : algorithms)
    config +=
        "  - id: " + algorithm + "\n    algorithm: " + algorithm + "\n    nsec3: off\n    single-type-signing: on\n";
  config += "mod-onlinesign:\n  - id: online\n    policy: ecdsap256sha256\nzone:\n";
  for (const auto& [name, zone] : zones) {
    config += "  - domain: " + name + ".\n    file: " + dir_.path + "/" + name + ".zone\n    zonefile-sync: -1\n";
    if (zone.is_signed)
      config += "    dnssec-signing: on\n    dnssec-policy: " + zone.algorithm + "\n    journal-content: none\n";
    if (zone.online) config += "    module: mod-onlinesign/online\n";
    test::write_file(dir_.path + "/" + name + ".zone", zone_head(name) + zone.text);
  }
  test::write_file(dir_.path + "/knot.conf", config);
}

KnotServer::KnotServer(std::map<std::string, Zone> zones, const Finish& finish)
    : addresses_{"127.0.0.52", "127.0.1.53"}, port_(free_port()) {
  begin(std::move(zones), finish);
}

KnotServer::KnotServer(std::map<std::string, Zone> zones, std::string address, std::uint16_t port)
    : addresses_{std::move(address)}, port_(port) {
  begin(std::move(zones), {});
}

void KnotServer::begin(std::map<std::string, Zone> zones, const Finish& finish) {
  test::write_file(dir_.path + "/run/none", "");
  test::write_file(dir_.path + "/db/none", "");
  write_config(zones);
  const std::string config = dir_.path + "/knot.conf";
  std::map<std::string, std::string> ds;
  for (const auto& [name, zone] : zones) {
    if (!zone.is_signed) continue;
    run({find_program("keymgr"), "-c", config, name + ".", "generate", "algorithm=" + zone.algorithm, "ksk=yes",
         "zsk=yes"});
    ds[name] = run({find_program("keymgr"), "-c", config, name + ".", "ds"});
  }
  if (finish) finish(zones, ds);
  write_config(zones);
  process_ = std::make_unique<Process>(std::vector<std::string>{find_program("knotd"), "-c", config});
  if (!process_->wait_for_port(addresses_.front(), port_)) throw std::runtime_error("knotd does not begin");
}

CannedNameServer::CannedNameServer(Answer answer) : answer_(std::move(answer)) {
  for (int attempt = 0; attempt < 20; ++attempt) {  // the same port for both
    udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(udp_, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(udp_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    if (::bind(tcp_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(tcp_, 16) == 0) break;
    ::close(udp_);
    ::close(tcp_);
  }
  udp_thread_ = std::thread([this] { run_udp(); });
  tcp_thread_ = std::thread([this] { run_tcp(); });
}

CannedNameServer::~CannedNameServer() {
  stop_ = true;
  udp_thread_.join();
  tcp_thread_.join();
  ::close(udp_);
  ::close(tcp_);
}

void CannedNameServer::run_udp() {
  std::array<char, 65536> buffer{};
  while (!stop_) {
    if (!readable(udp_)) continue;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(udp_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 12) continue;
    ++questions_;
    for (const std::string& packet : answer_(std::string(buffer.data(), static_cast<std::size_t>(got)), false)) {
      ::sendto(udp_, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
    }
  }
}

void CannedNameServer::run_tcp() {
  std::vector<std::thread> served;
  while (!stop_) {
    if (!readable(tcp_)) continue;
    const int fd = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) served.emplace_back([this, fd] { serve_tcp(fd); });
  }
  for (std::thread& thread : served) thread.join();
}

void CannedNameServer::serve_tcp(int fd) {
  std::string in;
  std::array<char, 4096> buffer{};
  while (!stop_) {
    if (!readable(fd)) continue;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    in.append(buffer.data(), static_cast<std::size_t>(got));
    while (in.size() >= 2) {
      const std::size_t length = static_cast<std::uint8_t>(in[0]) << 8 | static_cast<std::uint8_t>(in[1]);
      if (in.size() < length + 2) break;
      ++questions_;
      for (const std::string& packet : answer_(in.substr(2, length), true)) {
        const std::string framed = u16(static_cast<unsigned>(packet.size())) + packet;
        for (std::size_t at = 0; at < framed.size() && !stop_; at += drip ? 1 : framed.size()) {
          if (drip) std::this_thread::sleep_for(std::chrono::milliseconds(50));
          if (::send(fd, framed.data() + at, drip ? 1 : framed.size(), MSG_NOSIGNAL) <= 0) break;
        }
      }
      in.erase(0, length + 2);
    }
  }
  ::close(fd);
}

unsigned question_type(const std::string& query) {
  std::size_t at = 12;
  while (at < query.size() && query[at] != 0) at += static_cast<std::uint8_t>(query[at]) + 1u;
  return at + 2 < query.size()
             ? static_cast<std::uint8_t>(query[at + 1]) << 8 | static_cast<std::uint8_t>(query[at + 2])
             : 0u;
}

std::string question_name(const std::string& query) {
  std::string name;
  std::size_t at = 12;
  while (at < query.size() && query[at] != 0) {
    const std::size_t length = static_cast<std::uint8_t>(query[at]);
    name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
    at += length + 1;
  }
  return name;
}

std::string answer_head(const std::string& query, std::uint16_t flags, unsigned answers) {
  std::size_t end = 12;
  while (end < query.size() && query[end] != 0) end += static_cast<std::uint8_t>(query[end]) + 1u;
  return query.substr(0, 2) + u16(flags) + u16(1) + u16(answers) + u16(0) + u16(0) + query.substr(12, end + 5 - 12);
}

std::string wire_name(const std::string& name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    out += static_cast<char>(end - at) + name.substr(at, end - at);
    at = end + 1;
  }
  return out + '\0';
}

std::string wire_record(const std::string& owner, unsigned type, const std::string& data, std::uint32_t ttl) {
  return owner + u16(type) + u16(1) + u16(ttl >> 16) + u16(ttl & 0xffff) + u16(static_cast<unsigned>(data.size())) +
         data;
}

std::string wire_txt(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size() || at == 0; at += 255) {
    const std::string piece = text.substr(at, 255);
    out += static_cast<char>(piece.size()) + piece;
  }
  return out;
}

}  // namespace tightship::testing
