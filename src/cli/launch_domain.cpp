#include "cli/launch_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "cli/dns_helpers.h"
#include "net/http_check.h"
#include "net/tls_check.h"

namespace tightship::cli {
#include "net/policy_fetch.h"
namespace {

struct Answers {
  Result<net::DnsResult> dns;
  Result<net::TlsResult> tls;
  Result<net::HttpResult> http;
};

Result<net::DnsResult> ask_dns(const DomainRequest& request) {
  scan::ContentScanner scanner(detect::RuleSet::builtin());
  net::DnsOptions options;
  options.domain = request.domain;
  options.site = request.site;
  options.transport.resolvers = request.resolvers;
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

Answers ask_all(const DomainRequest& request) {
  auto tls = std::async(std::launch::async, [&request] { return shake_hands(request); });
  auto http = std::async(std::launch::async, [&request] { return follow_site(request); });
  auto dns = ask_dns(request);
  return {std::move(dns), tls.get(), http.get()};
}

template <class T>
Result<readiness::Report> report_of(const Result<T>& result) {
  if (!result) return tl::unexpected(result.error());
  return result->report;
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

// Of the https start of each host: where it ends, when that is elsewhere.
void add_redirects(const net::HttpFacts& facts, std::vector<launch::Host>& hosts) {
  for (const auto* starts : {&facts.starts, &facts.others}) {
    for (const net::Start& start : *starts) {
      if (!start.url.starts_with("https://") || start.hops.size() < 2) continue;
      host_named(hosts, start.hops.front().url.host).redirect = start.last().url.text;
    }
  }
}

readiness::Report caa_report(const net::DomainFacts& facts, const std::vector<net::TlsHost>& hosts) {
  readiness::Report report;
  report.command = "tls";
  for (const net::TlsHost& host : hosts) {
    const net::TlsEndpoint* endpoint = host.first_ok();
    if (endpoint == nullptr || facts.caa.empty()) continue;
    const net::Certificate& leaf = endpoint->sent.front();
    const bool wildcard = std::any_of(leaf.names.begin(), leaf.names.end(),
                                      [](const std::string& name) { return name.starts_with("*."); });
    const auto permitted = net::caa_permits(facts.caa, leaf.issuer_organization, wildcard);
    if (!permitted) continue;
    if (*permitted)
      report.passed.push_back({"TLS-CAA", host.target.host + ": " + leaf.issuer_organization + " may renew"});
    else
      report.problems.push_back(caa_problem(host.target.host, leaf.issuer_organization, facts));
  }
  return report;
}

}  // namespace

readiness::Problem caa_problem(const std::string& host, const std::string& issuer, const net::DomainFacts& facts) {
  readiness::Problem problem;
  problem.id = "TLS-CAA";
  problem.source = "tls";
  problem.severity = detect::Severity::Error;
  problem.risk_class = detect::RiskClass::LaunchBlocker;
  problem.exposure = readiness::Exposure::Web;
  problem.title = fmt::format("the certificate of {} cannot be renewed", host);
  problem.why = fmt::format("it was issued by {}, which the CAA records of {} do not allow", issuer, facts.caa_at);
  problem.breaks = "when it ends, browsers refuse the site";
  problem.fix = fmt::format("add a CAA record for {}, or get the certificate from an authority that they name", issuer);
  problem.minutes = 10;
  problem.subject = host;
  problem.spots = {{host, 0, 0}};
  return problem;
}

std::vector<Flag> domain_flags(DomainRequest& request) {
  constexpr std::string_view kDomain = "domain";
  return {
      {"domain", 0, "DOMAIN", kDomain, "also check what is served there: dns, tls and http",
       "Opens connections to its hosts and name servers, and to those of tightship.toml; without it nothing is "
       "connected to.",
       set_text(request.domain)},
      {"resolver", 0, "IP[:PORT]", kDomain, "ask this resolver instead of the system's; repeatable", "",
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

void gather_domain(const DomainRequest& request, LaunchGather& gather, std::vector<launch::Host>& hosts) {
  const Answers answers = ask_all(request);
  gather.run("dns", [&] { return report_of(answers.dns); });
  gather.run("tls", [&] { return report_of(answers.tls); });
  gather.run("http", [&] { return report_of(answers.http); });
  if (answers.dns) add_addresses(answers.dns->facts, hosts);
  if (answers.tls) add_certificates(answers.tls->hosts, request.now, hosts);
  if (answers.http) add_redirects(answers.http->facts, hosts);
  if (answers.dns && answers.tls) gather.add(caa_report(answers.dns->facts, answers.tls->hosts));
}

}  // namespace tightship::cli
