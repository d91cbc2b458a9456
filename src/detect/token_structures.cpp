#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "detect/asn1.h"
#include "detect/azure_keys.h"
#include "detect/bip39.h"
#include "detect/codec.h"
#include "detect/ssh_wire.h"
#include "detect/token_parts.h"

// Structures that pass our own checks and open nothing: lengths and names are right, numbers random.

namespace tightship::detect {
namespace {

using Made = Result<std::string>;
using namespace std::string_literals;
using namespace std::string_view_literals;

tl::unexpected<Error> unknown_argument(std::string_view argument, std::string_view choices) {
  return fail(ErrorKind::Config, fmt::format("unknown argument '{}': want one of {}", argument, choices));
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

Made age_key(std::string_view, TokenRandom& random) {
  return upper(encode_bech32("age-secret-key-", random.bytes(32)));
}

// The two first bytes of a seed hold S (18) and the kind in five bits each.
Made nkey(std::string_view argument, TokenRandom& random) {
  struct Kind {
    std::string_view name;
    unsigned value;
  };
  constexpr std::array kKinds = {Kind{"user", 20u << 3},   Kind{"account", 0u},      Kind{"operator", 14u << 3},
                                 Kind{"server", 13u << 3}, Kind{"cluster", 2u << 3}, Kind{"curve", 23u << 3}};
  for (const Kind& kind : kKinds) {
    if (kind.name != argument) continue;
    std::string raw = {static_cast<char>((18u << 3) | (kind.value >> 5)), static_cast<char>((kind.value & 31) << 3)};
    raw += random.bytes(32);
    const unsigned sum = crc16_xmodem(raw);
    raw += {static_cast<char>(sum), static_cast<char>(sum >> 8)};
    return encode_base32(raw);
  }
  return unknown_argument(argument, "user, account, operator, server, cluster, curve");
}

Made azure_key(std::string_view signature, TokenRandom& random) {
  for (const AzureKeyKind& kind : kAzureKeyKinds) {
    if (kind.signature != signature) continue;
    const Base64 alphabet = kind.url_safe ? Base64::UrlSafe : Base64::Standard;
    // The signature is set in the text, decoded, and the checksum computed over the bytes.
    std::string text = encode_base64(random.bytes(kind.bytes), alphabet, false);
    const std::size_t at = text.size() - 10;
    text.replace(at, 4, signature);
    std::string key = *decode_base64(text, alphabet);
    // Bits of the checksum's first character that belong to its bytes are overwritten below; those
    // before them must be zero, as in Azure's generator.
    key.resize(kind.bytes - 4);
    const unsigned shift = static_cast<unsigned>((kind.bytes - 7) * 8 % 6);
    key.back() = static_cast<char>(static_cast<std::uint8_t>(key.back()) & (0xff << (shift == 0 ? 0 : shift)));
    key += little_endian32(marvin32(key, azure_seed(kind.seeds[0])));
    return encode_base64(key, alphabet, true);
  }
  return unknown_argument(signature, "+ASt, ACDb, +ABa, +AMC, APIM, +ASb, +AEh, +ARm, AIoT, AzSe, +ACR, AzFu, AzCa");
}

std::string macaroon_field(char type, std::string_view data) {
  std::string out(1, type);
  std::size_t size = data.size();
  for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>(0x80 | (size & 0x7f)));
  out.push_back(static_cast<char>(size));
  return out + std::string(data);
}

Made pypi_token(std::string_view argument, TokenRandom& random) {
  const std::string location = argument.empty() ? "pypi.org" : std::string(argument);
  std::string packet = "\x02" + macaroon_field(1, location) + macaroon_field(2, encode_hex(random.bytes(18)));
  packet.push_back('\0');
  packet += macaroon_field(2, "[3, \"" + encode_hex(random.bytes(18)) + "\"]");
  packet += "\0\0"sv;
  packet += macaroon_field(6, random.bytes(32));
  return "pypi-" + encode_base64(packet, Base64::UrlSafe, false);
}

// A Discord bot token: id of 18 or 19 digits, six characters of time, 38 of MAC.
Made discord_token(std::string_view, TokenRandom& random) {
  const std::uint64_t id = 400'000'000'000'000'000 + random.below(800'000'000'000'000'000);
  return encode_base64(std::to_string(id), Base64::UrlSafe, false) + "." +
         encode_base64(random.bytes(4), Base64::UrlSafe, false) + "." +
         random.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 38);
}

