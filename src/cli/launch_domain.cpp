#include "cli/launch_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "cli/dns_helpers.h"
#include "net/dns_name.h"
#include "net/http_check.h"
#include "net/idn.h"
#include "net/policy_fetch.h"
#include "net/tls_check.h"

namespace tightship::cli {
namespace {

template <class T>
Result<readiness::Report> report_of(const Result<T>& result) {
  if (!result) return tl::unexpected(result.error());
  return result->report;
}

// A check that is delivered as `take` says, with the seconds it took. What it gives is large, a delivery is copied.
template <class T>
LaunchLane lane_of(const std::string& command, std::function<Result<T>()> ask,
                   std::function<void(const T&, LaunchGather&)> take) {
  return {{command, [command, ask = std::move(ask), take = std::move(take)]() -> Delivery {
             const auto start = std::chrono::steady_clock::now();
             auto result = std::make_shared<const Result<T>>(ask());
             const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
             return [command, result, seconds, take](LaunchGather& gather) -> Result<void> {
               gather.take(command, report_of(*result), seconds);
               if (*result) take(**result, gather);
               return {};
             };
           }}};
}

Result<net::DnsResult> ask_dns(const DomainRequest& request) {
  scan::ContentScanner scanner(detect::RuleSet::builtin());
  net::DnsOptions options;
  options.domain = request.domain;
  options.site = request.site;
  options.transport.resolvers = request.resolvers;
  options.expect = request.expect;
  options.server_port = static_cast<std::uint16_t>(request.server_port);
  options.now = request.now;
  options.find_secrets = [&](std::string_view text) { return secrets_in(scanner, text); };
  net::HttpOptions http;
  http.resolve = request.resolve;
  http.connect_to = request.connect_to;
  http.ca_file = request.ca_file;
  options.fetch = [&](const std::string& url) { return net::fetch_policy(http, url); };
  return net::examine_dns(options);
}

Result<net::TlsResult> shake_hands(const DomainRequest& request) {
  net::TlsRequest options;
  options.hosts.push_back(request.domain);
  for (const std::string& host : request.site.hosts) options.hosts.push_back(net::full_host_name(host, request.domain));
  options.resolve = request.resolve;
  options.ca_file = request.ca_file;
  options.now = request.now;
  return net::check_tls(options);
}

Result<net::HttpResult> follow_site(const DomainRequest& request) {
  net::HttpCheckRequest options;
  options.domain = request.domain;
  options.config = request.site;
  options.options.resolve = request.resolve;
  options.options.connect_to = request.connect_to;
  options.options.ca_file = request.ca_file;
  return net::check_http(options);
}

launch::Host& host_named(std::vector<launch::Host>& hosts, const std::string& name) {
  const auto at = std::find_if(hosts.begin(), hosts.end(), [&](const launch::Host& host) { return host.name == name; });
  if (at != hosts.end()) return *at;
  hosts.push_back({});
  hosts.back().name = name;
  return hosts.back();
}

void add_addresses(const net::DomainFacts& facts, std::vector<launch::Host>& hosts) {
  for (const net::HostFacts& fact : facts.hosts) {
    launch::Host& host = host_named(hosts, fact.name);
    if (!fact.chain.empty()) host.alias = fact.chain.back();
    if (!fact.v4.empty())
      host.address = fact.v4.front().text;
    else if (!fact.v6.empty())
      host.address = fact.v6.front().text;
    host.proxy = fact.edge;
  }
}

void add_certificates(const std::vector<net::TlsHost>& facts, std::int64_t now, std::vector<launch::Host>& hosts) {
  for (const net::TlsHost& fact : facts) {
    const net::TlsEndpoint* endpoint = fact.first_ok();
    if (endpoint == nullptr) continue;
    launch::Host& host = host_named(hosts, fact.target.host);
    host.tls_days = net::days_left(endpoint->sent.front(), now);
    host.issuer = endpoint->sent.front().issuer_organization;
    if (host.issuer.empty()) host.issuer = endpoint->sent.front().issuer;
  }
}

// Where a start leads; empty when it stays, or never arrives: a circle is a row of its own.
std::string end_of(const net::Start& start) {
  switch (start.end) {
    case net::StartEnd::ForeignHost:
    case net::StartEnd::OtherScheme: return start.last().to;
    case net::StartEnd::Answer:
    case net::StartEnd::Failed: return start.hops.size() > 1 ? start.last().url.text : std::string();
    default: return {};
  }
}

// Of the https start of each host.
void add_redirects(const net::HttpFacts& facts, std::vector<launch::Host>& hosts) {
  for (const auto* starts : {&facts.starts, &facts.others}) {
    for (const net::Start& start : *starts) {
      if (start.url.starts_with("https://")) host_named(hosts, start.hops.front().url.host).redirect = end_of(start);
    }
  }
}

// A certificate whose authority the records at `caa_at` do not let renew it. `host` as in the certificate.
readiness::Problem caa_problem(const std::string& host, const std::string& issuer, const std::string& caa_at) {
  readiness::Problem problem;
  problem.id = "TLS-CAA";
  problem.source = "tls";
  problem.severity = detect::Severity::Error;
  problem.risk_class = detect::RiskClass::LaunchBlocker;
  problem.exposure = readiness::Exposure::Web;
  problem.title = fmt::format("the certificate of {} cannot be renewed", host);
  problem.why = fmt::format("it was issued by {}, which the CAA records of {} do not allow", issuer, caa_at);
  problem.breaks = "when it ends, browsers refuse the site";
  problem.fix = fmt::format("add a CAA record for {}, or get the certificate from an authority that they name", issuer);
  problem.minutes = 10;
  problem.subject = host;
  problem.spots = {{host, 0, 0}};
  return problem;
}

// One row for a certificate and the records that hold for it, however many hosts show it.
readiness::Report caa_report(const net::DomainFacts& facts, const std::vector<net::TlsHost>& hosts) {
  readiness::Report report;
  report.command = "tls";
  std::map<std::pair<std::string, std::string>, std::size_t> rows;  // by the certificate and the place of the records
  for (const net::TlsHost& host : hosts) {
    const net::TlsEndpoint* endpoint = host.first_ok();
    const auto known = std::find_if(facts.hosts.begin(), facts.hosts.end(),
                                    [&](const net::HostFacts& fact) { return fact.name == host.target.host; });
    if (endpoint == nullptr || known == facts.hosts.end() || !known->caa || known->caa->empty()) continue;
    const net::Certificate& leaf = endpoint->sent.front();
    const bool wildcard = std::any_of(leaf.names.begin(), leaf.names.end(),
                                      [](const std::string& name) { return name.starts_with("*."); });
    const auto permitted = net::caa_permits(*known->caa, leaf.issuer_organization, wildcard);
    if (!permitted) continue;
    if (*permitted) {
      report.passed.push_back({"TLS-CAA", host.target.host + ": " + leaf.issuer_organization + " may renew"});
      continue;
    }
    const auto [row, is_new] =
        rows.emplace(std::pair(endpoint->probe.chain.front(), known->caa_at), report.problems.size());
    if (is_new)
      report.problems.push_back(caa_problem(host.target.host, leaf.issuer_organization, known->caa_at));
    else
      report.problems[row->second].spots.push_back({host.target.host, 0, 0});
  }
  return report;
}

}  // namespace

std::vector<Flag> domain_flags(DomainRequest& request) {
  constexpr std::string_view kDomain = "domain";
  return {
      {"domain", 0, "DOMAIN", kDomain, "also check what is served there: dns, tls and http",
       "Opens connections to its hosts and name servers, and to those of tightship.toml; without it nothing is "
       "connected to.",
       set_text(request.domain)},
      {"expect", 0, "FILE", kDomain, "also say which DNS records differ from those in FILE",
       "As tightship dns --snapshot FILE writes it.", set_text(request.expect_file)},
      {"resolver", 0, "IP[:PORT]", kDomain, "for dns: ask this resolver instead of the system's; repeatable", "",
       append_text(request.resolvers)},
      {"resolve", 0, "HOST:PORT:ADDRESS", kDomain, "connect to ADDRESS; as of curl; repeatable", "",
       append_text(request.resolve)},
      {"connect-to", 0, "HOST:PORT:TO:PORT", kDomain,
       "for http and the MTA-STS policy: connect to another host and port; repeatable", "",
       append_text(request.connect_to)},
      {"ca", 0, "FILE", kDomain, "authorities to trust instead of the system's", "", set_text(request.ca_file)},
      {"server-port", 0, "PORT", kDomain, "port of name servers that are asked directly (default: 53)",
       "For name servers of a test.", set_number(request.server_port, 1, 65'535)},
  };
}

Result<void> prepare_domain(DomainRequest& request) {
  if (request.domain.empty()) {
    if (request.expect_file.empty()) return {};
    return fail(ErrorKind::Usage, "--expect needs --domain DOMAIN");
  }
  auto name = net::ascii_name(net::canonical_name(request.domain));
  if (!name) return tl::unexpected(name.error());
  if (!net::is_host_name(*name)) {
    return fail(ErrorKind::Usage, "this is no domain name", request.domain, "example.com, without a scheme and a path");
  }
  request.domain = std::move(*name);
  if (request.expect_file.empty()) return {};
  auto zone = net::read_expected_zone(request.expect_file, request.domain);
  if (!zone) return tl::unexpected(zone.error());
  request.expect = std::move(*zone);
  return {};
}

std::vector<LaunchLane> domain_lanes(const DomainRequest& request, std::vector<launch::Host>& hosts) {
  // For what only dns and tls together know; deliveries come in this order.
  auto facts = std::make_shared<std::optional<net::DomainFacts>>();
  return {lane_of<net::DnsResult>(
              "dns", [&request] { return ask_dns(request); },
              [&hosts, facts](const net::DnsResult& result, LaunchGather&) {
                add_addresses(result.facts, hosts);
                *facts = result.facts;
              }),
          lane_of<net::TlsResult>(
              "tls", [&request] { return shake_hands(request); },
              [&hosts, &request, facts](const net::TlsResult& result, LaunchGather& gather) {
                add_certificates(result.hosts, request.now, hosts);
                if (*facts) gather.add(caa_report(**facts, result.hosts));
              }),
          lane_of<net::HttpResult>(
              "http", [&request] { return follow_site(request); },
              [&hosts](const net::HttpResult& result, LaunchGather&) { add_redirects(result.facts, hosts); })};
}

}  // namespace tightship::cli
