#pragma once

// `tightship dns`: whether a domain resolves, who may send mail in its name, and what would break it. What each id
// means: docs/checks/dns.md. Standards: RFC 1035 to 2308 and 9499 (zones), 4034 and 9276 (DNSSEC), 8659 (CAA), 7208
// (SPF), 6376, 8301 and 8463 (DKIM), 9989 to 9991 (DMARC, replacing 7489), 8461 and 8460 (MTA-STS, TLS-RPT).
//
// What could not be asked is a loss, never a problem: a silent network does not make a domain broken.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/dkim.h"
#include "net/dmarc.h"
#include "net/dns_expect.h"
#include "net/dns_transport.h"
#include "net/site_config.h"
#include "net/spf.h"
#include "readiness/problem.h"

namespace tightship::net {

// Something in a text that a rule of the core finds: what it is, never the value. `value_id` as in Problem.
struct TextSecret {
  std::string title, value_id;
  detect::Severity severity = detect::Severity::Error;
};

struct FetchedText {
  bool reached = false;  // an answer with status and body came, over a verified connection
  bool cut = false;      // the body is longer than a policy may be
  int status = 0;
  std::string body, media_type;  // "text/plain", lower case, without parameters
  std::string problem;           // what went wrong when not reached
};

struct DnsOptions {
  std::string domain;  // "example.com", in any spelling
  SiteConfig site;
  TransportOptions transport;
  bool authoritative = false;  // ask the domain's own servers, not a resolver's memory
  bool mail_only = false;
  std::uint16_t server_port = 53;  // of name servers that are asked directly
  std::int64_t now = 0;            // seconds since 1970 UTC
  std::optional<ExpectedZone> expect;
  // Both may be empty: then that part is not checked, and said so.
  std::function<std::vector<TextSecret>(std::string_view text)> find_secrets;
  std::function<FetchedText(const std::string& url)> fetch;  // GET, no redirects followed (RFC 8461, 3.3)
};

struct HostFacts {
  std::string name;
  bool listed = false;             // root, www or in tightship.toml; else a guess that exists
  std::vector<std::string> chain;  // CNAME targets, in order
  std::vector<Address> v4, v6;
  std::string edge;       // "Cloudflare"; empty when unknown
  std::string fault;      // could not be asked: "timed out", "SERVFAIL"
  bool nxdomain = false;  // of the last name of the chain
  bool loop = false;
  std::uint32_t ttl = 0;
  // What holds for its certificate (RFC 8659, 3), of listed hosts: its own records, those of the name that it is an
  // alias of, or those of the nearest name above. Nothing when that could not be asked.
  std::optional<std::vector<CaaData>> caa;
  std::string caa_at;  // where they stand
  bool resolves() const { return !v4.empty() || !v6.empty(); }
};

struct NameServerFacts {
  std::string name;
  std::vector<Address> addresses;
  std::string state;  // "ok", "timed out", "REFUSED", "not authoritative"; empty: not asked
  std::uint32_t serial = 0;
};

enum class DnssecState : std::uint8_t { Unknown, Unsigned, Signed, Broken, KeysOnly };

struct DomainFacts {
  std::string domain;
  bool wildcard = false;
  std::vector<HostFacts> hosts;
  std::vector<NameServerFacts> name_servers;
  std::vector<MxData> mx;
  bool null_mx = false;
  std::vector<CaaData> caa;                // that holds for the domain
  std::string caa_at;                      // where it stands
  std::vector<std::string> verifications;  // services that TXT records prove the domain to
  DnssecState dnssec = DnssecState::Unknown;
  SpfNode spf;
  DkimFacts dkim;
  DmarcDiscovery dmarc;
  std::string mta_sts_mode;             // "enforce"; empty: none or unknown
  std::vector<ExpectedRecord> records;  // for --snapshot
  bool records_complete = true;         // each of them could be asked
};

struct DnsResult {
  readiness::Report report;
  DomainFacts facts;
};

// Fails with Usage when `domain` is no domain name or a resolver no address; with Io when nothing can be asked at all.
Result<DnsResult> examine_dns(const DnsOptions& options);
Result<readiness::Report> check_dns(const DnsOptions& options);

// Whether CAA records let the authority issue: by the organization that an issuer's name gives ("Let's Encrypt",
// "DigiCert Inc"). Nothing when that organization's CAA name is not known.
std::optional<bool> caa_permits(const std::vector<CaaData>& caa, std::string_view issuer_organization, bool wildcard);

// The driver without a network: runs the checks over what `exchange` puts into the store. For tests.
using Exchange = std::function<Result<void>(const std::vector<Ask>&, RecordStore&)>;
Result<DnsResult> examine_dns(const DnsOptions& options, const Exchange& exchange);

}  // namespace tightship::net
