#pragma once

// What every check of dns_check.h gets, and how it says what it found. Internal to the module.

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/dns_check.h"

namespace tightship::net {

using detect::RiskClass;
using detect::Severity;

inline constexpr RiskClass kLaunch = RiskClass::LaunchBlocker, kConversion = RiskClass::ConversionBlocker,
                           kScale = RiskClass::ScaleRisk;

// A problem in the making. `where` is the name that was asked for; it is the subject, too, unless one is given.
struct Row {
  std::string_view id = {};
  Severity severity = Severity::Warning;
  RiskClass risk_class = RiskClass::ScaleRisk;
  std::string where = {}, title = {}, why = {}, breaks = {}, fix = {};
  std::vector<std::string> commands = {};
  std::uint32_t minutes = 5;
  bool urgent = false;
  std::string subject = {}, value_id = {};
};

struct DnsContext {
  const DnsOptions& options;
  RecordStore& store;
  std::string domain, probe;  // probe: a label that nobody has made
  const std::map<std::string, FetchedText>& fetched;
  readiness::Report& report;
  DomainFacts& facts;
  std::vector<std::string>& urls;  // to be fetched, then the checks run again

  Lookup lookup(std::string_view name, RrType type) { return store.lookup(name, type); }
  void problem(Row row);
  void pass(std::string_view id, std::string text) { report.passed.push_back({std::string(id), std::move(text)}); }
  void unchecked(std::string text) { report.not_checked.push_back(std::move(text)); }
};

// "example.com. TXT \"v=spf1 -all\"": a line for a zone, or for a form with its parts.
std::string zone_line(std::string_view name, std::string_view type, std::string_view value);
std::string counted(std::size_t count, std::string_view noun);                   // "2 records"
std::string server_endpoint(const DnsContext& context, const Address& address);  // of a name server: "192.0.2.1:53"

void check_hosts(DnsContext& context);
void check_records(DnsContext& context);  // CNAMEs beside other data, TTLs
void check_name_servers(DnsContext& context);
void check_dnssec(DnsContext& context);
void check_caa(DnsContext& context);
void check_mx(DnsContext& context);
void check_spf(DnsContext& context);  // evaluates; judge_spf speaks, once MX and SPF are known
void judge_spf(DnsContext& context);
void check_dkim(DnsContext& context);
void check_dmarc(DnsContext& context);
void check_mail_transport(DnsContext& context);  // MTA-STS, TLS-RPT
void check_bimi(DnsContext& context);
void check_txt(DnsContext& context);
void check_drift(DnsContext& context);
void gather_records(DnsContext& context);  // for --snapshot and DRIFT

// Whether the domain is a zone of its own, and no host below one.
bool is_apex(DnsContext& context);

// Whether the domain sends or receives mail: by its MX, its SPF or tightship.toml. After check_mx and check_spf.
bool uses_mail(const DnsContext& context);

}  // namespace tightship::net
