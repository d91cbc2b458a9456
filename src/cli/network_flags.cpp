#include "cli/network_flags.h"

#include <algorithm>
#include <ctime>

#include "net/host_target.h"
#include "net/site_config.h"

namespace tightship::cli {

std::vector<Flag> network_flags(std::vector<std::string>& resolve, std::string& ca_file, std::string& config) {
  constexpr std::string_view kInput = "input";
  return {
      {"resolve", 0, "HOST:PORT:ADDRESS", kInput, "connect to ADDRESS instead of asking the DNS; repeatable",
       "As of curl: tells what visitors will see before the DNS is changed. Several addresses are separated by commas.",
       append_text(resolve)},
      {"ca", 0, "FILE", kInput, "believe the authorities in FILE (PEM) instead of the system's", "", set_text(ca_file)},
      {"config", 0, "FILE", kInput, "read FILE instead of ./tightship.toml", "", set_text(config)},
  };
}

Flag now_flag(std::string& text) {
  return {"now", 0, "DAY", "input", "judge as if it were DAY (2027-01-31)", "", set_text(text)};
}

Result<std::int64_t> parse_now(const std::string& text) {
  if (text.empty()) return static_cast<std::int64_t>(std::time(nullptr));
  std::tm day{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%d", &day);
  if (text.size() != 10 || end == nullptr || *end != '\0') {
    return fail(ErrorKind::Usage, "--now takes a day", text, "--now 2027-01-31");
  }
  day.tm_hour = 12;
  return static_cast<std::int64_t>(::timegm(&day));
}

std::vector<Flag> problem_flags(OutputOptions& options) {
  std::vector<Flag> flags;
  for (Flag& flag : output_flags(options)) {
    if (flag.name != "show-secrets" && flag.name != "yes" && flag.name != "stats") flags.push_back(std::move(flag));
  }
  return flags;
}

Result<std::vector<std::string>> configured_hosts(const std::string& path) {
  const auto config = net::load_site_config(path);
  if (!config) return tl::unexpected(config.error());
  std::vector<std::string> hosts;
  std::string domain;
  if (!config->canonical.empty()) {
    const auto target = net::parse_host_port(config->canonical, 443);
    if (!target) return tl::unexpected(target.error());
    domain = target->host.starts_with("www.") ? target->host.substr(4) : target->host;
    hosts.push_back(target->port == 443 ? target->host : target->text());
  }
  for (const std::string& host : config->hosts) {
    std::string whole = net::full_host_name(host, domain);
    if (whole.ends_with('.')) continue;  // a label, and no domain to put it below
    if (std::find(hosts.begin(), hosts.end(), whole) == hosts.end()) hosts.push_back(std::move(whole));
  }
  return hosts;
}

}  // namespace tightship::cli
