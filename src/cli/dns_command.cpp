// `tightship dns`: whether a domain resolves, and whether its mail is believed.

#include <fmt/format.h>

#include <utility>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/dns_helpers.h"
#include "cli/network_flags.h"
#include "cli/output.h"
#include "cli/problem_output.h"
#include "cli/stream.h"
#include "net/dns_check.h"
#include "net/idn.h"
#include "net/policy_fetch.h"
#include "scan/content_scanner.h"

namespace tightship::cli {
namespace {

struct DnsFlags {
  net::DnsOptions options;
  std::vector<std::string> domains, hosts;
  net::HttpOptions http;  // for the MTA-STS policy
  std::string config, expect, snapshot, now;
  unsigned server_port = 53;
  OutputOptions output;
};

std::vector<Flag> dns_flags(DnsFlags& flags) {
  constexpr std::string_view kInput = "input", kAsking = "asking";
  net::TransportOptions& transport = flags.options.transport;
  return {
      {"host", 0, "NAME", kInput, "a host that must resolve: api, or a whole name; repeatable",
       "Beside root and www, and those of tightship.toml.", append_text(flags.hosts)},
      {"mail", 0, "", kInput, "mail only: MX, SPF, DKIM, DMARC, MTA-STS, TLS-RPT, BIMI", "",
       set_true(flags.options.mail_only)},
      {"expect", 0, "FILE", kInput, "fail when the records differ from those in FILE", "docs/formats/dns-expect.md",
       set_text(flags.expect)},
      {"snapshot", 0, "FILE", kInput, "write the records as they are to FILE, for --expect",
       "Replaces FILE. With --authoritative the lifetimes are written, too.", set_text(flags.snapshot)},
      {"resolver", 0, "IP[:PORT]", kAsking, "ask this resolver instead of the system's; repeatable", "",
       append_text(transport.resolvers)},
      {"authoritative", 0, "", kAsking, "ask the domain's own name servers: right after a change", "",
       set_true(flags.options.authoritative)},
      {"timeout", 0, "MS", kAsking, "wait this long for an answer, the second time twice as long (default: 2000)", "",
       set_number(transport.timeout_ms, 10, 60'000)},
      {"tries", 0, "N", kAsking, "how often a silent server is asked (default: 2)", "",
       set_number(transport.tries, 1, 10)},
      {"deadline", 0, "MS", kAsking, "give up whatever has no answer after this time (default: 20000)", "",
       set_number(transport.deadline_ms, 100, 600'000)},
      {"server-port", 0, "PORT", kAsking, "port of name servers that are asked directly (default: 53)",
       "For name servers of a test.", set_number(flags.server_port, 1, 65'535)},
  };
}

Command dns_record(DnsFlags& flags) {
  Command command;
  command.name = "dns";
  command.usage = "tightship dns [FLAGS] [DOMAIN]";
  command.brief = "Checks whether a domain resolves and whether its mail is believed.";
  command.detail =
      "Hosts (root, www, those listed, and usual ones that exist), aliases that lead nowhere or can be taken over, "
      "name "
      "servers, DNSSEC, CAA; MX, SPF with all that it includes, DKIM, DMARC (RFC 9989), MTA-STS, TLS-RPT, BIMI; "
      "secrets "
      "in TXT records. Each id is explained in docs/checks/dns.md.\n\n"
      "Without DOMAIN the one of tightship.toml's canonical URL is checked. All questions that can be asked are in "
      "flight "
      "at once: UDP, TCP when an answer is too long. Search domains are never used. Each name server is asked directly "
      "for the zone; the MTA-STS policy, if there is one, is fetched by HTTPS. Nothing else is connected to.\n\n"
      "What could not be asked is never a problem: it is said, and the status is 3 when nothing else is wrong.";
  command.examples =
      "  tightship dns example.com\n"
      "  tightship dns example.com --mail --resolver 9.9.9.9\n"
      "  tightship dns example.com --snapshot dns.toml      then, from cron or CI:\n"
      "  tightship dns example.com --expect dns.toml -q\n";
  command.flags = dns_flags(flags);
  for (Flag& flag : network_flags(flags.http.resolve, flags.http.ca_file, flags.config)) {
    if (flag.name == "resolve") flag.brief = "for the MTA-STS policy: connect to ADDRESS instead of asking the DNS";
    command.flags.push_back(std::move(flag));
  }
  command.flags.push_back({"connect-to", 0, "HOST:PORT:TO:PORT", "input",
                           "for the MTA-STS policy: connect to another host and port; repeatable", "",
                           append_text(flags.http.connect_to)});
  command.flags.push_back(now_flag(flags.now));
  for (Flag& flag : problem_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"DOMAIN", 0, 1, &flags.domains};
  return command;
}

Result<void> prepare(DnsFlags& flags) {
  auto site = net::load_site_config(flags.config);
  if (!site) return tl::unexpected(site.error());
  flags.options.site = std::move(*site);
  if (!flags.domains.empty())
    flags.options.domain = flags.domains.front();
  else if (!flags.options.site.canonical.empty())
    flags.options.domain = domain_of(flags.options.site.canonical);
  else
    return fail(ErrorKind::Usage, "DOMAIN is missing, and no tightship.toml names one", {},
                "tightship dns example.com");
  for (const std::string& host : flags.hosts) {
    auto name = net::ascii_name(net::canonical_name(host));
    if (!name) return tl::unexpected(name.error());
    if (!net::is_host_name(*name)) return fail(ErrorKind::Usage, "--host takes a name", host, "--host api");
    flags.options.site.hosts.push_back(std::move(*name));
  }
  flags.options.server_port = static_cast<std::uint16_t>(flags.server_port);
  const auto now = parse_now(flags.now);
  if (!now) return tl::unexpected(now.error());
  flags.options.now = *now;
  if (!flags.snapshot.empty()) {
    if (const auto writable = check_writable(flags.snapshot); !writable) return writable;
  }
  if (flags.expect.empty()) return {};
  auto zone = net::read_expected_zone(flags.expect, net::canonical_name(flags.options.domain));
  if (!zone) return tl::unexpected(zone.error());
  flags.options.expect = std::move(*zone);
  return {};
}

// A snapshot of what could not be asked would be an expectation that nobody has.
Result<void> write_snapshot(const DnsFlags& flags, const net::DnsResult& result) {
  if (!result.facts.records_complete) {
    return fail(ErrorKind::Io, "no snapshot was written: not every record could be asked for", flags.snapshot,
                "run it again, or name another --resolver");
  }
  return write_shared_file(flags.snapshot, net::write_expected_zone(result.facts.domain, result.facts.records));
}

}  // namespace

Result<int> dns_command(Arguments arguments) {
  DnsFlags flags;
  const auto go = ready(dns_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto output = plan_output(flags.output);
  if (!output) return tl::unexpected(output.error());
  if (const auto formats = check_problem_formats(*output); !formats) return tl::unexpected(formats.error());
  if (const auto prepared = prepare(flags); !prepared) return tl::unexpected(prepared.error());
  scan::ContentScanner scanner(detect::RuleSet::builtin());
  flags.options.find_secrets = [&](std::string_view text) { return secrets_in(scanner, text); };
  flags.options.fetch = [&](const std::string& url) { return net::fetch_policy(flags.http, url); };
  auto result = net::examine_dns(flags.options);
  if (!result) return tl::unexpected(result.error());
  if (!flags.snapshot.empty()) {
    if (const auto written = write_snapshot(flags, *result); !written) return tl::unexpected(written.error());
    if (!output->quiet)
      write_stderr(fmt::format("snapshot: {} ({} record sets)\n", flags.snapshot, result->facts.records.size()));
  }
  return deliver(std::move(result->report), *output);
}

}  // namespace tightship::cli
