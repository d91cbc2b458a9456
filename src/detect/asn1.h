#pragma once

// Just enough of DER (X.690) to tell a private key from base64 of something else. Reads one element
// at a time; never recurses, never looks beyond the given bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tightship::detect {

inline constexpr std::uint8_t kDerInteger = 0x02, kDerBitString = 0x03, kDerOctets = 0x04, kDerOid = 0x06,
                              kDerSequence = 0x30;

struct DerElement {
  std::uint8_t tag = 0;
  std::string_view content;
};

// The element at the start of `rest`, which is moved behind it. Nothing when the header is damaged or
// the length runs beyond the bytes.
std::optional<DerElement> read_der(std::string_view& rest);

// The content of the next element when it has this tag.
std::optional<std::string_view> read_der(std::string_view& rest, std::uint8_t tag);

// Bits of a positive integer's content.
std::size_t der_integer_bits(std::string_view content);

// An element's bytes, for generated keys.
std::string der(std::uint8_t tag, std::string_view content);

}  // namespace tightship::detect
