#pragma once

// tightship.toml: what a project says of itself to dns, tls, http, launch and handover.
//
//   [site]
//   canonical = "https://www.example.com"     # where every other start shall end
//   hosts = ["app", "api", "status.example.net"]  # a name without a dot is a label below the domain
//   [mail]
//   providers = ["google", "resend"]
//   dkim_selectors = ["s1", "2026-11"]
//   [[route]]
//   url = "/health"                           # or a whole URL
//   method = "GET"                            # or HEAD
//   expect = 200
//   body_contains = "ok"
//   max_ms = 500
//   [owners]
//   uptime = "ana@example.com"
//   [launch]
//   fail_on = "conversion-blocker"            # or launch-blocker (as without it), scale-risk
//   off = ["ENV-PERM"]                        # checks that do not count here; said in the report
//   [launch.class]
//   CFG-SRCMAP = "launch-blocker"             # another class than the check's own
//
// Every key may be left out but the url of a route. Format: docs/formats/site.md.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/rule.h"

namespace tightship::net {

inline constexpr std::size_t kMaxSiteConfig = 1024 * 1024;  // bytes; a larger file is refused
inline constexpr std::size_t kMaxSiteEntries = 200;         // of any one list
inline constexpr std::string_view kSiteConfigName = "tightship.toml";

struct Route {
  std::string url;             // "/health" or "https://..."
  std::string method = "GET";  // GET or HEAD
  std::uint32_t expect = 200;  // status
  std::string body_contains;   // empty: anything
  std::uint32_t max_ms = 0;    // 0: any time
  std::uint32_t line = 0;      // of the file, 1-based
};

struct SiteConfig {
  std::string path;                                                // of the file; empty when there is none
  std::string canonical;                                           // without a slash at the end; empty when not said
  std::vector<std::string> hosts, mail_providers, dkim_selectors;  // lower case, in file order
  std::vector<Route> routes;
  std::map<std::string, std::string> owners;
  std::optional<detect::RiskClass> fail_on;
  std::vector<std::string> off;                      // ids of checks and rules
  std::map<std::string, detect::RiskClass> classes;  // by id
};

// Fails with Config, `where` is "path:line:column": no TOML, an unknown key, a value of the wrong type, a host
// that is no name, a list over kMaxSiteEntries.
Result<SiteConfig> parse_site_config(const std::string& path, std::string_view text);

// Fails as parse_site_config, or with NotFound, Io or Limit.
Result<SiteConfig> read_site_config(const std::string& path);

// With an empty `path`: tightship.toml of the working directory, or an empty configuration when there is none.
Result<SiteConfig> load_site_config(const std::string& path);

// "app" below "example.com" is "app.example.com"; "@" is the domain; a name with a dot is whole.
std::string full_host_name(std::string_view host, std::string_view domain);

// The names of hosts and selectors: labels of letters, digits, '-' and '_', at most 63 long, 253 in all.
bool is_host_name(std::string_view name);

}  // namespace tightship::net
