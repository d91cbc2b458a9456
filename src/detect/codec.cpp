#include "detect/codec.h"

#include <libdeflate.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace tightship::detect {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";

std::string to_digits(std::uint64_t value, std::size_t width, std::string_view digits) {
  std::string text(width, digits[0]);
  for (std::size_t i = width; i > 0 && value > 0; --i, value /= digits.size()) {
    text[i - 1] = digits[value % digits.size()];
  }
  return text;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Regroups `bits_in`-bit values into `bits_out`-bit ones. Left over bits are padded with zeros when
// encoding; when decoding they must be zero and fewer than bits_in.
std::optional<std::string> regroup(std::string_view values, unsigned bits_in, unsigned bits_out, bool pad) {
  std::string out;
  std::uint32_t pool = 0;
  unsigned held = 0;
  for (const char value : values) {
    pool = (pool << bits_in) | static_cast<std::uint8_t>(value);
    held += bits_in;
    while (held >= bits_out) {
      held -= bits_out;
      out.push_back(static_cast<char>((pool >> held) & ((1u << bits_out) - 1)));
    }
    pool &= (1u << held) - 1;
  }
  if (pad && held > 0) out.push_back(static_cast<char>((pool << (bits_out - held)) & ((1u << bits_out) - 1)));
  if (!pad && (held >= bits_in || pool != 0)) return std::nullopt;
  return out;
}

std::uint32_t bech32_polymod(std::string_view values) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  std::uint32_t check = 1;
  for (const char value : values) {
    const std::uint32_t top = check >> 25;
    check = ((check & 0x1ffffff) << 5) ^ static_cast<std::uint8_t>(value);
    for (unsigned i = 0; i < 5; ++i) check ^= ((top >> i) & 1) != 0 ? kGenerator[i] : 0;
  }
  return check;
}

std::string bech32_expand(std::string_view prefix) {
  std::string out;
  for (const char c : prefix) out.push_back(static_cast<char>(c >> 5));
  out.push_back('\0');
  for (const char c : prefix) out.push_back(static_cast<char>(c & 31));
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

}  // namespace

std::string encode_base64(std::string_view bytes, Base64 alphabet, bool pad) {
  base64_encode_ctx context;
  alphabet == Base64::UrlSafe ? base64url_encode_init(&context) : base64_encode_init(&context);
  std::string out(BASE64_ENCODE_LENGTH(bytes.size()) + BASE64_ENCODE_FINAL_LENGTH, '\0');
  std::size_t used =
      base64_encode_update(&context, out.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  used += base64_encode_final(&context, out.data() + used);
  out.resize(used);
  while (!pad && !out.empty() && out.back() == '=') out.pop_back();
  return out;
}

std::optional<std::string> decode_base64(std::string_view text, Base64 alphabet) {
  // Padding is normalised first, since nettle wants it and tokens often leave it out.
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') text.remove_suffix(1), ++padding;
  if (text.size() % 4 == 1 || (padding > 0 && (text.size() + padding) % 4 != 0)) return std::nullopt;
  for (const char c : text) {
    if (is_space(c) || c == '=') return std::nullopt;  // nettle would skip or end at them
  }
  base64_decode_ctx context;
  alphabet == Base64::UrlSafe ? base64url_decode_init(&context) : base64_decode_init(&context);
  std::string padded(text);
  padded.append((4 - text.size() % 4) % 4, '=');
  std::string out(BASE64_DECODE_LENGTH(padded.size()), '\0');
  std::size_t used = out.size();
  const bool ok = base64_decode_update(&context, &used, reinterpret_cast<std::uint8_t*>(out.data()), padded.size(),
                                       padded.data()) != 0;
  if (!ok || base64_decode_final(&context) == 0) return std::nullopt;
  out.resize(used);
  return out;
}

std::string encode_base32(std::string_view bytes) {
  std::string out = *regroup(bytes, 8, 5, true);
  for (char& c : out) c = kBase32[static_cast<std::uint8_t>(c)];
  return out;
}

std::optional<std::string> decode_base32(std::string_view text) {
  std::string values;
  for (const char c : text) {
    const std::size_t value = kBase32.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    values.push_back(static_cast<char>(value));
  }
  return regroup(values, 5, 8, false);
}

std::string encode_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out.push_back(kHex[static_cast<std::uint8_t>(c) >> 4]);
    out.push_back(kHex[static_cast<std::uint8_t>(c) & 15]);
  }
  return out;
}

std::optional<std::string> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string values;
  for (const char c : ascii_lower(text)) {
    const std::size_t value = kHex.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    values.push_back(static_cast<char>(value));
  }
  return regroup(values, 4, 8, false);
}

std::string to_base62(std::uint64_t value, std::size_t width) { return to_digits(value, width, kBase62); }
std::string to_base36(std::uint64_t value, std::size_t width) { return to_digits(value, width, kBase36); }

