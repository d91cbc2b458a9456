#pragma once

// URLs, taken apart by libcurl's parser: the same one that decides where a request goes, so that a check of the
// host and the connection can not disagree.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tightship::net {

struct Url {
  std::string text;        // normalised: what is requested
  std::string scheme;      // lower case
  std::string host;        // lower case; an IPv6 address with brackets
  std::uint16_t port = 0;  // explicit, or that of the scheme; 0 when there is none
  std::string path;        // with the leading slash
  std::string query;       // without the question mark
  bool is_http() const { return scheme == "http" || scheme == "https"; }
  std::string origin() const;  // "https://example.com", with the port when it is not that of the scheme
};

// Fails with Usage when `text` is no absolute URL or holds a control character, with Unsupported without
// libcurl. Schemes other than http and https are parsed too. Credentials are dropped: they are never sent.
Result<Url> parse_url(std::string_view text);

// `url` inside single quotes of a shell command: nothing in it can end them.
std::string shell_quoted(std::string_view url);

// What `reference`, a Location or a src attribute, means on the page `base`.
Result<Url> resolve_url(const Url& base, std::string_view reference);

}  // namespace tightship::net
