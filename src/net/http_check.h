#pragma once

// `tightship http`: where the addresses of a site lead, and what its landing page tells browsers and caches.
//
// Four starts (http and https, root and www) and two for every further host of tightship.toml are followed by hand;
// of the page they end at, headers, cookies, resources and caching are looked at; a few files that must never be
// served are asked for; the routes of tightship.toml are tried. Requests are GET and HEAD without side effects, go
// to hosts under the domain and to those of the configuration only, and are few: what a start redirects to (at most
// kMaxHops), kMaxAssets, four files a host, the routes; six at a time.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/html_page.h"
#include "net/http_client.h"
#include "net/latency.h"
#include "net/redirects.h"
#include "net/site_config.h"
#include "readiness/problem.h"

namespace tightship::net {

inline constexpr std::size_t kMaxHttpHosts = 20;  // further hosts of the configuration
inline constexpr std::size_t kMaxAssets = 5;      // of the landing page that are asked for

struct HttpCheckRequest {
  std::string domain;   // "example.com"; www. and a scheme are taken off
  HttpOptions options;  // resolve, connect_to, ca_file
  SiteConfig config;
  std::chrono::milliseconds timeout{10'000};  // of one request
  unsigned latency = 0;                       // requests for every measured URL; 0: none
  std::string baseline;                       // file; empty: none
  bool update_baseline = false;
};

struct StaticFile {  // a hashed asset, or a file that must not be there
  std::string url;
  HttpResponse response;
};

struct RouteResult {
  Route route;
  std::string url;
  HttpResponse response;
};

struct HttpFacts {
  std::string root, www;      // host names; www is empty for addresses and single labels
  std::vector<Start> starts;  // of root and www
  std::vector<Start> others;  // of the further hosts
  int landing_at = -1;        // of starts: the one whose end is the site; -1 when there is none
  const Start* landing() const { return landing_at < 0 ? nullptr : &starts[static_cast<std::size_t>(landing_at)]; }
  Page page;  // of the landing page, when it is HTML
  std::vector<StaticFile> assets, dotfiles;
  std::vector<RouteResult> routes;
  std::vector<LatencyRow> latency;
};

struct HttpResult {
  readiness::Report report;
  HttpFacts facts;
};

// Fails with Usage (no domain, a rule that is none), Unsupported (no libcurl), or as the baseline's reader.
Result<HttpResult> check_http(const HttpCheckRequest& request);

}  // namespace tightship::net
