#include <fmt/format.h>
#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/rsa.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "net/dnssec.h"

namespace tightship::net {
namespace {

constexpr std::size_t kMaxExponentBytes = 8, kMinRsaBits = 512;

const std::uint8_t* raw(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

struct Number {
  Number() { mpz_init(value); }
  explicit Number(std::string_view bytes) { nettle_mpz_init_set_str_256_u(value, bytes.size(), raw(bytes)); }
  ~Number() { mpz_clear(value); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  mpz_t value;
};

struct RsaKey {
  RsaKey() { rsa_public_key_init(&key); }
  ~RsaKey() { rsa_public_key_clear(&key); }
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;
  rsa_public_key key;
};

struct CurvePoint {
  explicit CurvePoint(const ecc_curve* curve) { ecc_point_init(&point, curve); }
  ~CurvePoint() { ecc_point_clear(&point); }
  CurvePoint(const CurvePoint&) = delete;
  CurvePoint& operator=(const CurvePoint&) = delete;
  ecc_point point;
};

struct DsaSignature {
  DsaSignature() { dsa_signature_init(&value); }
  ~DsaSignature() { dsa_signature_clear(&value); }
  DsaSignature(const DsaSignature&) = delete;
  DsaSignature& operator=(const DsaSignature&) = delete;
  dsa_signature value;
};

struct Sha1 {
  using Context = sha1_ctx;
  static constexpr auto init = nettle_sha1_init;
  static constexpr auto update = nettle_sha1_update;
  static constexpr auto finish = nettle_sha1_digest;
  static constexpr std::size_t size = SHA1_DIGEST_SIZE;
};
struct Sha256 {
  using Context = sha256_ctx;
  static constexpr auto init = nettle_sha256_init;
  static constexpr auto update = nettle_sha256_update;
  static constexpr auto finish = nettle_sha256_digest;
  static constexpr std::size_t size = SHA256_DIGEST_SIZE;
};
struct Sha384 {
  using Context = sha512_ctx;
  static constexpr auto init = nettle_sha384_init;
  static constexpr auto update = nettle_sha512_update;
  static constexpr auto finish = nettle_sha384_digest;
  static constexpr std::size_t size = SHA384_DIGEST_SIZE;
};
struct Sha512 {
  using Context = sha512_ctx;
  static constexpr auto init = nettle_sha512_init;
  static constexpr auto update = nettle_sha512_update;
  static constexpr auto finish = nettle_sha512_digest;
  static constexpr std::size_t size = SHA512_DIGEST_SIZE;
};

template <class Hash>
std::string digest(std::string_view first, std::string_view second = {}) {
  typename Hash::Context context;
  std::string out(Hash::size, '\0');
  Hash::init(&context);
  Hash::update(&context, first.size(), raw(first));
  Hash::update(&context, second.size(), raw(second));
  Hash::finish(&context, out.size(), reinterpret_cast<std::uint8_t*>(out.data()));
  return out;
}

// RFC 3110: length of the exponent in one byte, or in two behind a zero; exponent; modulus.
bool split_rsa(std::string_view key, std::string_view& exponent, std::string_view& modulus) {
  if (key.empty()) return false;
  std::size_t length = static_cast<std::uint8_t>(key[0]), at = 1;
  if (length == 0) {
    if (key.size() < 3) return false;
    length = static_cast<std::size_t>(static_cast<std::uint8_t>(key[1])) << 8 | static_cast<std::uint8_t>(key[2]);
    at = 3;
  }
  if (length == 0 || length > key.size() - at) return false;
  exponent = key.substr(at, length);
  modulus = key.substr(at + length);
  return true;
}

bool rsa_matches(std::uint8_t algorithm, const rsa_public_key& key, std::string_view message, const mpz_t signature) {
  if (algorithm == 8) return rsa_sha256_verify_digest(&key, raw(digest<Sha256>(message)), signature) == 1;
  if (algorithm == 10) return rsa_sha512_verify_digest(&key, raw(digest<Sha512>(message)), signature) == 1;
  return rsa_sha1_verify_digest(&key, raw(digest<Sha1>(message)), signature) == 1;
}

Signature verify_rsa(std::uint8_t algorithm, std::string_view key, std::string_view message,
                     std::string_view signature) {
  std::string_view exponent, modulus;
  if (!split_rsa(key, exponent, modulus)) return Signature::Wrong;
  if (exponent.size() > kMaxExponentBytes || modulus.size() > kMaxRsaBits / 8) return Signature::Unsupported;
  if (signature.size() > modulus.size()) return Signature::Wrong;
  RsaKey rsa;
  nettle_mpz_set_str_256_u(rsa.key.e, exponent.size(), raw(exponent));
  nettle_mpz_set_str_256_u(rsa.key.n, modulus.size(), raw(modulus));
  const bool sound = mpz_odd_p(rsa.key.n) != 0 && mpz_sizeinbase(rsa.key.n, 2) >= kMinRsaBits;
  if (!sound || rsa_public_key_prepare(&rsa.key) != 1) return Signature::Wrong;
  const Number number(signature);
  return rsa_matches(algorithm, rsa.key, message, number.value) ? Signature::Good : Signature::Wrong;
}

// RFC 6605: both coordinates, and r and s, each of the size of the curve.
Signature verify_ecdsa(const ecc_curve* curve, std::size_t size, const std::string& hash, std::string_view key,
                       std::string_view signature) {
  if (key.size() != 2 * size || signature.size() != 2 * size) return Signature::Wrong;
  const Number x(key.substr(0, size)), y(key.substr(size));
  CurvePoint at(curve);
  if (ecc_point_set(&at.point, x.value, y.value) != 1) return Signature::Wrong;
  DsaSignature pair;
  nettle_mpz_set_str_256_u(pair.value.r, size, raw(signature));
  nettle_mpz_set_str_256_u(pair.value.s, size, raw(signature.substr(size)));
  return ecdsa_verify(&at.point, hash.size(), raw(hash), &pair.value) == 1 ? Signature::Good : Signature::Wrong;
}

// RFC 8080.
template <class Verify>
Signature verify_edwards(Verify verify, std::size_t key_size, std::size_t signature_size, std::string_view key,
                         std::string_view message, std::string_view signature) {
  if (key.size() != key_size || signature.size() != signature_size) return Signature::Wrong;
  return verify(raw(key), message.size(), raw(message), raw(signature)) == 1 ? Signature::Good : Signature::Wrong;
}

}  // namespace

std::string dnssec_algorithm_name(std::uint8_t algorithm) {
  switch (algorithm) {
    case 1: return "RSA/MD5";
    case 3:
    case 6: return "DSA/SHA-1";
    case 5:
    case 7: return "RSA/SHA-1";
    case 8: return "RSA/SHA-256";
    case 10: return "RSA/SHA-512";
    case 12: return "GOST R 34.10-2001";
    case 13: return "ECDSA P-256";
    case 14: return "ECDSA P-384";
    case 15: return "Ed25519";
    case 16: return "Ed448";
    default: return fmt::format("algorithm {}", algorithm);
  }
}

bool can_verify(std::uint8_t algorithm) {
  return algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10 || (algorithm >= 13 && algorithm <= 16);
}

Signature verify_signature(std::uint8_t algorithm, std::string_view key, std::string_view message,
                           std::string_view signature) {
  switch (algorithm) {
    case 5:
    case 7:
    case 8:
    case 10: return verify_rsa(algorithm, key, message, signature);
    case 13: return verify_ecdsa(nettle_get_secp_256r1(), 32, digest<Sha256>(message), key, signature);
    case 14: return verify_ecdsa(nettle_get_secp_384r1(), 48, digest<Sha384>(message), key, signature);
    case 15:
      return verify_edwards(nettle_ed25519_sha512_verify, ED25519_KEY_SIZE, ED25519_SIGNATURE_SIZE, key, message,
                            signature);
    case 16:
      return verify_edwards(nettle_ed448_shake256_verify, ED448_KEY_SIZE, ED448_SIGNATURE_SIZE, key, message,
                            signature);
    default: return Signature::Unsupported;
  }
}

std::optional<std::string> ds_digest(std::string_view owner, const DnskeyData& key, std::uint8_t type) {
  const auto name = encode_name(owner);
  if (!name) return std::nullopt;
  const std::string_view bytes(reinterpret_cast<const char*>(name->data()), name->size());
  switch (type) {
    case 1: return digest<Sha1>(bytes, key.rdata);
    case 2: return digest<Sha256>(bytes, key.rdata);
    case 4: return digest<Sha384>(bytes, key.rdata);
    default: return std::nullopt;
  }
}

}  // namespace tightship::net
