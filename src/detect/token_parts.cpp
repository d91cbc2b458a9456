#include "detect/token_parts.h"

#include <array>

#include "detect/codec.h"

namespace tightship::detect {
namespace {

struct Checksum {
  std::string_view name;
  std::string (*make)(std::string_view covered);
};
constexpr std::array kChecksums = {
    Checksum{"crc32-base62", [](std::string_view b) { return to_base62(crc32(b), 6); }},
    Checksum{"crc32-base36", [](std::string_view b) { return to_base36(crc32(b), 7); }},
    Checksum{"crc32-hex", [](std::string_view b) { return encode_hex(big_endian32(crc32(b))); }},
    Checksum{"crc32-HEX",
             [](std::string_view b) {
               std::string hex = encode_hex(big_endian32(crc32(b)));
               for (char& c : hex) c = c >= 'a' ? static_cast<char>(c - 32) : c;
               return hex;
             }},
    Checksum{"crc32-le-hex", [](std::string_view b) { return encode_hex(little_endian32(crc32(b))); }},
    Checksum{"crc32-le-base64",
             [](std::string_view b) { return encode_base64(little_endian32(crc32(b)), Base64::Standard, false); }},
};

}  // namespace

std::optional<std::string> checksum_part(std::string_view name, std::string_view covered) {
  for (const Checksum& checksum : kChecksums) {
    if (checksum.name == name) return checksum.make(covered);
  }
  return std::nullopt;
}

std::vector<std::string_view> checksum_part_names() {
  std::vector<std::string_view> names;
  for (const Checksum& checksum : kChecksums) names.push_back(checksum.name);
  return names;
}

}  // namespace tightship::detect
