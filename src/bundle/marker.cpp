#include "bundle/marker.h"

#include <algorithm>
#include <array>

namespace tightship::bundle {
namespace {

using enum MarkerKind;

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

struct Url {
  std::uint64_t begin = 0;
  std::string_view scheme, host, port, path;
  std::uint64_t end = 0;
  std::string origin() const {
    return std::string(scheme) + "://" + std::string(host) + (port.empty() ? "" : ":") + std::string(port);
  }
};

constexpr std::string_view kSchemes[] = {"https", "http", "wss", "ws"};

// The URL whose host contains or follows the byte at `at`; a scheme that browsers load from, at most 200 bytes back.
std::optional<Url> url_at(std::string_view content, std::uint64_t at) {
  constexpr std::uint64_t kReach = 200;
  const std::uint64_t low = at > kReach ? at - kReach : 0;
  std::uint64_t host = at;
  while (host > low && is_host_char(content[host - 1])) --host;
  if (host < 3 || content.substr(host - 3, 3) != "://") return std::nullopt;
  Url url;
  for (const std::string_view scheme : kSchemes) {
    if (host - 3 < scheme.size() || content.substr(host - 3 - scheme.size(), scheme.size()) != scheme) continue;
    url.begin = host - 3 - scheme.size();
    if (url.begin > 0 && is_host_char(content[url.begin - 1])) return std::nullopt;
    url.scheme = scheme;
    break;
  }
  if (url.scheme.empty()) return std::nullopt;
  std::uint64_t end = host;
  while (end < content.size() && is_host_char(content[end])) ++end;
  url.host = content.substr(host, end - host);
  if (end + 1 < content.size() && content[end] == ':' && is_digit(content[end + 1])) {
    const std::uint64_t port = ++end;
    while (end < content.size() && is_digit(content[end])) ++end;
    url.port = content.substr(port, end - port);
  }
  const std::uint64_t path = end;
  while (end < content.size() && end < path + kReach &&
         (is_host_char(content[end]) || std::string_view("/_~%?&=#@").find(content[end]) != std::string_view::npos)) {
    ++end;
  }
  url.path = content.substr(path, end - path);
  url.end = end;
  return url;
}

// A comment that minifiers keep, or a line of prose: from the line's begin there is "//", " * " or "/*" before a string.
bool in_comment(std::string_view content, std::uint64_t at) {
  constexpr std::uint64_t kReach = 200;
  const std::uint64_t low = at > kReach ? at - kReach : 0;
  const std::string_view before = content.substr(low, at - low);
  const std::size_t open = before.rfind("/*"), close = before.rfind("*/");
  if (open != std::string_view::npos && (close == std::string_view::npos || close < open)) return true;
  const std::size_t newline = before.rfind('\n');
  std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  if (newline == std::string_view::npos && low > 0) return false;
  const std::size_t first = line.find_first_not_of(" \t");
  line = first == std::string_view::npos ? std::string_view() : line.substr(first);
  return line.starts_with("//") || line.starts_with("* ");
}

// Whether a string literal begins right before the URL, as for one that code uses; text of messages has words before.
bool opens_string(std::string_view content, const Url& url) {
  if (url.begin == 0) return false;
  const char before = content[url.begin - 1];
  if (before != '"' && before != '\'' && before != '`') return false;
  // What an empty field of a form shows as an example.
  const std::uint64_t begin = url.begin > 24 ? url.begin - 24 : 0;
  return content.substr(begin, url.begin - begin).find("placeholder") == std::string_view::npos;
}

// Addresses that libraries carry as defaults or stand-ins, and never call in production.
bool is_library_default(const Url& url) {
  static constexpr std::string_view kPorts[] = {
      "8969",                                           // Sentry's Spotlight
      "8097",                                           // React's developer tools
      "9999",                                           // Supabase's auth client, before it is given its URL
      "9099",  "9000", "9199", "8085", "4400", "5001",  // Firebase's emulators
      "4318",  "4317",                                  // OpenTelemetry
      "11434",                                          // Ollama
      "8288",                                           // Inngest's dev server
  };
  return std::find(std::begin(kPorts), std::end(kPorts), url.port) != std::end(kPorts);
}

// location.origin === "file://" ? "http://localhost:8000" : "": taken on a developer's machine only.
bool is_asked_for(std::string_view content, std::uint64_t begin) {
  constexpr std::uint64_t kReach = 60;
  const std::uint64_t low = begin > kReach ? begin - kReach : 0;
  std::string_view before = content.substr(low, begin - low);
  const std::size_t question = before.rfind('?');
  if (question == std::string_view::npos || before.find_first_of(":;{}", question) != std::string_view::npos)
    return false;
  before = before.substr(0, question);
  return before.find("\"localhost\"") != std::string_view::npos ||
         before.find("'localhost'") != std::string_view::npos || before.find("\"file:") != std::string_view::npos ||
         before.find("'file:") != std::string_view::npos || before.find("\"development\"") != std::string_view::npos;
}

// A base for `new URL(path, "http://localhost")` has neither port nor path; what an app calls has one of them.
std::optional<Mark> judge_localhost(std::string_view content, std::uint64_t at) {
  const auto url = url_at(content, at + 3);
  if (!url || (url->host != "localhost" && url->host != "127.0.0.1" && url->host != "0.0.0.0")) return std::nullopt;
  if (url->port.empty() || is_library_default(*url)) return std::nullopt;
  if (!opens_string(content, *url) || in_comment(content, url->begin)) return std::nullopt;
  if (is_asked_for(content, url->begin)) return std::nullopt;
  return Mark{Localhost, url->origin(), url->begin, url->end};
}

bool has_label(std::string_view host, std::string_view label) {
  for (std::size_t at = host.find(label); at != std::string_view::npos; at = host.find(label, at + 1)) {
    const std::size_t end = at + label.size();
    const bool begins = at == 0 || host[at - 1] == '.' || host[at - 1] == '-';
    if (begins && end < host.size() && (host[end] == '.' || host[end] == '-')) return true;
  }
  return false;
}

std::optional<Mark> judge_staging(std::string_view content, std::uint64_t at) {
  const auto url = url_at(content, at);
  if (!url || url->host.find('.') == std::string_view::npos) return std::nullopt;
  const bool tunnel = url->host.ends_with(".ngrok.io") || url->host.ends_with(".ngrok.app") ||
                      url->host.ends_with(".ngrok-free.app") || url->host.ends_with(".trycloudflare.com") ||
                      url->host.ends_with(".loca.lt");
  if (!tunnel && !has_label(url->host, "staging")) return std::nullopt;
  if (!opens_string(content, *url) || in_comment(content, url->begin)) return std::nullopt;
  return Mark{Staging, url->origin(), url->begin, url->end};
}

// Four numbers below 256.
std::optional<std::array<unsigned, 4>> ipv4(std::string_view host) {
  std::array<unsigned, 4> parts{};
  for (std::size_t i = 0; i < 4; ++i) {
    std::size_t size = 0;
    while (size < host.size() && size < 4 && is_digit(host[size]))
      parts[i] = parts[i] * 10 + static_cast<unsigned>(host[size++] - '0');
    if (size == 0 || parts[i] > 255) return std::nullopt;
    host.remove_prefix(size);
    if (i < 3 && (host.empty() || host.front() != '.')) return std::nullopt;
    if (i < 3) host.remove_prefix(1);
  }
  return host.empty() ? std::optional(parts) : std::nullopt;
}

bool is_private_address(std::string_view host) {
  const auto parts = ipv4(host);
  if (!parts) return false;
  const auto& [a, b, c, d] = *parts;
  return a == 10 || (a == 192 && b == 168) || (a == 172 && b >= 16 && b < 32);
}

// The metadata services of clouds have these names in every SDK.
bool is_cloud_metadata(std::string_view host) {
  return host == "metadata.google.internal" || host == "metadata.internal";
}

std::optional<Mark> judge_private(std::string_view content, std::uint64_t at) {
  const auto url = url_at(content, content[at] == ':' ? at + 3 : at);
  if (!url || is_cloud_metadata(url->host)) return std::nullopt;
  const bool named = url->host.ends_with(".internal") || url->host.ends_with(".svc.cluster.local") ||
                     url->host.ends_with(".corp") || url->host.ends_with(".intranet");
  if (!named && !is_private_address(url->host)) return std::nullopt;
  if (!opens_string(content, *url) || in_comment(content, url->begin)) return std::nullopt;
  return Mark{PrivateHost, url->origin(), url->begin, url->end};
}

std::string_view around(std::string_view content, std::uint64_t at, std::uint64_t before, std::uint64_t after) {
  const std::uint64_t begin = at > before ? at - before : 0;
  return content.substr(begin, at - begin + after);
}

std::optional<Mark> judge_dev(const MarkerLiteral& literal, std::string_view content, std::uint64_t at) {
  const std::uint64_t end = at + literal.bytes.size();
  if (literal.bytes.starts_with("sourceURL=")) return Mark{DevBuild, "webpack in development mode", at, end};
  if (literal.bytes.ends_with(".development.js")) {
    if (around(content, at, 120, 0).find("@license React") == std::string_view::npos) return std::nullopt;
    return Mark{DevBuild, "React's development build", at, end};
  }
  if (literal.bytes == "webpack-dev-server/client") return Mark{DevBuild, "webpack-dev-server's client", at, end};
  if (literal.bytes == "/@vite/client") {
    // The dev server puts it into the page as a script; code that only names it does not count.
    if (around(content, at, 12, 0).find("src=") == std::string_view::npos) return std::nullopt;
    return Mark{DevBuild, "Vite's development client", at, end};
  }
  return Mark{DevBuild, "Vue's development build", at, end};
}

std::optional<Mark> judge_browser_key(std::string_view content, std::uint64_t at, std::uint64_t size) {
  const std::string_view after = content.substr(at + size, 8);
  const std::size_t value = after.find_first_not_of("\"': ");
  if (value == std::string_view::npos || value == 0) return std::nullopt;
  const std::string_view rest = after.substr(value);
  if (!rest.starts_with("!0") && !rest.starts_with("true")) return std::nullopt;
  // The SDK's own message: "new OpenAI({ apiKey, dangerouslyAllowBrowser: true });".
  if (around(content, at, 24, 0).find("({ apiKey, ") != std::string_view::npos) return std::nullopt;
  return Mark{BrowserKey, "dangerouslyAllowBrowser", at, at + size};
}

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_name_char(char c) { return is_word(c) || c == '$'; }

// A literal that somebody must type, and no state, type or key of a message that code compares with: it has a digit
// or a sign in it, or is one of the words that people take for passwords.
bool may_be_typed(std::string_view text) {
  static constexpr std::string_view kTyped[] = {"admin",      "secret", "letmein",  "welcome",   "qwerty",
                                                "opensesame", "hunter", "changeme", "topsecret", "supersecret"};
  if (text.size() < 4 || text.size() > 64) return false;
  if (std::find(std::begin(kTyped), std::end(kTyped), text) != std::end(kTyped)) return true;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  const bool key = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == ':' || c == '/';
  });
  return plain && !key && text.find("${") == std::string_view::npos && text.find('*') == std::string_view::npos;
}

