#pragma once

// Strings as SSH writes them (RFC 4251, 5): four bytes of length, most significant first, then bytes.

#include <optional>
#include <string>
#include <string_view>

#include "detect/codec.h"

namespace tightship::detect {

// The string at the start of `rest`, which is moved behind it; nothing when it runs beyond.
inline std::optional<std::string_view> read_ssh_string(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::size_t size = read_big_endian32(rest);
  if (size > rest.size() - 4) return std::nullopt;
  const std::string_view text = rest.substr(4, size);
  rest.remove_prefix(4 + size);
  return text;
}

inline std::string ssh_string(std::string_view text) {
  return big_endian32(static_cast<std::uint32_t>(text.size())) + std::string(text);
}

}  // namespace tightship::detect
