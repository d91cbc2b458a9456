#include "net/dns_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/dns_context.h"

namespace tightship::net {
namespace {

using readiness::FactTable;

std::string leads_to(const HostFacts& host) {
  std::vector<std::string> parts;
  for (const std::string& target : host.chain) parts.push_back(target);
  std::vector<std::string> addresses;
  for (const Address& address : host.v4) addresses.push_back(address.text);
  for (const Address& address : host.v6) addresses.push_back(address.text);
  std::sort(addresses.begin(), addresses.end());
  if (!addresses.empty()) parts.push_back(fmt::format("{}", fmt::join(addresses, " ")));
  if (host.loop)
    parts.push_back("(loop)");
  else if (!host.fault.empty())
    parts.push_back(fmt::format("({})", host.fault));
  else if (addresses.empty())
    parts.push_back(host.nxdomain ? "(does not exist)" : "(no address)");
  return fmt::format("{}", fmt::join(parts, " -> "));
}

FactTable hosts_table(const DomainFacts& facts) {
  FactTable table{"hosts", {"host", "leads to", "behind", "ttl"}, {}};
  for (const HostFacts& host : facts.hosts) {
    table.rows.push_back({host.name, leads_to(host), host.edge, host.resolves() ? std::to_string(host.ttl) : ""});
  }
  return table;
}

FactTable servers_table(const DomainFacts& facts) {
  FactTable table{"name servers", {"name server", "address", "state", "serial"}, {}};
  for (const NameServerFacts& server : facts.name_servers) {
    table.rows.push_back({server.name, server.addresses.empty() ? "" : server.addresses.front().text, server.state,
                          server.state == "ok" ? std::to_string(server.serial) : ""});
  }
  return table;
}

std::string_view dnssec_words(DnssecState state) {
  switch (state) {
    case DnssecState::Unsigned: return "not signed";
    case DnssecState::Signed: return "signed";
    case DnssecState::Broken: return "broken";
    case DnssecState::KeysOnly: return "keys without a DS record";
    case DnssecState::Unknown: break;
  }
  return "unknown";
}

std::string mx_text(const DomainFacts& facts) {
  if (facts.null_mx) return "receives no mail (null MX)";
  std::vector<std::string> hosts;
  for (const MxData& mx : facts.mx) hosts.push_back(fmt::format("{} {}", mx.preference, mx.host));
  return hosts.empty() ? "none" : fmt::format("{}", fmt::join(hosts, ", "));
}

std::string spf_text(const SpfNode& spf) {
  switch (spf.state) {
    case SpfState::None: return "none";
    case SpfState::Several: return "several records";
    case SpfState::Unknown: return "unknown: " + spf.fault;
    default: break;
  }
  return fmt::format("{} of {} lookups, {} void: {}", spf.lookups, kSpfLookupLimit, spf.voids, spf.text);
}

std::string dkim_text(const DkimFacts& dkim) {
  std::vector<std::string> keys;
  for (const DkimSelector& found : dkim.selectors) {
    keys.push_back(fmt::format("{} ({} {})", found.selector, found.key.type, found.key.bits));
  }
  if (!keys.empty()) return fmt::format("{}", fmt::join(keys, ", "));
  switch (dkim.presence) {
    case DkimPresence::None: return "none";
    case DkimPresence::Some: return "a key under an unknown name";
    case DkimPresence::Inconclusive: return "cannot be told";
    case DkimPresence::Unknown: break;
  }
  return "unknown: " + dkim.fault;
}

std::string dmarc_text(const DmarcDiscovery& dmarc) {
  switch (dmarc.state) {
    case DmarcState::None: return "none";
    case DmarcState::Several: return "several records";
    case DmarcState::Unknown: return "unknown: " + dmarc.fault;
    case DmarcState::Found: break;
  }
  return fmt::format("{}, by the record of {}: {}", policy_name(dmarc.effective()), dmarc.location, dmarc.record.text);
}

FactTable mail_table(const DomainFacts& facts) {
  FactTable table{"mail", {"what", "found"}, {}};
  table.rows.push_back({"MX", mx_text(facts)});
  table.rows.push_back({"SPF", spf_text(facts.spf)});
  table.rows.push_back({"DKIM", dkim_text(facts.dkim)});
  table.rows.push_back({"DMARC", dmarc_text(facts.dmarc)});
  if (!facts.mta_sts_mode.empty()) table.rows.push_back({"MTA-STS", facts.mta_sts_mode});
  return table;
}

FactTable zone_table(const DomainFacts& facts) {
  FactTable table{"zone", {"what", "found"}, {}};
  table.rows.push_back({"DNSSEC", std::string(dnssec_words(facts.dnssec))});
  std::vector<std::string> caa;
  for (const CaaData& record : facts.caa) caa.push_back(fmt::format("{} {}", record.tag, record.value));
  table.rows.push_back({"CAA", caa.empty() ? "none" : fmt::format("{} (at {})", fmt::join(caa, ", "), facts.caa_at)});
  if (!facts.verifications.empty()) {
    table.rows.push_back({"proved to", fmt::format("{}", fmt::join(facts.verifications, ", "))});
  }
  return table;
}

}  // namespace

std::vector<FactTable> dns_tables(const DomainFacts& facts, bool mail_only) {
  std::vector<FactTable> tables;
  if (!mail_only) {
    tables.push_back(hosts_table(facts));
    if (!facts.name_servers.empty()) tables.push_back(servers_table(facts));
    tables.push_back(zone_table(facts));
  }
  tables.push_back(mail_table(facts));
  return tables;
}

}  // namespace tightship::net
