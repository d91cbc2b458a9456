// MX-PRESENT, MX-TARGET, MX-NULL.

#include <algorithm>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

void check_target(DnsContext& context, const MxData& mx) {
  const auto say = [&](Severity severity, std::string title, std::string why, std::string breaks, std::string fix) {
    context.problem({.id = "MX-TARGET",
                     .severity = severity,
                     .risk_class = severity == Severity::Error ? kLaunch : kScale,
                     .where = mx.host,
                     .title = std::move(title),
                     .why = std::move(why),
                     .breaks = std::move(breaks),
                     .fix = std::move(fix)});
  };
  if (parse_endpoint(mx.host)) {
    return say(Severity::Error, "a mail server is given by address instead of by name",
               fmt::format("the MX record of {} holds an IP address", context.domain), "mail to you is lost",
               "give the server a name with an A record, and put that name into the MX record");
  }
  const Lookup v4 = context.lookup(mx.host, RrType::A), v6 = context.lookup(mx.host, RrType::Aaaa);
  if (!v4.known() || !v6.known()) return;
  if (v4.records.empty() && v6.records.empty()) {
    return say(Severity::Error, fmt::format("the mail server {} cannot be found", mx.host),
               v4.nxdomain ? "the name does not exist" : "the name has no address",
               "mail to you waits for days and comes back; whoever gets that name reads it",
               "correct the MX record to the name that your mail provider shows");
  }
  if (!v4.chain.empty()) {
    say(Severity::Warning, fmt::format("the mail server {} is an alias", mx.host),
        fmt::format("it is a CNAME to {}, which RFC 2181 (10.3) forbids", v4.chain.front()),
        "some senders do not deliver", "put the name that has the address into the MX record");
  }
}

void check_null(DnsContext& context, std::size_t records) {
  if (records == 1) return context.pass("MX-NULL", "the domain says that it receives no mail");
  context.problem({.id = "MX-NULL",
                   .severity = Severity::Error,
                   .risk_class = kConversion,
                   .where = context.domain,
                   .title = "the domain says at once that it has mail and that it has none",
                   .why = "a null MX (\"0 .\") stands beside other MX records (RFC 7505, 3)",
                   .breaks = "some senders refuse to deliver",
                   .fix = "remove the record \"0 .\", or all others"});
}

void check_absent(DnsContext& context) {
  const HostFacts* root = nullptr;
  for (const HostFacts& host : context.facts.hosts) {
    if (host.name == context.domain) root = &host;
  }
  const Lookup v4 = context.lookup(context.domain, RrType::A), v6 = context.lookup(context.domain, RrType::Aaaa);
  if (!v4.known() || !v6.known()) return;
  const bool address = root != nullptr ? root->resolves() : !v4.records.empty() || !v6.records.empty();
  const bool wanted = uses_mail(context);
  if (!wanted && (!address || !is_apex(context))) return;
  context.problem({.id = "MX-PRESENT",
                   .severity = address ? Severity::Warning : Severity::Error,
                   .risk_class = address ? kConversion : kLaunch,
                   .where = context.domain,
                   .title = "nobody can answer to your mail",
                   .why = address ? "there is no MX record, so mail goes to the web server (RFC 5321, 5.1)"
                                  : "there is no MX record and no address, and the domain sends mail",
                   .breaks = "replies and reset requests are lost; receivers distrust senders that cannot be answered",
                   .fix = "add the MX records of your mail provider; a domain without mail says so with a null MX",
                   .commands = {zone_line(context.domain, "MX", "0 .")}});
}

}  // namespace

void check_mx(DnsContext& context) {
  const Lookup found = context.lookup(context.domain, RrType::Mx);
  if (!found.known()) return;
  std::set<std::string> seen;
  for (const Record* record : found.records) {
    const MxData& mx = *data_of<MxData>(*record);
    if (mx.host.empty()) {
      context.facts.null_mx = true;
      continue;
    }
    context.facts.mx.push_back(mx);
    if (!seen.insert(mx.host).second) continue;
    check_target(context, mx);
  }
  std::sort(context.facts.mx.begin(), context.facts.mx.end(), [](const MxData& a, const MxData& b) {
    return std::tie(a.preference, a.host) < std::tie(b.preference, b.host);
  });
  if (seen.size() < context.facts.mx.size()) {
    context.problem({.id = "MX-TARGET",
                     .severity = Severity::Warning,
                     .risk_class = kScale,
                     .where = context.domain,
                     .title = "a mail server is listed twice",
                     .why = fmt::format("{} name {}", counted(context.facts.mx.size(), "MX record"),
                                        counted(seen.size(), "server")),
                     .breaks = "nothing, but one of them was meant to be another",
                     .fix = "remove one of them"});
  }
  if (context.facts.null_mx)
    check_null(context, found.records.size());
  else if (context.facts.mx.empty())
    check_absent(context);
  else
    context.pass("MX-PRESENT", counted(context.facts.mx.size(), "MX record"));
}

bool uses_mail(const DnsContext& context) {
  if (!context.facts.mx.empty() || !context.options.site.mail_providers.empty()) return true;
  const auto& terms = context.facts.spf.record.terms;
  return std::any_of(terms.begin(), terms.end(), [](const SpfTerm& term) { return term.kind != SpfKind::All; });
}

}  // namespace tightship::net
