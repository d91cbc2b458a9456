#pragma once

// A deployed page and its own scripts, followed and swept: the page, what it loads from the same site, the chunks
// that these name, their source maps, and five files that must not be served. Nothing of another site is
// requested; redirects are followed within the site only; a private address is refused unless the page asked for
// has one itself.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "bundle/sighting.h"
#include "bundle/sweep.h"

namespace tightship::bundle {

struct SiteOptions {
  unsigned max_requests = 300;
  std::uint64_t max_bytes = std::uint64_t{100} << 20;  // of all bodies together
  unsigned parallel = 8;
  std::chrono::milliseconds request_timeout{10'000};
  std::chrono::milliseconds total_timeout{120'000};
  std::string ca_file;               // instead of the system's authorities
  std::vector<std::string> resolve;  // "HOST:PORT:ADDRESS", as of curl --resolve
};

struct SiteCounts {
  std::uint64_t requests = 0, files = 0, bytes = 0, maps = 0;
  std::uint64_t other_sites = 0;           // scripts of other sites that the pages load: not requested
  std::vector<std::string> foreign_hosts;  // sorted; at most 20
};

// Fails with Usage when `url` is none of http or https, with Io when the page itself cannot be had.
Result<SiteCounts> sweep_site(const std::string& url, const SiteOptions& options, const Sweep& sweep, Ledger& ledger,
                              std::vector<Sighting>& out);

}  // namespace tightship::bundle