// The literal whose opening quote stands at `at`; nothing when it does not close within 80 bytes.
std::string_view literal_at(std::string_view content, std::uint64_t at) {
  if (at >= content.size() || !is_quote(content[at])) return {};
  const std::string_view rest = content.substr(at + 1, 80);
  const std::size_t end = rest.find(content[at]);
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

// The literal that closes right before `end`.
std::string_view literal_before(std::string_view content, std::uint64_t end) {
  if (end < 2 || !is_quote(content[end - 1])) return {};
  const std::uint64_t low = end > 82 ? end - 82 : 0;
  const std::string_view rest = content.substr(low, end - 1 - low);
  const std::size_t open = rest.rfind(content[end - 1]);
  return open == std::string_view::npos ? std::string_view() : rest.substr(open + 1);
}

// Bytes of the comparison that begins, or ends, there; 0 for none.
std::size_t comparison_at(std::string_view text) {
  if (text.size() < 3 || (text[0] != '=' && text[0] != '!') || text[1] != '=') return 0;
  return text[2] == '=' ? 3 : 2;
}
std::size_t comparison_before(std::string_view text) {
  for (const std::string_view form : {"===", "!==", "==", "!="}) {
    if (text.ends_with(form)) return form.size();
  }
  return 0;
}

bool is_blank(char c) { return c == ' ' || c == '\n'; }

// The literal that what ends at `end` is compared with, on its right side; nothing when it is not.
std::string_view compared_after(std::string_view content, std::uint64_t end) {
  while (end < content.size() && is_blank(content[end])) ++end;
  const std::size_t width = comparison_at(content.substr(end));
  if (width == 0) return {};
  end += width;
  while (end < content.size() && is_blank(content[end])) ++end;
  return literal_at(content, end);
}

// The same on the left side of what begins at `begin`.
std::string_view compared_before(std::string_view content, std::uint64_t begin) {
  const auto back = [&] {
    while (begin > 0 && is_blank(content[begin - 1])) --begin;
  };
  back();
  const std::size_t width = comparison_before(content.substr(0, begin));
  if (width == 0) return {};
  begin -= width;
  back();
  return literal_before(content, begin);
}

// form.password==="..." and "..."===form.password; minifiers write the second. What is compared must be a name that
// ends in the word, and no `typeof`.
std::optional<Mark> judge_client_auth(std::string_view content, std::uint64_t at) {
  constexpr std::uint64_t kReach = 120;
  const std::uint64_t end = at + std::string_view("assword").size(), low = at > kReach ? at - kReach : 0;
  if (end < content.size() && (is_name_char(content[end]) || is_quote(content[end]))) return std::nullopt;
  std::uint64_t name = at;
  while (name > low && is_name_char(content[name - 1])) --name;
  std::uint64_t begin = name;
  while (begin > low && (is_name_char(content[begin - 1]) || content[begin - 1] == '.' || content[begin - 1] == '?'))
    --begin;
  std::string_view typed = compared_after(content, end);
  if (typed.empty()) typed = compared_before(content, begin);
  if (!may_be_typed(typed) || around(content, begin, 8, 0).find("typeof") != std::string_view::npos ||
      in_comment(content, begin))
    return std::nullopt;
  return Mark{ClientAuth, std::string(content.substr(name, end - name)), name, end};
}

std::optional<Mark> judge_admin(const MarkerLiteral& literal, std::string_view content, std::uint64_t at) {
  const std::uint64_t end = at + literal.bytes.size();
  if (literal.bytes == "NodeBindings/") {
    if (around(content, at, 24, 0).find("Stripe/") == std::string_view::npos) return std::nullopt;
    return Mark{AdminSdk, "Stripe's server SDK (stripe)", at, end};
  }
  return Mark{AdminSdk, "Firebase's admin SDK (firebase-admin)", at, end};
}

}  // namespace

