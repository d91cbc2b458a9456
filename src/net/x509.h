#pragma once

// Certificates: what they say, and whether a browser would believe a chain of them. OpenSSL does the parsing and
// the verification; key and signature are judged by the callers from the facts here, since OpenSSL calls a key of
// 1024 bits "ok" at the security level that a probe needs.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship::net {

enum class KeyKind : std::uint8_t { Other, Rsa, Ec, Ed, Dsa };

struct Certificate {
  std::string subject, issuer;                 // common name, else organisation; raw
  std::string issuer_organization;             // "Let's Encrypt"
  std::vector<std::string> names;              // DNS names of the subject alternative name; raw
  std::vector<std::string> addresses;          // IP addresses of it
  std::int64_t not_before = 0, not_after = 0;  // seconds since 1970 UTC
  KeyKind key_kind = KeyKind::Other;
  std::uint32_t key_bits = 0;
  std::string key;               // "RSA 2048", "EC prime256v1"
  std::string signature_digest;  // "SHA256"; empty for EdDSA
  bool self_signed = false, is_authority = false, must_staple = false;
  bool names_issuer_url = false;  // AIA caIssuers: where a missing intermediate can be had
  bool names_ocsp_url = false;
  std::string sha256;  // of the whole, hexadecimal
};

// Fails with Corrupt when `der` is no certificate.
Result<Certificate> read_certificate(Bytes der);

// What is wrong with a chain. All that apply, not only the first.
enum class ChainFault : std::uint8_t {
  Expired,
  NotYetValid,
  SelfSigned,  // the leaf signs itself
  Untrusted,   // a root that is not in the store ends the chain
  NoIssuer,    // the issuer of a certificate was neither sent nor is it in the store
  Invalid,     // purpose, path length, name constraints, a wrong signature: `text` says which
};
struct ChainError {
  ChainFault fault = ChainFault::Invalid;
  int depth = 0;        // 0: the leaf
  std::string subject;  // of the certificate at that depth
  std::string text;     // OpenSSL's words
};

enum class NameMatch : std::uint8_t { Yes, No, CommonNameOnly };  // the last: matches, but browsers do not look there
enum class Staple : std::uint8_t {
  None,
  Good,
  Revoked,
  Expired,   // of the past: the server has not fetched a new one
  Unusable,  // no answer, of another certificate, from the future, or not signed by the authority
};

struct ChainVerdict {
  std::vector<Certificate> built;  // leaf first, as far as it could be built
  std::vector<ChainError> errors;  // by depth
  bool order_wrong = false;        // what was sent is not leaf, its issuer, the issuer of that ...
  bool root_sent = false, duplicate_sent = false;
};

// What a server sent, leaf first, parsed once: OpenSSL takes a tenth of a millisecond for each certificate.
class SentChain {
 public:
  explicit SentChain(const std::vector<std::string>& ders);
  SentChain(SentChain&&) noexcept;
  ~SentChain();
  const std::vector<Certificate>& facts() const;  // of those that are certificates
  // Of the leaf. `host` may be an IP address.
  NameMatch match(const std::string& host) const;
  struct State;
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// The authorities to believe. Thread-safe once made.
class TrustStore {
 public:
  // An empty `ca_file`: the system's (SSL_CERT_FILE and SSL_CERT_DIR are honoured). All is judged at `now`, in seconds
  // since 1970. Fails with NotFound or Corrupt when the file holds no certificate, with Unsupported without OpenSSL 3.
  static Result<TrustStore> open(const std::string& ca_file, std::int64_t now);
  TrustStore(TrustStore&&) noexcept;
  ~TrustStore();

  ChainVerdict verify(const SentChain& sent) const;

  // Of an OCSP response that came with the handshake: whether it is of the leaf, holds now, and is signed by the
  // authority that issued the leaf, or for it (RFC 6960, 3.2).
  Staple judge_staple(const SentChain& sent, std::string_view response) const;

 private:
  struct State;
  explicit TrustStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tightship::net
