// DNS-NS-COUNT, DNS-NS-LAME, DNS-NS-ALIAS, DNS-NS-PARENT, DNS-SOA.

#include <algorithm>
#include <set>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxNameServers = 13;

bool is_address_literal(std::string_view name) { return parse_endpoint(name).has_value(); }

void judge_target(DnsContext& context, const std::string& name) {
  if (is_address_literal(name)) {
    return context.problem({.id = "DNS-NS-ALIAS",
                            .severity = Severity::Error,
                            .risk_class = kScale,
                            .where = context.domain,
                            .title = "a name server is given by address instead of by name",
                            .why = fmt::format("the NS record holds {}", name),
                            .breaks = "it is never asked",
                            .fix = "name the server, and give that name an A record",
                            .subject = name});
  }
  const Lookup alias = context.lookup(name, RrType::A);
  if (alias.known() && !alias.chain.empty()) {
    context.problem({.id = "DNS-NS-ALIAS",
                     .severity = Severity::Warning,
                     .risk_class = kScale,
                     .where = name,
                     .title = fmt::format("the name server {} is an alias", name),
                     .why = fmt::format("it is a CNAME to {}, which RFC 2181 (10.3) forbids", alias.chain.front()),
                     .breaks = "some resolvers do not follow it",
                     .fix = "put the name that has the address into the NS record"});
  }
}

void ask_server(DnsContext& context, NameServerFacts& server) {
  for (const bool v6 : {false, true}) {
    if (v6 && !server.addresses.empty()) break;  // a machine without IPv6 must not call it lame
    const Lookup found = context.lookup(server.name, v6 ? RrType::Aaaa : RrType::A);
    for (const Record* record : found.records) server.addresses.push_back(*data_of<Address>(*record));
    if (!found.known())
      server.state = found.pending() ? "" : "its address could not be asked: " + found.fault;
    else if (found.nxdomain)
      server.state = "does not exist";
    else if (v6 && server.addresses.empty() && server.state.empty())
      server.state = "has no address";
  }
  if (server.addresses.empty()) return;
  server.state.clear();
  const Answer& answer =
      context.store.get(context.domain, RrType::Soa, server_endpoint(context, server.addresses.front()));
  if (answer.pending()) return;
  server.state = answer.fault();
  if (!server.state.empty()) return;
  server.state = answer.message.authoritative ? "ok" : "is not authoritative";
  for (const Record& record : answer.message.answers) {
    if (const SoaData* soa = data_of<SoaData>(record)) server.serial = soa->serial;
  }
}

void check_count(DnsContext& context, const std::vector<NameServerFacts>& servers) {
  std::set<std::string> networks;
  for (const NameServerFacts& server : servers) {
    for (const Address& address : server.addresses) {
      networks.insert(address.text.substr(0, address.text.find_last_of(address.v6 ? ":" : ".")));
    }
  }
  const bool known = std::all_of(servers.begin(), servers.end(), [](const auto& s) { return !s.addresses.empty(); });
  if (servers.size() > 1 && (networks.size() > 1 || !known)) {
    return context.pass("DNS-NS-COUNT", counted(servers.size(), "name server"));
  }
  context.problem({.id = "DNS-NS-COUNT",
                   .severity = Severity::Warning,
                   .risk_class = kScale,
                   .where = context.domain,
                   .title = "all your name servers can fail together",
                   .why = servers.size() == 1
                              ? std::string("there is one name server")
                              : fmt::format("all {} are in one network ({}.0/24)", servers.size(), *networks.begin()),
                   .breaks = "when it is down, your site and your mail are, too (RFC 2182)",
                   .fix = "add a second name server in another network; most DNS providers give you several"});
}

// A network that lets nothing out but to its resolver makes every server silent: that says nothing of them.
void check_lame(DnsContext& context, const std::vector<NameServerFacts>& servers) {
  const auto is_silent = [](const NameServerFacts& s) {
    return s.state == "timed out" || s.state == "no server could be reached";
  };
  const auto is_ok = [](const NameServerFacts& s) { return s.state == "ok"; };
  // Asked over IPv6 only where there is no other way: silence may be this machine's.
  const auto is_doubtful = [&](const NameServerFacts& s) {
    return is_silent(s) && !s.addresses.empty() && s.addresses.front().v6;
  };
  const bool any_ok = std::any_of(servers.begin(), servers.end(), is_ok);
  if (!servers.empty() && !any_ok && std::all_of(servers.begin(), servers.end(), is_silent)) {
    return context.unchecked("whether each name server answers: none of them could be reached from here directly");
  }
  for (const NameServerFacts& server : servers) {
    const bool unknown = server.state.empty() || server.state.starts_with("its address") || is_doubtful(server);
    if (unknown || is_ok(server)) continue;
    context.problem(
        {.id = "DNS-NS-LAME",
         .severity = any_ok ? Severity::Warning : Severity::Error,
         .risk_class = any_ok ? kScale : kLaunch,
         .where = server.name,
         .title = fmt::format("the name server {} does not answer for {}", server.name, context.domain),
         .why = server.state.starts_with("is ") || server.state.starts_with("does ") || server.state.starts_with("has ")
                    ? fmt::format("it {}", server.state)
                    : fmt::format("asked for {}: {}", context.domain, server.state),
         .breaks = any_ok ? "part of the visits wait, or fail" : "nobody can resolve the domain",
         .fix = "correct or remove it at your registrar and in the zone"});
  }
  if (any_ok && std::all_of(servers.begin(), servers.end(), is_ok)) {
    context.pass("DNS-NS-LAME", "every name server answers");
  }
}

