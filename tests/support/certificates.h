#pragma once

// Certificates made when a test runs; none stands in the tree.

#include <cstdint>
#include <string>
#include <vector>

namespace tightship::testing {

inline constexpr std::int64_t kDay = 86'400;
inline constexpr std::int64_t kNow = 1'800'000'000;  // 2027-01-15: what tests take for now

struct Identity {
  std::string certificate_pem, key_pem;
};

struct CertificateSpec {
  std::string subject = "a.test";
  std::vector<std::string> names = {"DNS:a.test"};  // subject alternative names; empty: no extension
  std::int64_t not_before = kNow - 30 * kDay, not_after = kNow + 60 * kDay;
  std::string key = "P-256";  // an EC group, or "RSA:1024"
  std::string digest = "SHA256";
  bool authority = false;
  // Further extensions, as openssl.cnf writes them: {"tlsfeature", "status_request"}.
  std::vector<std::pair<std::string, std::string>> extensions;
};

// Signed by `issuer`, or by itself when that is null. Aborts the test when OpenSSL cannot do it.
Identity make_certificate(const CertificateSpec& spec, const Identity* issuer = nullptr);

Identity make_authority(const std::string& name, const Identity* issuer = nullptr);

struct StapleSpec {
  bool revoked = false;
  std::int64_t from = kNow - kDay, until = kNow + 6 * kDay;
};

// The OCSP response, DER, that `issuer` gives for `leaf`, signed by `signer`.
std::string make_staple(const StapleSpec& spec, const Identity& leaf, const Identity& issuer, const Identity& signer);

}  // namespace tightship::testing
