#include <fmt/format.h>

#include <array>
#include <optional>

#include "detect/asn1.h"
#include "detect/checks.h"

// Keys in binary files (DER, PKCS#12, Java key stores). A match holds the first bytes of a structure; the
// lengths that it names must fit into each other, whatever lies behind.

namespace tightship::detect {
namespace {

using namespace std::string_view_literals;

struct Header {
  std::uint8_t tag = 0;
  std::size_t length = 0;
};

// Tag and length at the start of `rest`, which is moved behind them; the content may lie beyond.
std::optional<Header> take_header(std::string_view& rest) {
  if (rest.size() < 2) return std::nullopt;
  Header header{static_cast<std::uint8_t>(rest[0]), static_cast<std::uint8_t>(rest[1])};
  std::size_t size = 2;
  if (header.length >= 0x80) {
    const std::size_t count = header.length & 0x7f;
    if (count == 0 || count > 3 || rest.size() < 2 + count) return std::nullopt;
    header.length = 0;
    for (std::size_t i = 0; i < count; ++i) header.length = header.length << 8 | static_cast<std::uint8_t>(rest[2 + i]);
    size += count;
  }
  rest.remove_prefix(size);
  return header;
}

bool is_header(const std::optional<Header>& header, std::uint8_t tag, std::size_t limit) {
  return header && header->tag == tag && header->length <= limit;
}

// RFC 8017: SEQUENCE { 0, modulus, ...}. `rest` is the SEQUENCE, with at least its first numbers.
std::optional<std::size_t> rsa_bits(std::string_view rest, std::size_t limit) {
  const auto outer = take_header(rest);
  if (!is_header(outer, kDerSequence, limit) || read_der(rest, kDerInteger) != "\0"sv) return std::nullopt;
  const auto modulus = take_header(rest);
  if (!is_header(modulus, kDerInteger, outer->length)) return std::nullopt;
  const std::size_t bits = (modulus->length - 1) * 8;  // the first byte is zero
  // Modulus, exponent and five numbers of half its size: the whole is between four and six times as long.
  const bool fits = outer->length > modulus->length * 4 && outer->length < modulus->length * 6;
  return bits >= 1024 && bits <= 8192 && bits % 64 == 0 && fits ? std::optional(bits) : std::nullopt;
}

// RFC 5958: SEQUENCE { 0, SEQUENCE { rsaEncryption, NULL }, OCTET STRING { the key } }
std::optional<std::size_t> pkcs8_rsa_bits(std::string_view rest) {
  const auto outer = take_header(rest);
  if (!is_header(outer, kDerSequence, 1 << 16) || read_der(rest, kDerInteger) != "\0"sv) return std::nullopt;
  if (read_der(rest, kDerSequence) != "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"sv) return std::nullopt;
  const auto octets = take_header(rest);
  return is_header(octets, kDerOctets, outer->length) ? rsa_bits(rest, octets->length) : std::nullopt;
}

CheckResult open_binary_key(std::string_view type) {
  CheckResult result = certain(fmt::format("not encrypted, {}, in DER", type));
  result.facts.push_back({"encrypted", "no"});
  return result;
}

struct Scheme {
  std::string_view oid, name;
};
constexpr std::array kSchemes = {Scheme{"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"sv, "PBES2"},
                                 Scheme{"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03"sv, "SHA-1 and triple DES"},
                                 Scheme{"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06"sv, "SHA-1 and 40-bit RC2"},
                                 Scheme{"\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01"sv, "Java's own cipher"},
                                 Scheme{"\x2b\x06\x01\x04\x01\x2a\x02\x13\x01"sv, "MD5 and triple DES"}};

// EncryptedPrivateKeyInfo: SEQUENCE { SEQUENCE { scheme, parameters }, OCTET STRING }.
CheckResult encrypted_binary_key(std::string_view rest, std::string_view container) {
  const auto outer = take_header(rest);
  if (!is_header(outer, kDerSequence, 1 << 16)) return rejected();
  const auto identifier = take_header(rest);
  if (!is_header(identifier, kDerSequence, outer->length)) return rejected();
  const auto oid = read_der(rest, kDerOid);
  if (!oid) return rejected();
  for (const Scheme& scheme : kSchemes) {
    if (scheme.oid != *oid) continue;
    CheckResult result = certain(fmt::format("private key in {}, encrypted with {}", container, scheme.name));
    result.facts.push_back({"encrypted", "yes"});
    return result;
  }
  return rejected();
}

}  // namespace

CheckResult check_der_rsa_key(std::string_view secret, std::string_view) {
  auto bits = rsa_bits(secret, 1 << 16);
  if (!bits) bits = pkcs8_rsa_bits(secret);
  return bits ? open_binary_key(fmt::format("RSA {} bits", *bits)) : rejected();
}

// RFC 7292: what a bag of the kind pkcs8ShroudedKeyBag holds.
CheckResult check_pkcs12_key(std::string_view secret, std::string_view) {
  return encrypted_binary_key(secret, "a PKCS#12 store");
}

// keytool's stores protect each key by a scheme of their own.
CheckResult check_java_key(std::string_view secret, std::string_view) {
  return encrypted_binary_key(secret, "a Java key store");
}

}  // namespace tightship::detect