std::uint32_t crc32(std::string_view bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

std::uint16_t crc16_xmodem(std::string_view bytes) {
  std::uint32_t crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(c)) << 8;
    for (int i = 0; i < 8; ++i) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint32_t crc24_openpgp(std::string_view bytes) {
  std::uint32_t crc = 0xb704ce;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(c)) << 16;
    for (int i = 0; i < 8; ++i) {
      crc <<= 1;
      if ((crc & 0x1000000) != 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

std::string sha256(std::string_view bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  std::string digest(SHA256_DIGEST_SIZE, '\0');
  sha256_digest(&context, digest.size(), reinterpret_cast<std::uint8_t*>(digest.data()));
  return digest;
}

std::uint32_t marvin32(std::string_view bytes, std::uint64_t seed) {
  std::uint32_t low = static_cast<std::uint32_t>(seed), high = static_cast<std::uint32_t>(seed >> 32);
  const auto mix = [&](std::uint32_t word) {
    low += word;
    high ^= low;
    low = std::rotl(low, 20) + high;
    high = std::rotl(high, 9) ^ low;
    low = std::rotl(low, 27) + high;
    high = std::rotl(high, 19);
  };
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) mix(read_little_endian32(bytes));
  std::uint32_t tail = 0x80;  // the end is marked by one byte 0x80 after the rest
  for (std::size_t i = bytes.size(); i > 0; --i) tail = (tail << 8) | static_cast<std::uint8_t>(bytes[i - 1]);
  mix(tail);
  mix(0);
  return low ^ high;
}

std::string big_endian32(std::uint32_t value) {
  std::string out(4, '\0');
  for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (24 - 8 * i));
  return out;
}

std::string little_endian32(std::uint32_t value) {
  std::string out(4, '\0');
  for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (8 * i));
  return out;
}

std::uint32_t read_big_endian32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value = (value << 8) | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

std::uint32_t read_little_endian32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 4; i > 0; --i) value = (value << 8) | static_cast<std::uint8_t>(bytes[i - 1]);
  return value;
}

std::string encode_bech32(std::string_view prefix, std::string_view bytes) {
  const std::string data = *regroup(bytes, 8, 5, true);
  const std::uint32_t check = bech32_polymod(bech32_expand(prefix) + data + std::string(6, '\0')) ^ 1;
  std::string out = std::string(prefix) + "1";
  for (const char value : data) out.push_back(kBech32[static_cast<std::uint8_t>(value)]);
  for (unsigned i = 0; i < 6; ++i) out.push_back(kBech32[(check >> (5 * (5 - i))) & 31]);
  return out;
}

std::optional<std::string> decode_bech32(std::string_view text, std::string_view prefix) {
  const std::string lower = ascii_lower(text);
  if (lower.size() < prefix.size() + 7 || !lower.starts_with(prefix) || lower[prefix.size()] != '1') {
    return std::nullopt;
  }
  std::string values;
  for (const char c : std::string_view(lower).substr(prefix.size() + 1)) {
    const std::size_t value = kBech32.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    values.push_back(static_cast<char>(value));
  }
  if (bech32_polymod(bech32_expand(prefix) + values) != 1) return std::nullopt;
  return regroup(std::string_view(values).substr(0, values.size() - 6), 5, 8, false);
}

std::string encode_base58(std::string_view bytes) {
  std::string digits;  // least significant first
  for (const char c : bytes) {
    std::uint32_t carry = static_cast<std::uint8_t>(c);
    for (char& digit : digits) {
      carry += static_cast<std::uint32_t>(static_cast<std::uint8_t>(digit)) << 8;
      digit = static_cast<char>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58) digits.push_back(static_cast<char>(carry % 58));
  }
  const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
  std::string text(zeros, kBase58[0]);
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) text.push_back(kBase58[static_cast<std::uint8_t>(*at)]);
  return text;
}

std::optional<std::string> decode_base58(std::string_view text) {
  if (text.size() > kMaxBase58) return std::nullopt;
  std::string bytes;  // least significant first
  for (const char c : text) {
    const std::size_t value = kBase58.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    auto carry = static_cast<std::uint32_t>(value);
    for (char& byte : bytes) {
      carry += static_cast<std::uint32_t>(static_cast<std::uint8_t>(byte)) * 58;
      byte = static_cast<char>(carry);
      carry >>= 8;
    }
    if (carry > 0) bytes.push_back(static_cast<char>(carry));
  }
  const std::size_t zeros = std::min(text.find_first_not_of(kBase58[0]), text.size());
  bytes.append(zeros, '\0');
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string encode_base58check(std::string_view payload) {
  return encode_base58(std::string(payload) + sha256(sha256(payload)).substr(0, 4));
}

std::optional<std::string> decode_base58check(std::string_view text) {
  auto bytes = decode_base58(text);
  if (!bytes || bytes->size() < 5) return std::nullopt;
  const std::string sum = bytes->substr(bytes->size() - 4);
  bytes->resize(bytes->size() - 4);
  if (sha256(sha256(*bytes)).substr(0, 4) != sum) return std::nullopt;
  return bytes;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? decode_hex(text.substr(i + 1, 2)) : std::nullopt;
    out += byte ? *byte : std::string(1, text[i]);
    if (byte) i += 2;
  }
  return out;
}

double shannon_entropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<std::uint8_t>(c)];
  double bits = 0;
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    const double share = count / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace tightship::detect
