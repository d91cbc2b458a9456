#include "detect/asn1.h"

#include <bit>

namespace tightship::detect {

std::optional<DerElement> read_der(std::string_view& rest) {
  if (rest.size() < 2) return std::nullopt;
  DerElement element;
  element.tag = static_cast<std::uint8_t>(rest[0]);
  std::size_t length = static_cast<std::uint8_t>(rest[1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t count = length & 0x7f;
    if (count == 0 || count > 3 || rest.size() < 2 + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8) | static_cast<std::uint8_t>(rest[2 + i]);
    header += count;
  }
  if (length > rest.size() - header) return std::nullopt;
  element.content = rest.substr(header, length);
  rest.remove_prefix(header + length);
  return element;
}

std::optional<std::string_view> read_der(std::string_view& rest, std::uint8_t tag) {
  const auto element = read_der(rest);
  if (!element || element->tag != tag) return std::nullopt;
  return element->content;
}

std::size_t der_integer_bits(std::string_view content) {
  while (!content.empty() && content[0] == 0) content.remove_prefix(1);
  if (content.empty()) return 0;
  return content.size() * 8 - static_cast<std::size_t>(std::countl_zero(static_cast<std::uint8_t>(content[0])));
}

std::string der(std::uint8_t tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  const std::size_t size = content.size();
  if (size < 0x80) {
    out.push_back(static_cast<char>(size));
  } else if (size < 0x100) {
    out += {static_cast<char>(0x81), static_cast<char>(size)};
  } else {
    out += {static_cast<char>(0x82), static_cast<char>(size >> 8), static_cast<char>(size)};
  }
  out += content;
  return out;
}

}  // namespace tightship::detect
