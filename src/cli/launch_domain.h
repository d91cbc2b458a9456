#pragma once

// The domain's part of `launch` and `handover`: dns, tls and http at once, and what only two of them together know.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/flag.h"
#include "cli/launch_gather.h"
#include "cli/launch_lanes.h"
#include "launch/report.h"
#include "net/dns_check.h"
#include "net/site_config.h"

namespace tightship::cli {

struct DomainRequest {
  std::string domain;  // "example.com"; as typed until prepare_domain
  std::string expect_file;
  std::optional<net::ExpectedZone> expect;  // of expect_file
  net::SiteConfig site;
  std::vector<std::string> resolvers, resolve, connect_to;  // as of dns --resolver, and of curl
  std::string ca_file;
  unsigned server_port = 53;  // of name servers that are asked directly
  std::int64_t now = 0;       // seconds since 1970 UTC
};

// --domain and what goes with it.
std::vector<Flag> domain_flags(DomainRequest& request);

// Reads what the flags name, before anything is connected to. Fails with Usage when the domain is none, and as
// net::read_expected_zone.
Result<void> prepare_domain(DomainRequest& request);

// dns, tls and http, a lane each. Their deliveries fill the rows and the map of hosts.
std::vector<LaunchLane> domain_lanes(const DomainRequest& request, std::vector<launch::Host>& hosts);

}  // namespace tightship::cli
