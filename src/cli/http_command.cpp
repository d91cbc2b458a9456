// `tightship http`: where the addresses of a site lead, and what its pages tell browsers.

#include <fmt/format.h>

#include <utility>

#include "cli/commands.h"
#include "cli/network_flags.h"
#include "cli/output.h"
#include "cli/problem_output.h"
#include "net/host_target.h"
#include "net/http_check.h"

namespace tightship::cli {
namespace {

constexpr unsigned kBaselineCount = 20;

struct HttpFlags {
  net::HttpCheckRequest request;
  std::vector<std::string> domains;
  std::string config;
  unsigned timeout = 10, latency = 0;
  OutputOptions output;
};

Command http_record(HttpFlags& flags) {
  Command command;
  command.name = "http";
  command.usage = "tightship http [FLAGS] [DOMAIN]";
  command.brief = "Checks where a site's addresses lead, and what its landing page tells browsers.";
  command.detail =
      "http and https, root and www are followed by hand to one canonical address. Of the page they end at HSTS, "
      "cookies, "
      "caching and mixed content are looked at; /.env and /.git/HEAD are asked for at each host; the routes of "
      "tightship.toml are tried.\n\n"
      "Requests are GET and HEAD, few, and go to hosts under DOMAIN and in tightship.toml only: a redirect to another "
      "host or scheme is reported, not followed. Without DOMAIN the canonical address of tightship.toml is "
      "taken.\n\n"
      "--baseline FILE measures the landing page and the routes, 20 requests each, ten a second, one at a time, and "
      "compares: p95 over 500 ms, or over 1.25 times the stored one and 50 ms more, is a problem.";
  command.examples =
      "  tightship http example.com\n"
      "  tightship http example.com --resolve example.com:443:192.0.2.7     before the DNS is changed\n"
      "  tightship http --baseline latency.toml                             after a deployment\n";
  constexpr std::string_view kInput = "input", kMeasure = "measuring";
  command.flags = network_flags(flags.request.options.resolve, flags.request.options.ca_file, flags.config);
  command.flags.push_back({"connect-to", 0, "HOST:PORT:TO:PORT", kInput,
                           "connect to another host and port; as of curl; repeatable", "",
                           append_text(flags.request.options.connect_to)});
  command.flags.push_back(
      {"timeout", 0, "SECONDS", kInput, "of one request (default: 10)", "", set_number(flags.timeout, 1, 120)});
  command.flags.push_back({"baseline", 0, "FILE", kMeasure,
                           "compare answer times with those in FILE; the first run writes it", "",
                           set_text(flags.request.baseline)});
  command.flags.push_back({"update-baseline", 0, "", kMeasure, "write the new times into the baseline", "",
                           set_true(flags.request.update_baseline)});
  command.flags.push_back({"latency", 0, "N", kMeasure,
                           "measure with N requests a URL (default: 20 with --baseline, else none)", "",
                           set_number(flags.latency, 1, net::kMaxLatencyCount)});
  for (Flag& flag : problem_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"DOMAIN", 0, 1, &flags.domains};
  return command;
}

Result<void> complete(HttpFlags& flags) {
  auto config = net::load_site_config(flags.config);
  if (!config) return tl::unexpected(config.error());
  flags.request.config = std::move(*config);
  flags.request.timeout = std::chrono::seconds(flags.timeout);
  if (flags.request.update_baseline && flags.request.baseline.empty()) {
    return fail(ErrorKind::Usage, "--update-baseline needs --baseline FILE");
  }
  flags.request.latency = flags.latency != 0 ? flags.latency : flags.request.baseline.empty() ? 0 : kBaselineCount;
  if (!flags.domains.empty()) {
    flags.request.domain = flags.domains.front();
    return {};
  }
  if (flags.request.config.canonical.empty()) {
    return fail(ErrorKind::Usage, "DOMAIN is missing, and tightship.toml names no canonical address", {},
                "tightship http example.com");
  }
  const auto target = net::parse_host_port(flags.request.config.canonical, 443);
  if (!target) return tl::unexpected(target.error());
  flags.request.domain = target->host;
  return {};
}

}  // namespace

Result<int> http_command(Arguments arguments) {
  HttpFlags flags;
  const auto go = ready(http_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  auto output = plan_output(flags.output);
  if (!output) return tl::unexpected(output.error());
  if (const auto formats = check_problem_formats(*output); !formats) return tl::unexpected(formats.error());
  if (const auto done = complete(flags); !done) return tl::unexpected(done.error());
  auto result = net::check_http(flags.request);
  if (!result) return tl::unexpected(result.error());
  return deliver(std::move(result->report), *output);
}

}  // namespace tightship::cli
