#pragma once

// `tightship tls`: what visitors' browsers meet when they open a host. Opens connections to the hosts that were
// named (and their www or root counterparts), shakes hands and closes; no application data is sent.
//
// For every host: addresses of both families, the chain as sent and as built, names, expiry, key and signature,
// the protocol versions and ciphers it accepts, ALPN, stapling, and what it shows a client that names no host.
// All hosts at once; a host takes at most the lookup (kLookupLimit) and three times ProbeLimits::total.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/host_target.h"
#include "net/tls_probe.h"
#include "net/x509.h"
#include "readiness/problem.h"

namespace tightship::net {

inline constexpr std::chrono::milliseconds kLookupLimit{5'000};
inline constexpr std::size_t kMaxTlsHosts = 500;

struct TlsRequest {
  std::vector<std::string> hosts;    // "example.com", "mail.example.com:587"
  std::vector<std::string> resolve;  // --resolve rules
  std::string ca_file;
  std::string starttls;  // "", "smtp" or "none"; "": smtp on ports 25 and 587
  std::int64_t now = 0;  // seconds since 1970
  ProbeLimits limits;
  bool counterparts = true;  // also www.HOST of a site's root, and HOST of www.HOST, where they have an address
};

// Of one address of a host.
struct TlsEndpoint {
  std::string address;
  bool ipv6 = false;
  TlsProbe probe;                 // the full handshake
  std::vector<Certificate> sent;  // leaf first
  ChainVerdict chain;
  NameMatch name = NameMatch::No;
  Staple staple = Staple::None;
  bool ok() const { return probe.ok() && !sent.empty(); }
};

enum class Accepts : std::uint8_t { Unknown, No, Yes };
inline constexpr std::size_t kProtocols = 5;
inline constexpr std::string_view kProtocolNames[kProtocols] = {"SSLv3", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};

struct TlsHost {
  HostPort target;
  StartTls starttls = StartTls::No;
  bool counterpart = false;  // not asked for; dropped when it has no address
  LookupStatus lookup = LookupStatus::Found;
  std::vector<TlsEndpoint> endpoints;  // the first IPv4 and the first IPv6 address
  Accepts protocols[kProtocols] = {};
  std::vector<WeakCipher> weak;
  std::string weak_unknown;                 // why ciphers could not be asked for; empty when they could
  bool forward_secrecy = true;              // with TLS 1.2 and older
  std::string old_cipher;                   // that TLS 1.2 took, when it has none
  std::optional<Certificate> without_name;  // shown to a client that names no host, when it is another one
  const TlsEndpoint* first_ok() const;
};

struct TlsResult {
  readiness::Report report;
  std::vector<TlsHost> hosts;  // in the order of the request, counterparts behind their hosts
};

// Fails with Usage (a host or rule that is none), NotFound or Corrupt (the CA file), Unsupported (no OpenSSL 3).
Result<TlsResult> check_tls(const TlsRequest& request);

// Whole days until the certificate ends, rounded down; negative when it has.
std::int64_t days_left(const Certificate& certificate, std::int64_t now);

// When a certificate that ends at not_after is too near its end, by its own lifetime: under a third of it or 21
// days, whichever is less, is a warning; under 7 days an error, of certificates of up to 47 days under a tenth.
enum class Expiry : std::uint8_t { Fine, RenewalLate, Soon, VerySoon, Over };
Expiry judge_expiry(const Certificate& certificate, std::int64_t now);

}  // namespace tightship::net
