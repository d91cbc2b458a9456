#include "net/host_target.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "net/idn.h"
#include "net/site_config.h"

namespace tightship::net {
namespace {

bool is_ipv4(const std::string& text) {
  std::array<unsigned char, 4> scratch{};
  return ::inet_pton(AF_INET, text.c_str(), scratch.data()) == 1;
}

bool is_ipv6(const std::string& text) {
  std::array<unsigned char, 16> scratch{};
  return ::inet_pton(AF_INET6, text.c_str(), scratch.data()) == 1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

bool parse_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() && port != 0;
}

tl::unexpected<Error> no_host(std::string_view text) {
  return fail(ErrorKind::Usage, fmt::format("'{}' is no host", text.substr(0, 200)), {},
              "example.com, example.com:8443 or [::1]:443");
}

tl::unexpected<Error> no_rule(const std::string& text) {
  return fail(ErrorKind::Usage, fmt::format("'{}' is no --resolve rule", text.substr(0, 200)), {},
              "--resolve example.com:443:192.0.2.1");
}

// What the threads of one look_up share; the last of them frees it, even when nobody waits any more.
struct Shared {
  std::mutex mutex;
  std::condition_variable ready;
  std::vector<HostAddresses> results;
  std::size_t left = 0;
};

HostAddresses ask(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  HostAddresses out;
  const bool none = error == EAI_NONAME || error == EAI_NODATA || error == EAI_ADDRFAMILY;
  out.status = error == 0 ? LookupStatus::Found : none ? LookupStatus::NoSuchName : LookupStatus::NoAnswer;
  for (const addrinfo* at = error == 0 ? list : nullptr; at != nullptr; at = at->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    auto& addresses = at->ai_family == AF_INET6 ? out.ipv6 : out.ipv4;
    if (std::find(addresses.begin(), addresses.end(), text.data()) == addresses.end())
      addresses.emplace_back(text.data());
  }
  if (error == 0) ::freeaddrinfo(list);
  return out;
}

void ask_for(const std::shared_ptr<Shared>& shared, std::size_t at, const std::string& name) {
  HostAddresses result = ask(name);
  const std::lock_guard lock(shared->mutex);
  shared->results[at] = std::move(result);
  --shared->left;
  shared->ready.notify_all();
}

}  // namespace

std::string HostPort::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Result<HostPort> parse_host_port(std::string_view text, std::uint16_t usual_port) {
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  HostPort out;
  out.port = usual_port;
  std::string_view port;
  bool has_port = false;
  if (is_ipv6(std::string(rest))) {
    out.host = lower(rest);
  } else if (rest.starts_with('[') && rest.find(']') != std::string_view::npos) {
    out.host = lower(rest.substr(1, rest.find(']') - 1));
    rest.remove_prefix(rest.find(']') + 1);
    has_port = !rest.empty();
    port = rest.starts_with(':') ? rest.substr(1) : std::string_view();
    if (!is_ipv6(out.host)) return no_host(text);
  } else {
    const std::size_t colon = rest.find(':');
    has_port = colon != std::string_view::npos;
    if (has_port) port = rest.substr(colon + 1);
    out.host = lower(rest.substr(0, colon));
    if (out.host.ends_with('.')) out.host.pop_back();
  }
  if (has_port && !parse_port(port, out.port)) return no_host(text);
  auto ascii = ascii_name(out.host);
  if (!ascii) return tl::unexpected(ascii.error());
  out.host = std::move(*ascii);
  out.is_address = is_ipv4(out.host) || is_ipv6(out.host);
  if (!out.is_address && !is_host_name(out.host)) return no_host(text);
  return out;
}

bool may_have_www(std::string_view host) {
  const auto dots = std::count(host.begin(), host.end(), '.');
  if (dots == 1) return true;
  if (dots != 2) return false;
  const std::size_t last = host.rfind('.'), first = host.find('.');
  return host.size() - last - 1 == 2 && last - first - 1 <= 3;
}

Result<std::vector<ResolveRule>> parse_resolve_rules(const std::vector<std::string>& texts) {
  std::vector<ResolveRule> rules;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    if (rest.starts_with('+')) rest.remove_prefix(1);
    const std::size_t first = rest.find(':');
    const std::size_t second = first == std::string_view::npos ? first : rest.find(':', first + 1);
    if (second == std::string_view::npos) return no_rule(text);
    ResolveRule rule;
    auto host = ascii_name(lower(rest.substr(0, first)));
    if (!host) return tl::unexpected(host.error());
    rule.host = std::move(*host);
    if (!parse_port(rest.substr(first + 1, second - first - 1), rule.port)) return no_rule(text);
    if (rule.host != "*" && !is_host_name(rule.host)) return no_rule(text);
    for (std::string_view list = rest.substr(second + 1);;) {
      const std::size_t comma = list.find(',');
      std::string address(list.substr(0, comma));
      if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
      if (!is_ipv4(address) && !is_ipv6(address)) return no_rule(text);
      rule.addresses.push_back(std::move(address));
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

const ResolveRule* find_rule(const std::vector<ResolveRule>& rules, std::string_view host, std::uint16_t port) {
  for (const ResolveRule& rule : rules) {
    if (rule.port == port && (rule.host == host || rule.host == "*")) return &rule;
  }
  return nullptr;
}

std::vector<HostAddresses> look_up(const std::vector<std::string>& names, std::chrono::milliseconds limit) {
  const auto shared = std::make_shared<Shared>();
  shared->results.resize(names.size());
  shared->left = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    // The C library's resolver cannot be interrupted; a thread that is too late is left to itself.
    try {
      std::thread(ask_for, shared, i, names[i]).detach();
    } catch (const std::system_error&) {
      ask_for(shared, i, names[i]);
    }
  }
  std::unique_lock lock(shared->mutex);
  shared->ready.wait_for(lock, limit, [&] { return shared->left == 0; });
  return shared->results;
}

}  // namespace tightship::net