// A wallet's seed phrase of `argument` words.
Made bip39(std::string_view argument, TokenRandom& random) {
  const std::size_t count = argument == "12"   ? 12
                            : argument == "15" ? 15
                            : argument == "18" ? 18
                            : argument == "24" ? 24
                                               : 0;
  if (count == 0) return unknown_argument(argument, "12, 15, 18, 24");
  const std::string entropy = random.bytes(count / 3 * 4);
  const std::string bytes = entropy + sha256(entropy)[0];
  std::string out;
  for (std::size_t word = 0; word < count; ++word) {
    std::uint32_t index = 0;
    for (std::size_t bit = word * 11; bit < word * 11 + 11; ++bit) {
      index = index << 1 | ((static_cast<std::uint8_t>(bytes[bit / 8]) >> (7 - bit % 8)) & 1);
    }
    out += (word == 0 ? "" : " ") + std::string(bip39_words()[index]);
  }
  return out;
}

Made base58check(std::string_view argument, TokenRandom& random) {
  const auto extended = [&](std::uint32_t version) {
    return encode_base58check(big_endian32(version) + random.bytes(41) + '\0' + random.bytes(32));
  };
  if (argument == "xprv") return extended(0x0488ade4);
  if (argument == "tprv") return extended(0x04358394);
  if (argument == "wif") return encode_base58check('\x80' + random.bytes(32) + '\x01');
  return unknown_argument(argument, "xprv, tprv, wif");
}