void check_serials(DnsContext& context, const std::vector<NameServerFacts>& servers) {
  std::set<std::uint32_t> serials;
  for (const NameServerFacts& server : servers) {
    if (server.state == "ok") serials.insert(server.serial);
  }
  if (serials.size() < 2) return;
  context.problem({.id = "DNS-SOA",
                   .severity = Severity::Warning,
                   .risk_class = kScale,
                   .where = context.domain,
                   .title = "your name servers do not hold the same zone",
                   .why = fmt::format("their serials are {}", fmt::join(serials, ", ")),
                   .breaks = "visitors get old or new records by chance",
                   .fix = "wait if you have just changed something; else see why the zone is not copied"});
}

void check_timers(DnsContext& context, const SoaData& soa) {
  const auto say = [&](Severity severity, std::string what, std::string fix) {
    context.problem({.id = "DNS-SOA",
                     .severity = severity,
                     .risk_class = kScale,
                     .where = context.domain,
                     .title = "a timer of the zone is unusual",
                     .why = std::move(what),
                     .breaks = "changes arrive late, or the copies of the zone die early (RFC 1912, 2.2; RFC 2308)",
                     .fix = std::move(fix)});
  };
  if (soa.refresh < 1200) say(Severity::Note, fmt::format("refresh is {} s", soa.refresh), "take at least 1200");
  if (soa.retry >= soa.refresh) {
    say(Severity::Warning, fmt::format("retry ({} s) is not below refresh ({} s)", soa.retry, soa.refresh),
        "take a quarter of refresh");
  }
  if (soa.expire < 604'800) say(Severity::Note, fmt::format("expire is {} s", soa.expire), "take at least 604800");
  if (soa.minimum > 86'400) {
    say(Severity::Warning, fmt::format("names that do not exist are remembered for {} s", soa.minimum),
        "take at most 86400");
  }
  if (label_count(soa.mailbox) < 2 || soa.mailbox.find('@') != std::string::npos) {
    say(Severity::Note, "the mailbox of the zone is no name such as hostmaster.example.com",
        "write it with a dot for '@'");
  }
}

// The delegation, asked of the parent's servers: a referral, or an answer where they serve both zones.
void check_parent(DnsContext& context, const std::vector<NameServerFacts>& servers) {
  const std::string parent(parent_name(context.domain));
  if (parent.empty()) return;
  const Lookup above = context.lookup(parent, RrType::Ns);
  if (above.records.empty()) return;
  const Lookup address = context.lookup(data_of<NameData>(*above.records.front())->name, RrType::A);
  if (address.records.empty()) return;
  const Answer& answer = context.store.get(context.domain, RrType::Ns,
                                           server_endpoint(context, *data_of<Address>(*address.records.front())));
  if (!answer.conclusive() || answer.message.authoritative) return;
  std::set<std::string> delegated, own;
  for (const Record& record : answer.message.authority) {
    if (record.type == RrType::Ns && record.name == context.domain) delegated.insert(data_of<NameData>(record)->name);
  }
  for (const NameServerFacts& server : servers) own.insert(server.name);
  if (delegated.empty() || own.empty()) return;
  if (delegated == own) return context.pass("DNS-NS-PARENT", "the registrar and the zone name the same servers");
  context.problem(
      {.id = "DNS-NS-PARENT",
       .severity = Severity::Warning,
       .risk_class = kScale,
       .where = context.domain,
       .title = "your registrar and your zone name different servers",
       .why = fmt::format("the registrar names {}, the zone {}", fmt::join(delegated, ", "), fmt::join(own, ", ")),
       .breaks = "after a move, part of the world still asks the old servers",
       .fix = "enter the same name servers at the registrar and as NS records"});
}

}  // namespace

void check_name_servers(DnsContext& context) {
  const Lookup ns = context.lookup(context.domain, RrType::Ns);
  const Lookup soa = context.lookup(context.domain, RrType::Soa);
  if (!soa.records.empty()) check_timers(context, *data_of<SoaData>(*soa.records.front()));
  std::vector<NameServerFacts>& servers = context.facts.name_servers;
  for (const Record* record : ns.records) {
    if (servers.size() >= kMaxNameServers) break;
    servers.push_back({data_of<NameData>(*record)->name, {}, {}, 0});
    judge_target(context, servers.back().name);
    if (!is_address_literal(servers.back().name)) ask_server(context, servers.back());
  }
  std::sort(servers.begin(), servers.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (servers.empty()) return;  // no zone of its own: a host below one
  check_count(context, servers);
  check_lame(context, servers);
  check_serials(context, servers);
  check_parent(context, servers);
}

}  // namespace tightship::net