const std::vector<MarkerLiteral>& marker_literals() {
  static const std::vector<MarkerLiteral> literals = {
      {"://localhost", Localhost},
      {"://127.0.0.1", Localhost},
      {"://0.0.0.0", Localhost},
      {"staging", Staging},
      {".ngrok", Staging},
      {".trycloudflare.com", Staging},
      {".loca.lt", Staging},
      {"://10.", PrivateHost},
      {"://192.168.", PrivateHost},
      {"://172.", PrivateHost},
      {".internal", PrivateHost},
      {".svc.cluster.local", PrivateHost},
      {".intranet", PrivateHost},
      {"sourceURL=webpack-internal:///", DevBuild},
      {"sourceURL=webpack://", DevBuild},
      {"webpack-dev-server/client", DevBuild},
      {"react-dom.development.js", DevBuild},
      {"react-dom-client.development.js", DevBuild},
      {"/@vite/client", DevBuild},
      {"You are running a development build of Vue", DevBuild},
      {"dangerouslyAllowBrowser", BrowserKey},
      {"assword", ClientAuth},
      {"asscode", ClientAuth},
      {"NodeBindings/", AdminSdk},
      {"fire-admin-node/", AdminSdk},
      {"generativelanguage.googleapis.com", Gemini},
      {"@google/generative-ai", Gemini},
  };
  return literals;
}

std::optional<Mark> judge_marker(const MarkerLiteral& literal, std::string_view content, std::uint64_t at) {
  switch (literal.kind) {
    case Localhost: return judge_localhost(content, at);
    case Staging: return judge_staging(content, at);
    case PrivateHost: return judge_private(content, at);
    case DevBuild: return judge_dev(literal, content, at);
    case BrowserKey: return judge_browser_key(content, at, literal.bytes.size());
    case AdminSdk: return judge_admin(literal, content, at);
    case ClientAuth: return judge_client_auth(content, at);
    case Gemini: break;
  }
  return Mark{Gemini, std::string(literal.bytes), at, at + literal.bytes.size()};
}

}  // namespace tightship::bundle
