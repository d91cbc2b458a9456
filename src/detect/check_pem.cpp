#include <fmt/format.h>
#include <nettle/eddsa.h>

#include <array>
#include <optional>

#include "detect/armor.h"
#include "detect/asn1.h"
#include "detect/checks.h"
#include "detect/codec.h"
#include "detect/ssh_wire.h"

// Private keys in PEM: RFC 8017 (PKCS#1), RFC 5915 (EC), RFC 5958 (PKCS#8), OpenSSH's PROTOCOL.key, SSH
// Communications' format. Only lengths and names are read; no number is looked at but for its width.

namespace tightship::detect {
namespace {

struct Named {
  std::string_view oid;  // content bytes
  std::string_view name;
};
using namespace std::string_view_literals;
constexpr std::array kAlgorithmNames = {Named{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv, "RSA"},
                                        Named{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv, "RSA"},
                                        Named{"\x2a\x86\x48\xce\x3d\x02\x01"sv, "EC"},
                                        Named{"\x2a\x86\x48\xce\x38\x04\x01"sv, "DSA"},
                                        Named{"\x2b\x65\x6e"sv, "X25519"},
                                        Named{"\x2b\x65\x70"sv, "Ed25519"},
                                        Named{"\x2b\x65\x71"sv, "Ed448"},
                                        Named{"\x2b\x65\x6f"sv, "X448"},
                                        Named{"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01"sv, "Diffie-Hellman"}};
constexpr std::array kCurveNames = {Named{"\x2a\x86\x48\xce\x3d\x03\x01\x07"sv, "P-256"},
                                    Named{"\x2b\x81\x04\x00\x22"sv, "P-384"}, Named{"\x2b\x81\x04\x00\x23"sv, "P-521"},
                                    Named{"\x2b\x81\x04\x00\x0a"sv, "secp256k1"}};

template <std::size_t N>
std::string_view name_of(const std::array<Named, N>& names, std::string_view oid) {
  for (const Named& named : names) {
    if (named.oid == oid) return named.name;
  }
  return {};
}

// The content of the one SEQUENCE that fills `bytes`.
std::optional<std::string_view> only_sequence(std::string_view bytes) {
  const auto content = read_der(bytes, kDerSequence);
  return content && bytes.empty() ? content : std::nullopt;
}

// What a key says of itself: "RSA 2048 bits", and its public half as SSH writes it, when that can be told.
struct Description {
  std::string text, public_key;
};
using Described = std::optional<Description>;

// RSA and DSA keys in their own formats: version, then the modulus (or prime), then the public exponent.
// A number's content in DER is what SSH writes too.
Described describe_integers(std::string_view algorithm, std::string_view bytes, std::size_t least) {
  auto rest = only_sequence(bytes);
  if (!rest) return std::nullopt;
  std::array<std::string_view, 3> first;
  std::size_t count = 0;
  while (const auto number = read_der(*rest, kDerInteger)) {
    if (count < first.size()) first[count] = *number;
    ++count;
    if (rest->empty()) break;
  }
  const std::size_t bits = der_integer_bits(first[1]);
  if (count < least || bits < 256) return std::nullopt;
  Description key{fmt::format("{} {} bits", algorithm, bits), {}};
  if (algorithm == "RSA") key.public_key = ssh_string("ssh-rsa") + ssh_string(first[2]) + ssh_string(first[1]);
  return key;
}

std::string ssh_ec_key(std::string_view curve, std::string_view point) {
  const std::string_view name = curve == "P-256"   ? "nistp256"
                                : curve == "P-384" ? "nistp384"
                                : curve == "P-521" ? "nistp521"
                                                   : "";
  if (name.empty() || point.empty()) return {};
  return ssh_string(fmt::format("ecdsa-sha2-{}", name)) + ssh_string(name) + ssh_string(point);
}

// RFC 5915: version, scalar, [0] curve, [1] point. `curve` is what stands around the key, or empty.
Described describe_ec(std::string_view bytes, std::string_view curve) {
  auto rest = only_sequence(bytes);
  if (!rest || !read_der(*rest, kDerInteger)) return std::nullopt;
  const auto scalar = read_der(*rest, kDerOctets);
  if (!scalar || scalar->size() < 16) return std::nullopt;
  std::string_view point;
  while (!rest->empty()) {
    auto element = read_der(*rest);
    if (!element) break;
    if (element->tag == 0xa0) {
      const auto oid = read_der(element->content, kDerOid);
      if (oid) curve = name_of(kCurveNames, *oid);
    } else if (element->tag == 0xa1) {
      const auto bits = read_der(element->content, kDerBitString);
      if (bits && !bits->empty()) point = bits->substr(1);
    }
  }
  Description key{curve.empty() ? fmt::format("EC {} bits", scalar->size() * 8) : fmt::format("EC {}", curve), {}};
  key.public_key = ssh_ec_key(curve, point);
  return key;
}

std::string ssh_ed25519_key(std::string_view octets) {
  const auto seed = read_der(octets, kDerOctets);
  if (!seed || seed->size() != ED25519_KEY_SIZE) return {};
  std::string point(ED25519_KEY_SIZE, '\0');
  ed25519_sha512_public_key(reinterpret_cast<std::uint8_t*>(point.data()),
                            reinterpret_cast<const std::uint8_t*>(seed->data()));
  return ssh_string("ssh-ed25519") + ssh_string(point);
}

Described describe_pkcs8(std::string_view bytes) {
  auto rest = only_sequence(bytes);
  if (!rest || !read_der(*rest, kDerInteger)) return std::nullopt;
  auto identifier = read_der(*rest, kDerSequence);
  const auto key = read_der(*rest, kDerOctets);
  if (!identifier || !key || key->empty()) return std::nullopt;
  const auto oid = read_der(*identifier, kDerOid);
  if (!oid) return std::nullopt;
  const std::string_view name = name_of(kAlgorithmNames, *oid);
  if (name == "RSA") return describe_integers("RSA", *key, 9);
  if (name == "EC") {
    const auto curve = identifier->empty() ? std::nullopt : read_der(*identifier, kDerOid);
    auto described = describe_ec(*key, curve ? name_of(kCurveNames, *curve) : std::string_view());
    if (described && (!curve || name_of(kCurveNames, *curve).empty())) described->text = "EC";
    return described;
  }
  Description described{std::string(name.empty() ? "PKCS#8" : name), {}};
  if (name == "Ed25519") described.public_key = ssh_ed25519_key(*key);
  return described;
}

bool is_pkcs8_encrypted(std::string_view bytes) {
  auto rest = only_sequence(bytes);
  auto scheme = rest ? read_der(*rest, kDerSequence) : std::nullopt;
  return scheme && read_der(*scheme, kDerOid) && read_der(*rest, kDerOctets) && rest->empty();
}

CheckResult encrypted_key(std::string_view how) {
  CheckResult result =
      certain(fmt::format("private key, encrypted with a passphrase{}{}", how.empty() ? "" : ", ", how));
  result.severity = Severity::Warning;
  result.facts.push_back({"encrypted", "yes"});
  return result;
}

// As `ssh-keygen -l` prints it: what its owner can look for on servers and hosts.
std::string ssh_fingerprint(std::string_view public_key) {
  return "SHA256:" + encode_base64(sha256(public_key), Base64::Standard, false);
}

CheckResult open_key(const Described& described) {
  if (!described) return rejected();
  CheckResult result = certain(fmt::format("not encrypted, {}", described->text));
  result.facts.push_back({"encrypted", "no"});
  result.facts.push_back({"type", described->text});
  if (!described->public_key.empty()) result.facts.push_back({"fingerprint", ssh_fingerprint(described->public_key)});
  return result;
}

// openssh-key-v1\0, cipher, kdf, kdf options, number of keys, public key, private part.
CheckResult check_openssh(std::string_view bytes) {
  constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  if (!bytes.starts_with(kMagic)) return rejected();
  bytes.remove_prefix(kMagic.size());
  const auto cipher = read_ssh_string(bytes);
  const auto kdf = read_ssh_string(bytes);
  const auto options = read_ssh_string(bytes);
  if (!cipher || !kdf || !options || bytes.size() < 4) return rejected();
  bytes.remove_prefix(4);
  const auto public_key = read_ssh_string(bytes);
  const auto private_part = read_ssh_string(bytes);
  if (!public_key || !private_part || private_part->empty()) return rejected();
  std::string_view rest = *public_key;
  const auto type = read_ssh_string(rest);
  if (!type) return rejected();
  if (*cipher == "none") return open_key(Description{fact_text(*type), std::string(*public_key)});
  CheckResult result = encrypted_key(fact_text(*cipher));
  result.facts.push_back({"fingerprint", ssh_fingerprint(*public_key)});
  return result;
}

// SSH Communications' format: magic, length, type, cipher.
CheckResult check_ssh2(std::string_view bytes) {
  if (bytes.size() < 8 || read_big_endian32(bytes) != 0x3f6ff9eb ||
      read_big_endian32(bytes.substr(4)) != bytes.size()) {
    return rejected();
  }
  bytes.remove_prefix(8);
  const auto type = read_ssh_string(bytes);
  const auto cipher = read_ssh_string(bytes);
  if (!type || !cipher) return rejected();
  return *cipher == "none" ? open_key(Description{fact_text(*type), {}}) : encrypted_key(fact_text(*cipher));
}

// sigstore's cosign: base64 of {"kdf": ..., "cipher": ..., "ciphertext": ...}.
CheckResult check_cosign(std::string_view bytes) {
  return bytes.starts_with("{") && bytes.find("\"ciphertext\"") != std::string_view::npos ? encrypted_key("cosign")
                                                                                          : rejected();
}

}  // namespace

CheckResult check_pem(std::string_view secret, std::string_view) {
  const auto armor = read_armor(secret);
  if (!armor) return rejected();
  const std::string_view body = armor->body, label = armor->label;
  if (label == "OPENSSH PRIVATE KEY") return check_openssh(body);
  if (label == "SSH2 ENCRYPTED PRIVATE KEY") return check_ssh2(body);
  if (label == "ENCRYPTED COSIGN PRIVATE KEY" || label == "ENCRYPTED SIGSTORE PRIVATE KEY") return check_cosign(body);
  if (label == "ENCRYPTED PRIVATE KEY") return is_pkcs8_encrypted(body) ? encrypted_key("PKCS#8") : rejected();
  // RFC 1421's encryption; every cipher in use has blocks of 8 or 16 bytes.
  if (armor->headers.find("ENCRYPTED") != std::string::npos)
    return body.size() % 8 == 0 ? encrypted_key("") : rejected();
  if (label == "RSA PRIVATE KEY") return open_key(describe_integers("RSA", body, 9));
  if (label == "DSA PRIVATE KEY") return open_key(describe_integers("DSA", body, 6));
  if (label == "EC PRIVATE KEY") return open_key(describe_ec(body, {}));
  return open_key(describe_pkcs8(body));
}

CheckResult check_google_service_account(std::string_view secret, std::string_view match) {
  CheckResult result = check_pem(secret, match);
  if (result.verdict == Verdict::Certain) result.why = "service-account file with its private key, " + result.why;
  return result;
}

}  // namespace tightship::detect
