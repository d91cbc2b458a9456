#pragma once

// Encodings and checksums that tokens are made of. Plain functions over bytes, no state.
//
// Decoders are strict: one character outside the alphabet, a length that no encoder gives or a
// non-zero rest bit pattern that cannot be decoded gives nothing. All of them are bounded by their
// input; the only allocation is the result.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tightship::detect {

enum class Base64 : std::uint8_t { Standard, UrlSafe };

// RFC 4648. Encoding pads on request; decoding takes padded and unpadded text, and no white space.
std::string encode_base64(std::string_view bytes, Base64 alphabet, bool pad);
std::optional<std::string> decode_base64(std::string_view text, Base64 alphabet);

// RFC 4648 base32, upper case, without padding.
std::string encode_base32(std::string_view bytes);
std::optional<std::string> decode_base32(std::string_view text);

std::string encode_hex(std::string_view bytes);
std::optional<std::string> decode_hex(std::string_view text);

// The digits of `value`, left-padded with '0' to `width`; the lowest `width` digits when it is
// larger. Digits: 0-9, then A-Z, then a-z (base62); 0-9 then a-z (base36).
std::string to_base62(std::uint64_t value, std::size_t width);
std::string to_base36(std::uint64_t value, std::size_t width);

std::uint32_t crc32(std::string_view bytes);          // zlib's
std::uint16_t crc16_xmodem(std::string_view bytes);   // polynomial 0x1021, start 0
std::uint32_t crc24_openpgp(std::string_view bytes);  // RFC 4880, 6.1
std::string sha256(std::string_view bytes);           // 32 bytes

// Marvin32 with a 64-bit seed, the two halves of its state folded by XOR (microsoft/security-utilities).
std::uint32_t marvin32(std::string_view bytes, std::uint64_t seed);

std::string big_endian32(std::uint32_t value);
std::string little_endian32(std::uint32_t value);
std::uint32_t read_big_endian32(std::string_view bytes);     // of the first four bytes
std::uint32_t read_little_endian32(std::string_view bytes);  // of the first four bytes

// BIP-173 with the checksum constant 1. Text is of one case; the result is the data part, 8 bits a
// byte, without the checksum. Nothing on a wrong checksum.
std::string encode_bech32(std::string_view prefix, std::string_view bytes);
std::optional<std::string> decode_bech32(std::string_view text, std::string_view prefix);

// The alphabet of Bitcoin's addresses; leading '1's are zero bytes. O(n^2): at most kMaxBase58 characters.
inline constexpr std::size_t kMaxBase58 = 256;
std::string encode_base58(std::string_view bytes);
std::optional<std::string> decode_base58(std::string_view text);
// With the first four bytes of a double SHA-256 behind the payload, which is what comes back.
std::string encode_base58check(std::string_view payload);
std::optional<std::string> decode_base58check(std::string_view text);

// %XX becomes its byte; '%' before anything else stands for itself.
std::string decode_percent(std::string_view text);

// Shannon entropy in bits a byte; 0 for nothing.
double shannon_entropy(std::string_view text);

}  // namespace tightship::detect
