// URLs as values hold them, and whose hosts they name.

#include <algorithm>
#include <array>

#include "detect/text_class.h"
#include "lint/secret_value.h"

namespace tightship::lint {
namespace {

using detect::lowered;

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return text.ends_with(ending); });
}

// The four parts of an IPv4 address, or nothing.
std::optional<std::array<unsigned, 4>> ipv4(std::string_view host) {
  std::array<unsigned, 4> out{};
  std::size_t part = 0, digits = 0;
  for (const char c : host) {
    if (c == '.') {
      if (digits == 0 || ++part > 3) return std::nullopt;
      digits = 0;
    } else if (!detect::is_digit(c) || ++digits > 3) {
      return std::nullopt;
    } else {
      out[part] = out[part] * 10 + static_cast<unsigned>(c - '0');
    }
  }
  if (part != 3 || digits == 0 || std::any_of(out.begin(), out.end(), [](unsigned n) { return n > 255; }))
    return std::nullopt;
  return out;
}

}  // namespace

std::optional<UrlParts> split_url(std::string_view value) {
  const std::size_t colon = value.find("://");
  if (colon == std::string_view::npos || colon == 0 || colon > 32) return std::nullopt;
  UrlParts url;
  url.scheme = value.substr(0, colon);
  if (!detect::is_letter(url.scheme[0]) ||
      !detect::all(url.scheme, [](char c) { return detect::is_alphanumeric(c) || detect::is_one_of(c, "+.-"); })) {
    return std::nullopt;
  }
  std::string_view rest = value.substr(colon + 3);
  // A # or ? may be part of a password that nobody encoded: the last @ before the path decides.
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::size_t at = rest.substr(0, slash).rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view who = rest.substr(0, at);
    const std::size_t split = std::min(who.find(':'), who.size());
    url.user = who.substr(0, split);
    url.password = split < who.size() ? who.substr(split + 1) : std::string_view();
    rest.remove_prefix(at + 1);
  }
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end);
  url.path = rest.substr(end);
  const std::size_t question = url.path.find('?');
  if (question != std::string_view::npos) {
    url.query = url.path.substr(question + 1);
    url.path = url.path.substr(0, question);
  }
  const std::size_t bracket = authority.find(']');
  const std::size_t port =
      authority.find(':', authority.starts_with('[') && bracket != std::string_view::npos ? bracket : 0);
  url.host = authority.substr(0, port);
  if (port != std::string_view::npos) url.port = authority.substr(port + 1);
  if (url.host.empty()) return std::nullopt;
  return url;
}

bool is_local_host(std::string_view host) {
  const std::string lower = lowered(host);
  if (lower == "localhost" || lower == "[::1]" || lower == "::1" || lower == "0.0.0.0" || lower == "[::]") return true;
  if (lower == "host.docker.internal" || lower.ends_with(".localhost")) return true;
  const auto parts = ipv4(lower);
  return parts && (*parts)[0] == 127;
}

bool is_tunnel_host(std::string_view host) {
  return ends_with_any(lowered(host), {".ngrok.io", ".ngrok.app", ".ngrok-free.app", ".ngrok-free.dev", ".ngrok.dev",
                                       ".trycloudflare.com", ".loca.lt", ".localhost.run", ".lhr.life", ".serveo.net",
                                       ".localtunnel.me", ".tunnelto.dev"});
}

bool is_private_host(std::string_view host) {
  if (is_local_host(host)) return true;
  const std::string lower = lowered(host);
  if (ends_with_any(lower, {".internal", ".svc", ".svc.cluster.local", ".local", ".lan", ".home", ".corp", ".intranet",
                            ".home.arpa"}))
    return true;
  if (const auto parts = ipv4(lower)) {
    const auto& p = *parts;
    return p[0] == 10 || (p[0] == 172 && p[1] >= 16 && p[1] <= 31) || (p[0] == 192 && p[1] == 168) ||
           (p[0] == 169 && p[1] == 254);
  }
  // A single word is a name of a network of containers.
  return lower.find('.') == std::string::npos && !lower.starts_with('[');
}

}  // namespace tightship::lint
