#pragma once

// Answers' headers taken apart: RFC 6797 (HSTS), RFC 6265 with its drafts (Set-Cookie), RFC 9111 (Cache-Control).
// Pure functions over hostile text: linear, no allocation beyond what is returned, values of cookies are dropped.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tightship::net {

struct Hsts {
  bool valid = false;         // max-age is there once and is a number
  std::uint64_t max_age = 0;  // seconds
  bool include_subdomains = false, preload = false;
};
Hsts parse_hsts(std::string_view value);

enum class SameSite : std::uint8_t { Absent, None, Lax, Strict };
struct Cookie {
  std::string name;  // raw
  bool secure = false, http_only = false, has_domain = false, root_path = false;
  SameSite same_site = SameSite::Absent;
};
// Nothing when there is no name: browsers ignore such a line.
std::optional<Cookie> parse_set_cookie(std::string_view value);
// By its name: "sessionid", "connect.sid", "auth_token".
bool looks_like_session(const Cookie& cookie);

struct CacheControl {
  bool is_public = false, is_private = false, no_store = false, no_cache = false, immutable = false;
  std::optional<std::uint64_t> max_age, s_maxage;
};
CacheControl parse_cache_control(std::string_view value);

}  // namespace tightship::net
