#include "net/http_headers.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tightship::net {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equals(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

struct Directive {
  std::string_view name, value;
  bool has_value = false;
};

// Takes "name=value" up to `separator` off `rest`. A separator inside double quotes does not count.
Directive next_directive(std::string_view& rest, char separator, bool quotes) {
  std::size_t end = 0;
  for (bool quoted = false; end < rest.size() && (quoted || rest[end] != separator); ++end) {
    if (quotes && rest[end] == '"') quoted = !quoted;
  }
  const std::string_view whole = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  const std::size_t equal = whole.find('=');
  if (equal == std::string_view::npos) return {trimmed(whole), {}, false};
  std::string_view value = trimmed(whole.substr(equal + 1));
  if (quotes && value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  return {trimmed(whole.substr(0, equal)), value, true};
}

// Digits only; what does not fit is the largest number.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

}  // namespace

Hsts parse_hsts(std::string_view value) {
  Hsts out;
  unsigned ages = 0;
  bool good = true;
  while (!value.empty()) {
    const Directive directive = next_directive(value, ';', true);
    if (equals(directive.name, "max-age")) {
      const auto age = number(directive.value);
      good = good && age.has_value();
      out.max_age = age.value_or(0);
      ++ages;
    } else if (equals(directive.name, "includeSubDomains")) {
      out.include_subdomains = true;
    } else if (equals(directive.name, "preload")) {
      out.preload = true;
    }
  }
  out.valid = good && ages == 1;
  return out;
}

std::optional<Cookie> parse_set_cookie(std::string_view value) {
  const Directive pair = next_directive(value, ';', false);
  if (!pair.has_value || pair.name.empty()) return std::nullopt;
  Cookie cookie;
  cookie.name = pair.name;
  while (!value.empty()) {
    const Directive attribute = next_directive(value, ';', false);
    if (equals(attribute.name, "Secure"))
      cookie.secure = true;
    else if (equals(attribute.name, "HttpOnly"))
      cookie.http_only = true;
    else if (equals(attribute.name, "Domain"))
      cookie.has_domain = !attribute.value.empty();
    else if (equals(attribute.name, "Path"))
      cookie.root_path = attribute.value == "/";
    else if (equals(attribute.name, "SameSite")) {
      cookie.same_site = equals(attribute.value, "None")     ? SameSite::None
                         : equals(attribute.value, "Lax")    ? SameSite::Lax
                         : equals(attribute.value, "Strict") ? SameSite::Strict
                                                             : SameSite::Absent;
    }
  }
  return cookie;
}

bool looks_like_session(const Cookie& cookie) {
  static constexpr std::array<std::string_view, 6> kWords = {"sess", "auth", "token", "jwt", "login", "remember"};
  std::string name = cookie.name;
  std::transform(name.begin(), name.end(), name.begin(), lower);
  // A token against forged requests is read by scripts on purpose.
  if (name.find("csrf") != std::string::npos || name.find("xsrf") != std::string::npos) return false;
  const bool word =
      std::any_of(kWords.begin(), kWords.end(), [&](std::string_view w) { return name.find(w) != std::string::npos; });
  return word || name == "sid" || name.ends_with(".sid") || name.ends_with("_sid") || name.ends_with("-sid");
}

CacheControl parse_cache_control(std::string_view value) {
  CacheControl out;
  while (!value.empty()) {
    const Directive directive = next_directive(value, ',', true);
    if (equals(directive.name, "public"))
      out.is_public = true;
    else if (equals(directive.name, "private"))
      out.is_private = true;
    else if (equals(directive.name, "no-store"))
      out.no_store = true;
    else if (equals(directive.name, "no-cache"))
      out.no_cache = true;
    else if (equals(directive.name, "immutable"))
      out.immutable = true;
    else if (equals(directive.name, "max-age"))
      out.max_age = number(directive.value);
    else if (equals(directive.name, "s-maxage"))
      out.s_maxage = number(directive.value);
  }
  return out;
}

}  // namespace tightship::net
