#pragma once

// Hosts as they are given on the command line, and where they are: from --resolve or from the system's resolver.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::net {

struct HostPort {
  std::string host;  // lower case, no brackets, no dot at the end
  std::uint16_t port = 443;
  bool is_address = false;   // an IP address, not a name
  std::string text() const;  // "example.com:443", "[::1]:443"
};

// "example.com", "example.com:8443", "[::1]:443", "https://example.com/path". Fails with Usage.
Result<HostPort> parse_host_port(std::string_view text, std::uint16_t usual_port);

// Whether www.`host` is what visitors may type: example.com and example.co.uk, but not api.example.com, where a wildcard
// record would make any name exist.
bool may_have_www(std::string_view host);

struct ResolveRule {
  std::string host;  // lower case, or "*"
  std::uint16_t port = 0;
  std::vector<std::string> addresses;
};

// "HOST:PORT:ADDRESS[,ADDRESS]" as of curl --resolve; an IPv6 address may stand in brackets. Fails with Usage.
Result<std::vector<ResolveRule>> parse_resolve_rules(const std::vector<std::string>& texts);
const ResolveRule* find_rule(const std::vector<ResolveRule>& rules, std::string_view host, std::uint16_t port);

enum class LookupStatus : std::uint8_t { Found, NoSuchName, NoAnswer };
struct HostAddresses {
  LookupStatus status = LookupStatus::NoAnswer;
  std::vector<std::string> ipv4, ipv6;  // numeric
};

// Asks for all names at once and waits at most `limit` for the slowest: what has not been answered is NoAnswer.
std::vector<HostAddresses> look_up(const std::vector<std::string>& names, std::chrono::milliseconds limit);

}  // namespace tightship::net