Made azure_devops_pat(std::string_view, TokenRandom& random) {
  std::string raw = random.bytes(kDevOpsBytes - kDevOpsChecksumBytes.size());
  const std::string sum = big_endian32(crc32(raw) ^ kDevOpsUserFold);
  for (std::size_t i = sum.size(); i > 0; --i) raw.insert(kDevOpsChecksumBytes[i - 1], 1, sum[i - 1]);
  std::string text = encode_base32(raw);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// --- private keys

std::string positive(TokenRandom& random, std::size_t bytes) {  // an INTEGER of exactly 8 * bytes bits
  std::string number = random.bytes(bytes);
  number[0] = static_cast<char>(static_cast<std::uint8_t>(number[0]) | 0x80);
  number.back() = static_cast<char>(static_cast<std::uint8_t>(number.back()) | 1);
  return der(kDerInteger, std::string(1, '\0') + number);
}

std::string rsa_der(TokenRandom& random) {
  std::string content = der(kDerInteger, "\0"sv) + positive(random, 256) + der(kDerInteger, "\x01\x00\x01"sv);
  for (const std::size_t bytes : {256u, 128u, 128u, 128u, 128u, 128u}) content += positive(random, bytes);
  return der(kDerSequence, content);
}

std::string ec_der(TokenRandom& random) {
  const std::string curve = der(kDerOid, "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv);
  const std::string point = std::string(2, '\0').replace(1, 1, "\x04") + random.bytes(64);
  return der(kDerSequence, der(kDerInteger, "\x01"sv) + der(kDerOctets, random.bytes(32)) + der(0xa0, curve) +
                               der(0xa1, der(kDerBitString, point)));
}

std::string dsa_der(TokenRandom& random) {
  std::string content = der(kDerInteger, "\0"sv);
  for (const std::size_t bytes : {128u, 20u, 128u, 128u, 20u}) content += positive(random, bytes);
  return der(kDerSequence, content);
}

std::string pkcs8_der(TokenRandom& random) {
  const std::string algorithm = der(kDerSequence, der(kDerOid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv) + der(5, ""));
  return der(kDerSequence, der(kDerInteger, "\0"sv) + algorithm + der(kDerOctets, rsa_der(random)));
}

std::string ed25519_der(TokenRandom& random) {
  return der(kDerSequence, der(kDerInteger, "\0"sv) + der(kDerSequence, der(kDerOid, "\x2b\x65\x70"sv)) +
                               der(kDerOctets, der(kDerOctets, random.bytes(32))));
}

std::string encrypted_der(TokenRandom& random) {
  const std::string scheme = der(kDerSequence, der(kDerOid, "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"sv) +
                                                   der(kDerSequence, der(kDerOctets, random.bytes(16))));
  return der(kDerSequence, scheme + der(kDerOctets, random.bytes(1232)));
}

std::string openssh_bytes(TokenRandom& random, std::string_view cipher, std::string_view kdf) {
  const std::string key = ssh_string("ssh-ed25519") + ssh_string(random.bytes(32));
  return std::string("openssh-key-v1\0", 15) + ssh_string(cipher) + ssh_string(kdf) +
         ssh_string(kdf == "none" ? "" : random.bytes(24)) + big_endian32(1) + ssh_string(key) +
         ssh_string(random.bytes(136));
}

std::string wrap(std::string_view base64, std::size_t width, std::string_view line_end) {
  std::string out;
  for (std::size_t at = 0; at < base64.size(); at += width) {
    out += base64.substr(at, width);
    out += line_end;
  }
  return out;
}

struct PemKind {
  std::string_view name, label, headers;
  std::string (*make)(TokenRandom& random);
};
constexpr std::array kPemKinds = {
    PemKind{"rsa", "RSA PRIVATE KEY", "", rsa_der},
    PemKind{"ec", "EC PRIVATE KEY", "", ec_der},
    PemKind{"dsa", "DSA PRIVATE KEY", "", dsa_der},
    PemKind{"pkcs8", "PRIVATE KEY", "", pkcs8_der},
    PemKind{"ed25519", "PRIVATE KEY", "", ed25519_der},
    PemKind{"encrypted", "ENCRYPTED PRIVATE KEY", "", encrypted_der},
    PemKind{"rsa-encrypted", "RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{IV}\n\n",
            [](TokenRandom& random) { return random.bytes(1200); }},
    PemKind{"openssh", "OPENSSH PRIVATE KEY", "",
            [](TokenRandom& random) { return openssh_bytes(random, "none", "none"); }},
    PemKind{"openssh-encrypted", "OPENSSH PRIVATE KEY", "",
            [](TokenRandom& random) { return openssh_bytes(random, "aes256-ctr", "bcrypt"); }},
    PemKind{"ssh2", "SSH2 ENCRYPTED PRIVATE KEY", "Comment: \"key\"\n",
            [](TokenRandom& random) {
              const std::string rest =
                  ssh_string("if-modn{sign{rsa-pkcs1-sha1}}") + ssh_string("3des-cbc") + ssh_string(random.bytes(600));
              return big_endian32(0x3f6ff9eb) + big_endian32(static_cast<std::uint32_t>(rest.size() + 8)) + rest;
            }},
};

Made pem_with(std::string_view kind_name, TokenRandom& random, std::string_view line_end) {
  for (const PemKind& kind : kPemKinds) {
    if (kind.name != kind_name) continue;
    const std::string_view dashes = kind.name == "ssh2" ? "---- " : "-----";
    const std::string_view closing = kind.name == "ssh2" ? " ----" : "-----";
    std::string headers(kind.headers);
    if (const auto at = headers.find("{IV}"); at != std::string::npos)
      headers.replace(at, 4, upper(encode_hex(random.bytes(16))));
    std::string lined;
    for (const char c : headers) lined += c == '\n' ? std::string(line_end) : std::string(1, c);
    return fmt::format("{}BEGIN {}{}{}{}{}{}END {}{}", dashes, kind.label, closing, line_end, lined,
                       wrap(encode_base64(kind.make(random), Base64::Standard, true), 64, line_end), dashes, kind.label,
                       closing);
  }
  return unknown_argument(kind_name,
                          "rsa, ec, dsa, pkcs8, ed25519, encrypted, rsa-encrypted, openssh, openssh-encrypted, ssh2");
}

Made pem(std::string_view kind, TokenRandom& random) { return pem_with(kind, random, "\n"); }
Made pem_escaped(std::string_view kind, TokenRandom& random) { return pem_with(kind, random, "\\n"); }

// A version 4 RSA secret key packet.
Made pgp_key(std::string_view argument, TokenRandom& random) {
  if (argument != "open" && argument != "encrypted") return unknown_argument(argument, "open, encrypted");
  const auto number = [&](std::size_t bytes) {
    std::string value = random.bytes(bytes);
    value[0] = static_cast<char>(static_cast<std::uint8_t>(value[0]) | 0x80);
    return std::string{static_cast<char>(bytes * 8 >> 8), static_cast<char>(bytes * 8)} + value;
  };
  std::string body = "\x04" + random.bytes(4) + "\x01" + number(256) + "\0\x11\x01\0\x01"s;
  body += argument == "open" ? "\0"s : "\xfe\x09\x03\x08"s + random.bytes(25);
  body += random.bytes(660);
  const std::string packet =
      std::string{static_cast<char>(0x95), static_cast<char>(body.size() >> 8), static_cast<char>(body.size())} + body;
  return fmt::format("-----BEGIN PGP PRIVATE KEY {0}-----\n\n{1}={2}\n-----END PGP PRIVATE KEY {0}-----", "BLOCK",
                     wrap(encode_base64(packet, Base64::Standard, true), 64, "\n"),
                     encode_base64(big_endian32(crc24_openpgp(packet)).substr(1), Base64::Standard, true));
}

// A key as a binary file has it.
Made der_key(std::string_view argument, TokenRandom& random) {
  if (argument == "rsa") return rsa_der(random);
  if (argument == "pkcs8") return pkcs8_der(random);
  if (argument == "ec") return ec_der(random);
  return unknown_argument(argument, "rsa, pkcs8, ec");
}

// EncryptedPrivateKeyInfo with the scheme of the store.
std::string protected_der(TokenRandom& random, std::string_view scheme) {
  const std::string parameters = der(kDerSequence, der(kDerOctets, random.bytes(20)) + der(kDerInteger, "\x27\x10"sv));
  return der(kDerSequence, der(kDerSequence, der(kDerOid, scheme) + parameters) + der(kDerOctets, random.bytes(1232)));
}

// The first bag of a store: PKCS#12's, whose identifier stands before it, or an entry of keytool's.
Made key_store(std::string_view argument, TokenRandom& random) {
  if (argument == "pkcs12") {
    const std::string key = protected_der(random, "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03"sv);
    return der(kDerSequence, der(kDerOid, "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02"sv) + der(0xa0, key));
  }
  if (argument == "jks") {
    return "\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x05mykey\0\0\x01\x99"s + random.bytes(4) +
           "\0\0\x05\x02"s + protected_der(random, "\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01"sv);
  }
  return unknown_argument(argument, "pkcs12, jks");
}

Made putty_key(std::string_view argument, TokenRandom& random) {
  if (argument != "open" && argument != "encrypted") return unknown_argument(argument, "open, encrypted");
  const std::string key = ssh_string("ssh-rsa") + ssh_string("\x01\x00\x01"sv) + ssh_string(random.bytes(257));
  const std::string open = wrap(encode_base64(key, Base64::Standard, true), 64, "\n");
  const std::string closed = wrap(encode_base64(random.bytes(592), Base64::Standard, true), 64, "\n");
  return fmt::format(
      "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: {}\nComment: key\nPublic-Lines: {}\n{}Private-Lines: "
      "{}\n{}Private-MAC: {}",
      argument == "open" ? "none" : "aes256-cbc", std::count(open.begin(), open.end(), '\n'), open,
      std::count(closed.begin(), closed.end(), '\n'), closed, encode_hex(random.bytes(20)));
}

struct Structure {
  std::string_view name;
  Made (*make)(std::string_view argument, TokenRandom& random);
};
constexpr std::array kStructures = {Structure{"age-key", age_key},
                                    Structure{"nkey", nkey},
                                    Structure{"azure-key", azure_key},
                                    Structure{"pypi-token", pypi_token},
                                    Structure{"discord-token", discord_token},
                                    Structure{"pem", pem},
                                    Structure{"pem-escaped", pem_escaped},
                                    Structure{"pgp-key", pgp_key},
                                    Structure{"putty-key", putty_key},
                                    Structure{"bip39", bip39},
                                    Structure{"base58check", base58check},
                                    Structure{"azure-devops-pat", azure_devops_pat},
                                    Structure{"der-key", der_key},
                                    Structure{"key-store", key_store}};

}  // namespace

std::optional<Result<std::string>> structure_part(std::string_view name, std::string_view argument,
                                                  TokenRandom& random) {
  for (const Structure& structure : kStructures) {
    if (structure.name == name) return structure.make(argument, random);
  }
  return std::nullopt;
}

std::vector<std::string_view> structure_part_names() {
  std::vector<std::string_view> names;
  for (const Structure& structure : kStructures) names.push_back(structure.name);
  return names;
}

}  // namespace tightship::detect
