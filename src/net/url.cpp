#include "net/url.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "net/curl_library.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxUrl = 8000;

struct Free {
  void operator()(CURLU* url) const { curl_library()->curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURLU, Free>;

tl::unexpected<Error> no_url(std::string_view text) {
  return fail(ErrorKind::Usage, "this is no URL", std::string(text.substr(0, 200)));
}

std::string part(const CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_library()->curl_url_get(const_cast<CURLU*>(url), what, &text, flags) != CURLUE_OK || text == nullptr) {
    return {};
  }
  std::string out = text;
  curl_library()->curl_free(text);
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

// curl takes blanks and control characters out or refuses them, by version; a browser drops some of them.
bool is_clean(std::string_view text) {
  return text.size() <= kMaxUrl &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool set(CURLU* url, std::string_view text) {
  return curl_library()->curl_url_set(url, CURLUPART_URL, std::string(text).c_str(),
                                      CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) == CURLUE_OK;
}

Result<Url> taken_apart(CURLU* handle, std::string_view given) {
  curl_library()->curl_url_set(handle, CURLUPART_USER, nullptr, 0);
  curl_library()->curl_url_set(handle, CURLUPART_PASSWORD, nullptr, 0);
  curl_library()->curl_url_set(handle, CURLUPART_FRAGMENT, nullptr, 0);
  Url url;
  url.text = part(handle, CURLUPART_URL);
  url.scheme = lower(part(handle, CURLUPART_SCHEME));
  url.host = lower(part(handle, CURLUPART_HOST));
  url.path = part(handle, CURLUPART_PATH);
  url.query = part(handle, CURLUPART_QUERY);
  const std::string port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (url.scheme.empty() || url.text.empty() || (url.is_http() && url.host.empty())) return no_url(given);
  return url;
}

// "javascript:alert(1)", "data:...", "mailto:a@b.example": no authority, so curl would take them for a path.
std::string_view opaque_scheme(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || text.substr(colon).starts_with("://")) return {};
  const auto in_scheme = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; };
  const std::string_view scheme = text.substr(0, colon);
  const bool named =
      std::isalpha(static_cast<unsigned char>(scheme[0])) != 0 && std::all_of(scheme.begin(), scheme.end(), in_scheme);
  return named && lower(std::string(scheme)) != "http" && lower(std::string(scheme)) != "https" ? scheme
                                                                                                : std::string_view();
}

Result<Url> parse(const Url* base, std::string_view text) {
  if (curl_library() == nullptr) {
    return fail(ErrorKind::Unsupported, "libcurl cannot be loaded", {}, "apt-get install libcurl4");
  }
  if (!is_clean(text)) return no_url(text);
  if (const std::string_view scheme = opaque_scheme(text); !scheme.empty()) {
    return Url{std::string(text), lower(std::string(scheme)), {}, 0, {}, {}};
  }
  const Handle handle(curl_library()->curl_url());
  if (handle == nullptr) return no_url(text);
  if (base != nullptr && !set(handle.get(), base->text)) return no_url(base->text);
  if (!set(handle.get(), text)) return no_url(text);
  return taken_apart(handle.get(), text);
}

}  // namespace

std::string Url::origin() const {
  const bool usual = port == 0 || (scheme == "https" && port == 443) || (scheme == "http" && port == 80);
  return scheme + "://" + host + (usual ? "" : ":" + std::to_string(port));
}

std::string shell_quoted(std::string_view url) {
  std::string out = "'";
  for (const char c : url) {
    if (c == '\'')
      out += "%27";
    else
      out += c;
  }
  return out + "'";
}

Result<Url> parse_url(std::string_view text) { return parse(nullptr, text); }

Result<Url> resolve_url(const Url& base, std::string_view reference) { return parse(&base, reference); }

}  // namespace tightship::net
