#pragma once

// TLS connections, many at a time: each is opened, shaken hands with and closed. No application data is sent.
// One thread runs a group of them over non-blocking sockets and poll; several threads may run groups of their own.
//
// Bounded whatever the servers do: connecting takes at most ProbeLimits::connect, a probe ProbeLimits::total, and
// reads at most kMaxProbeBytes. Nothing fails as a call: what happened is in the probe.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/tls_hello.h"

namespace tightship::net {

inline constexpr std::size_t kMaxProbeBytes = 1024 * 1024;
inline constexpr std::size_t kMaxAtOnce = 256;  // connections of one group
inline constexpr std::size_t kMaxAtOncePerHost = 8;

struct ProbeLimits {
  std::chrono::milliseconds connect{5'000}, total{10'000};
};

enum class StartTls : std::uint8_t { No, Smtp };
enum class TlsVersion : std::uint8_t { Any, Tls10, Tls11, Tls12, Tls13 };

enum class ProbeOutcome : std::uint8_t {
  Pending,
  Done,         // a handshake; of a hand-made hello: a ServerHello
  Refused,      // nothing listens there
  Unreachable,  // no route; no IPv6 here
  NoAnswer,     // no connection within the limit
  NoStartTls,   // the mail server refused or does not offer it
  Alert,        // the server ended the handshake with an alert
  Closed,       // it closed the connection instead
  NotTls,       // what came is no TLS
  Slow,         // no handshake within the limit
  Failed,       // anything else; failure says what
};

struct TlsProbe {
  // What to do.
  std::size_t host = 0;  // of the caller; bounds the connections a host gets at a time
  std::string address;   // numeric, IPv4 or IPv6
  std::uint16_t port = 443;
  std::string server_name;  // sent as SNI; empty or an IP address: none
  StartTls starttls = StartTls::No;
  TlsVersion version = TlsVersion::Any;
  std::optional<ClientHello> hello;  // instead of OpenSSL's handshake
  // What happened.
  ProbeOutcome outcome = ProbeOutcome::Pending;
  std::string failure;                 // in words; raw when it quotes the server
  std::string protocol, cipher, alpn;  // "TLSv1.3", "TLS_AES_256_GCM_SHA384", "h2"
  bool forward_secrecy = false;
  std::vector<std::string> chain;  // as sent, DER, leaf first
  std::string staple;              // the OCSP response, DER; empty without one
  HelloAnswer answer;              // to `hello`
  double seconds = 0;
  bool ok() const { return outcome == ProbeOutcome::Done; }
};

// What all probes share. Thread-safe once made.
class ProbeContext {
 public:
  // Fails with Unsupported without OpenSSL 3.
  static Result<ProbeContext> make();
  ProbeContext(ProbeContext&&) noexcept;
  ~ProbeContext();
  struct State;
  const State& state() const { return *state_; }

 private:
  explicit ProbeContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

void run_probes(const ProbeContext& context, const ProbeLimits& limits, std::vector<TlsProbe>& probes);

}  // namespace tightship::net
