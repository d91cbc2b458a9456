#include <algorithm>

#include "detect/checks.h"
#include "detect/codec.h"

// Tokens whose last characters are a checksum of the others. Each was recomputed on public samples,
// but for GitLab's, which therefore never rejects.

namespace tightship::detect {
namespace {

CheckResult by_checksum(bool valid) { return valid ? certain("checksum valid") : rejected(); }

// `count` characters at the end of `text`; `text` keeps the rest. Empty when it is too short.
std::string_view take_end(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  const std::string_view end = text.substr(text.size() - count);
  text.remove_suffix(count);
  return end;
}

std::string hex32(std::uint32_t value) { return encode_hex(big_endian32(value)); }

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

}  // namespace

// GitHub (engineering blog, 2021-04-05) and npm: six base62 digits of the CRC32 of what stands
// between the prefix's underscore and them.
CheckResult check_crc32_base62(std::string_view secret, std::string_view) {
  const std::size_t underscore = secret.rfind('_');
  std::string_view body = secret.substr(underscore == std::string_view::npos ? 0 : underscore + 1);
  const std::string_view sum = take_end(body, 6);
  return by_checksum(!body.empty() && sum == to_base62(crc32(body), 6));
}

// Grafana service accounts: glsa_, 32 characters, _, CRC32 of glsa_ and the 32, least byte first.
CheckResult check_grafana(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 8);
  if (take_end(secret, 1) != "_") return rejected();
  return by_checksum(sum == encode_hex(little_endian32(crc32(secret))));
}

// Atlassian API tokens and Bitbucket app passwords: CRC32 of everything before, upper case.
CheckResult check_atlassian(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 8);
  return by_checksum(!secret.empty() && sum == upper(hex32(crc32(secret))));
}

// Cloudflare's prefixed tokens (token formats, 2026): CRC32 of the 40 characters after the prefix.
CheckResult check_cloudflare(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 8);
  const std::size_t underscore = secret.find('_');
  return by_checksum(underscore != std::string_view::npos && sum == hex32(crc32(secret.substr(underscore + 1))));
}

// Confluent Cloud: cflt, 54 characters, then the first six base64 characters of their CRC32, least
// byte first.
CheckResult check_confluent(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 6);
  if (secret.size() <= 4) return rejected();
  return by_checksum(sum == encode_base64(little_endian32(crc32(secret.substr(4))), Base64::Standard, false));
}

// Zuplo: zpka_, 32 characters, _, CRC32 of the 32.
CheckResult check_zuplo(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 8);
  if (take_end(secret, 1) != "_" || secret.size() <= 5) return rejected();
  return by_checksum(sum == hex32(crc32(secret.substr(5))));
}

// GitLab's routable tokens (handbook): the last seven characters are the CRC32 of everything before
// them in base36. Tried on made-up samples only, so a mismatch proves nothing.
CheckResult check_gitlab_routable(std::string_view secret, std::string_view) {
  const std::string_view sum = take_end(secret, 7);
  return !sum.empty() && sum == to_base36(crc32(secret), 7) ? certain("checksum valid") : plausible();
}

// age identities: Bech32 (BIP-173) of 32 bytes.
CheckResult check_age(std::string_view secret, std::string_view) {
  const auto key = decode_bech32(secret, "age-secret-key-");
  return by_checksum(key && key->size() == 32);
}

// NATS nkey seeds: base32 of two prefix bytes (S and the kind), 32 bytes, CRC16 of those, least byte
// first.
CheckResult check_nats_seed(std::string_view secret, std::string_view) {
  constexpr unsigned kSeed = 18u << 3;
  const auto raw = decode_base32(secret);
  if (!raw || raw->size() != 36 || (static_cast<std::uint8_t>((*raw)[0]) & 0xf8) != kSeed) return rejected();
  const unsigned sum =
      static_cast<std::uint8_t>((*raw)[34]) | static_cast<unsigned>(static_cast<std::uint8_t>((*raw)[35])) << 8;
  return by_checksum(sum == crc16_xmodem(std::string_view(*raw).substr(0, 34)));
}

}  // namespace tightship::detect
