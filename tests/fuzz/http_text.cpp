// Headers and pages of a hostile web server: Strict-Transport-Security, Set-Cookie, Cache-Control, tags, and a baseline.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/html_tags.h"
#include "net/http_headers.h"
#include "net/latency.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::net;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      const Hsts hsts = parse_hsts(input);
      if (hsts.valid && input.find_first_of("0123456789") == std::string_view::npos) std::abort();
      break;
    }
    case 1:
      if (const auto cookie = parse_set_cookie(input)) {
        if (cookie->name.empty() || input.find(cookie->name) == std::string_view::npos) std::abort();
        looks_like_session(*cookie);
      }
      break;
    case 2: parse_cache_control(input); break;
    case 3: {
      std::size_t bytes = 0;
      for_each_tag(input, [&](const HtmlTag& tag) {
        if (tag.name.empty() || tag.attributes.size() > kMaxAttributes) std::abort();
        bytes += tag.name.size();
        for (const auto& [name, value] : tag.attributes) bytes += name.size() + value.size();
      });
      if (bytes > input.size()) std::abort();  // nothing is said twice
      break;
    }
    default:
      if (const auto rows = parse_latency("f", input)) {
        const auto again = parse_latency("f", latency_toml(*rows));
        if (!again || again->size() != rows->size()) std::abort();
      }
  }
  return 0;
}
