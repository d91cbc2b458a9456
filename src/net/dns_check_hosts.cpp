// DNS-ROOT, DNS-WWW, DNS-HOSTS, DNS-CHAIN, DNS-DANGLING, DNS-PRIVATE-IP, DNS-WILDCARD, DNS-APEX-CNAME.

#include <algorithm>

#include "net/dns_context.h"
#include "net/dns_providers.h"

namespace tightship::net {
namespace {

// Looked for, and told of when they are there: nobody promised them.
constexpr std::string_view kGuesses[] = {"app",  "api",  "auth", "admin",   "status", "docs",
                                         "blog", "mail", "cdn",  "staging", "dev"};

HostFacts look_up(DnsContext& context, std::string name, bool listed) {
  HostFacts host;
  host.name = std::move(name);
  host.listed = listed;
  const Lookup v4 = context.lookup(host.name, RrType::A), v6 = context.lookup(host.name, RrType::Aaaa);
  host.chain = v4.known() ? v4.chain : v6.chain;
  host.loop = v4.loop || v6.loop;
  host.nxdomain = v4.nxdomain && v6.nxdomain;
  if (!v4.known() && !v4.pending()) host.fault = v4.fault;
  if (!v6.known() && !v6.pending() && host.fault.empty()) host.fault = v6.fault;
  if (v4.pending() || v6.pending()) host.fault = "not asked";
  for (const Record* record : v4.records) host.v4.push_back(*data_of<Address>(*record));
  for (const Record* record : v6.records) host.v6.push_back(*data_of<Address>(*record));
  if (!v4.records.empty())
    host.ttl = v4.records.front()->ttl;
  else if (!v6.records.empty())
    host.ttl = v6.records.front()->ttl;
  std::vector<Address> all = host.v4;
  all.insert(all.end(), host.v6.begin(), host.v6.end());
  host.edge = edge_of(host.chain, all);
  return host;
}

bool same_addresses(const HostFacts& a, const HostFacts& b) {
  const auto texts = [](const HostFacts& host) {
    std::vector<std::string> out = host.chain;
    for (const Address& address : host.v4) out.push_back(address.text);
    for (const Address& address : host.v6) out.push_back(address.text);
    std::sort(out.begin(), out.end());
    return out;
  };
  return texts(a) == texts(b);
}

void gather_hosts(DnsContext& context) {
  std::vector<HostFacts>& hosts = context.facts.hosts;
  const auto known = [&](const std::string& name) {
    return std::any_of(hosts.begin(), hosts.end(), [&](const HostFacts& h) { return h.name == name; });
  };
  hosts.push_back(look_up(context, context.domain, true));
  if (is_apex(context)) hosts.push_back(look_up(context, "www." + context.domain, true));
  for (const std::string& given : context.options.site.hosts) {
    const std::string name = full_host_name(given, context.domain);
    if (!known(name)) hosts.push_back(look_up(context, name, true));
  }
  const HostFacts wild = look_up(context, fmt::format("{}.{}", context.probe, context.domain), false);
  context.facts.wildcard = wild.fault.empty() && (wild.resolves() || !wild.chain.empty());
  for (const std::string_view guess : kGuesses) {
    const std::string name = fmt::format("{}.{}", guess, context.domain);
    if (known(name)) continue;
    HostFacts host = look_up(context, name, false);
    const bool there = host.resolves() || !host.chain.empty();
    if (host.fault.empty() && there && !(context.facts.wildcard && same_addresses(host, wild))) {
      hosts.push_back(std::move(host));
    }
  }
}

std::string chain_text(const HostFacts& host) {
  std::string text = host.name;
  for (const std::string& target : host.chain) text += " -> " + target;
  return text;
}

void say_loop(DnsContext& context, const HostFacts& host) {
  context.problem({.id = "DNS-CHAIN",
                   .severity = Severity::Error,
                   .risk_class = kLaunch,
                   .where = host.name,
                   .title = fmt::format("{} points back at itself", host.name),
                   .why = fmt::format("its aliases go in a circle: {}", chain_text(host)),
                   .breaks = "nobody can open it",
                   .fix = "let one of these CNAME records point at the host that serves the site"});
}

void say_dead_end(DnsContext& context, const HostFacts& host) {
  context.problem({.id = "DNS-CHAIN",
                   .severity = Severity::Error,
                   .risk_class = kLaunch,
                   .where = host.name,
                   .title = fmt::format("{} leads to a name without an address", host.name),
                   .why = fmt::format("{}, which exists and has no address", chain_text(host)),
                   .breaks = "nobody can open it",
                   .fix = "let the CNAME point at the name that your host gave you, or remove it"});
}

void say_dangling(DnsContext& context, const HostFacts& host) {
  const TakeoverService* service = takeover_service(host.chain.back());
  Row row{.id = "DNS-DANGLING",
          .severity = service != nullptr || host.listed ? Severity::Error : Severity::Warning,
          .risk_class = service != nullptr || host.listed ? kLaunch : kScale,
          .where = host.name};
  row.why = fmt::format("{}, which does not exist", chain_text(host));
  row.fix =
      fmt::format("remove the CNAME record of {}, or make the service at {} again first", host.name, host.chain.back());
  if (service != nullptr) {
    row.title = fmt::format("anybody can take over {}", host.name);
    row.why += fmt::format("; names of {} are given to whoever asks for them", service->title);
    row.breaks = "a stranger can serve pages, set cookies and get a certificate in your name";
    row.urgent = true;
  } else {
    row.title = fmt::format("{} points at something that is gone", host.name);
    row.breaks = "nobody can open it; whoever gets that name serves pages in yours";
  }
  context.problem(std::move(row));
}

// What a listed host that does not resolve is told as.
void say_missing(DnsContext& context, const HostFacts& host, std::string_view id, std::string_view what) {
  const bool root = host.name == context.domain;
  context.problem(
      {.id = id,
       .severity = id == "DNS-WWW" ? Severity::Warning : Severity::Error,
       .risk_class = id == "DNS-WWW" ? kConversion : kLaunch,
       .where = host.name,
       .title = fmt::format("{} cannot be found", host.name),
       .why = std::string(what),
       .breaks = root ? "nobody can open your site" : "visitors who type or follow this name get an error",
       .fix = fmt::format("add the A and AAAA records (or the CNAME) that your host names for {}", host.name),
       .commands = {zone_line(host.name, root ? "A" : "CNAME", root ? "192.0.2.1" : context.domain + ".")}});
}

std::string_view id_of(const DnsContext& context, const HostFacts& host) {
  if (host.name == context.domain) return "DNS-ROOT";
  return host.name == "www." + context.domain ? "DNS-WWW" : "DNS-HOSTS";
}

void judge_servfail(DnsContext& context, const HostFacts& host) {
  if (host.name != context.domain || host.fault != "SERVFAIL") return;
  context.problem({.id = "DNS-ROOT",
                   .severity = Severity::Error,
                   .risk_class = kLaunch,
                   .where = host.name,
                   .title = fmt::format("{} cannot be resolved", host.name),
                   .why = "the resolver gives up (SERVFAIL): its name servers are down or refuse, or DNSSEC is broken",
                   .breaks = "nobody can open your site, and no mail arrives",
                   .fix = "see the rows on name servers and DNSSEC; ask again with another resolver",
                   .commands = {fmt::format("tightship dns {} --resolver 9.9.9.9", host.name)}});
}

void judge_private(DnsContext& context, const HostFacts& host) {
  std::vector<Address> all = host.v4;
  all.insert(all.end(), host.v6.begin(), host.v6.end());
  for (const Address& address : all) {
    const std::string_view range = private_range(address);
    if (range.empty()) continue;
    return context.problem(
        {.id = "DNS-PRIVATE-IP",
         .severity = host.listed ? Severity::Error : Severity::Warning,
         .risk_class = host.listed ? kLaunch : kScale,
         .where = host.name,
         .title = fmt::format("{} points at an address that the internet cannot reach", host.name),
         .why = fmt::format("{} is {}", address.text, range),
         .breaks = host.listed ? "visitors reach nothing, or something of their own network"
                               : "it tells strangers how your network looks inside",
         .fix = fmt::format("give {} its public address, or keep the name out of the public zone", host.name)});
  }
}

void judge_address(DnsContext& context, const HostFacts& host) {
  const std::string_view id = id_of(context, host);
  context.pass(id, fmt::format("{}: {} IPv4, {} IPv6", host.name, host.v4.size(), host.v6.size()));
  if (host.v6.empty() && host.listed) {
    context.problem({.id = id,
                     .severity = Severity::Note,
                     .risk_class = kScale,
                     .where = host.name,
                     .title = fmt::format("{} has no IPv6 address", host.name),
                     .why = "there is no AAAA record",
                     .breaks = "networks with IPv6 only reach it through a translator, if at all",
                     .fix = "add an AAAA record if your host has IPv6"});
  }
  judge_private(context, host);
}

void judge(DnsContext& context, const HostFacts& host) {
  if (host.loop) return say_loop(context, host);
  if (!host.fault.empty()) return judge_servfail(context, host);
  if (host.resolves()) return judge_address(context, host);
  if (!host.chain.empty()) return host.nxdomain ? say_dangling(context, host) : say_dead_end(context, host);
  const bool www = host.name == "www." + context.domain;
  if (www && !context.facts.hosts.front().resolves()) return;  // the root has said it
  if (host.listed) {
    say_missing(context, host, id_of(context, host),
                host.nxdomain ? "the name does not exist" : "the name exists and has no address");
  }
}

void check_apex(DnsContext& context) {
  const Answer& answer = context.store.get(context.domain, RrType::Cname);
  if (!answer.conclusive()) return;
  for (const Record& record : answer.message.answers) {
    if (record.type != RrType::Cname || record.name != context.domain) continue;
    return context.problem(
        {.id = "DNS-APEX-CNAME",
         .severity = Severity::Error,
         .risk_class = kLaunch,
         .where = context.domain,
         .title = fmt::format("{} itself is an alias", context.domain),
         .why = fmt::format("it has a CNAME to {}, and nothing may stand beside a CNAME (RFC 1034, 3.6.2)",
                            data_of<NameData>(record)->name),
         .breaks = "its MX, SPF and other TXT records are not seen: mail is lost, verifications fail",
         .fix = "use A and AAAA records, or the ALIAS or flattening of your DNS provider, for the domain itself"});
  }
}

}  // namespace

void check_hosts(DnsContext& context) {
  gather_hosts(context);
  for (const HostFacts& host : context.facts.hosts) judge(context, host);
  check_apex(context);
  if (!context.facts.wildcard) return;
  context.problem({.id = "DNS-WILDCARD",
                   .severity = Severity::Note,
                   .risk_class = kScale,
                   .where = "*." + context.domain,
                   .title = fmt::format("every name below {} resolves", context.domain),
                   .why = "a name that nobody made has an address, so there is a wildcard record",
                   .breaks = "mistyped and forgotten names reach your server, and are used to imitate you",
                   .fix = "keep it only if every customer has a name of his own"});
}

}  // namespace tightship::net
