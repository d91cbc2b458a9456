#pragma once

// Where a start URL leads: every hop by hand, never to another owner's host, never to another scheme.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "net/http_client.h"

namespace tightship::net {

inline constexpr std::size_t kMaxHops = 10;             // redirects of one start
inline constexpr std::chrono::seconds kStartLimit{30};  // of one start in all

struct Hop {
  Url url;
  HttpResponse response;         // the body of the last hop only
  std::string to;                // where it redirects, absolute; empty when it does not
  bool certificate_bad = false;  // asked again without verification, so that the rest can be seen
  std::string certificate_text;
};

enum class StartEnd : std::uint8_t {
  Answer,       // a status that is no redirect
  Loop,         // a URL came twice
  TooMany,      // over kMaxHops
  ForeignHost,  // to a host that is not ours: reported, not visited
  OtherScheme,  // to file:, javascript:, an app ...: not followed
  NoTarget,     // a redirect without a usable Location
  Failed,       // no answer; the last hop's response says why
};

struct Start {
  std::string url;
  std::vector<Hop> hops;  // at least one
  StartEnd end = StartEnd::Failed;
  const Hop& last() const { return hops.back(); }
  std::size_t redirects() const { return hops.size() - 1 + (hops.back().to.empty() ? 0 : 1); }
};

using IsOwnHost = std::function<bool(std::string_view host)>;

// `url` is http or https. The client is used by this call alone, and keeps cookies if that is wanted.
Start follow(HttpClient& client, const Url& url, const IsOwnHost& is_own, std::chrono::milliseconds timeout,
             std::size_t max_body);

// The service whose page says that it knows no site of this name, so that whoever makes one there gets the host:
// "GitHub Pages"; empty when none is known. `response` with its body.
std::string_view unclaimed_at(const HttpResponse& response);

// "Cloudflare", "Vercel", ... by the headers it adds; empty when none is known.
std::string proxy_of(const HttpResponse& response);

}  // namespace tightship::net
