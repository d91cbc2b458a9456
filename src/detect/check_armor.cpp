#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "detect/armor.h"
#include "detect/checks.h"
#include "detect/codec.h"
#include "detect/ssh_wire.h"

namespace tightship::detect {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

struct Packet {
  unsigned tag = 0;
  std::string_view body;
};

// The first packet (RFC 4880, 4.2), old and new header; its body may be cut.
std::optional<Packet> first_packet(std::string_view data) {
  if (data.size() < 3 || (byte_at(data, 0) & 0x80) == 0) return std::nullopt;
  const unsigned head = byte_at(data, 0);
  if ((head & 0x40) != 0) {
    const unsigned length = byte_at(data, 1);
    const std::size_t skip = length < 192 ? 2 : length < 224 ? 3 : length == 255 ? 6 : 2;
    if (skip > data.size()) return std::nullopt;
    return Packet{head & 0x3f, data.substr(skip)};
  }
  const std::size_t skip = 1 + (std::size_t{1} << (head & 3)) - ((head & 3) == 3 ? 8 : 0);
  if (skip > data.size()) return std::nullopt;
  return Packet{(head >> 2) & 15, data.substr(skip)};
}

bool skip_mpi(std::string_view& rest) {
  if (rest.size() < 2) return false;
  const std::size_t bits = static_cast<std::size_t>(byte_at(rest, 0)) << 8 | byte_at(rest, 1);
  const std::size_t size = 2 + (bits + 7) / 8;
  if (size > rest.size()) return false;
  rest.remove_prefix(size);
  return true;
}

bool skip_counted(std::string_view& rest) {  // one byte of length
  if (rest.empty() || byte_at(rest, 0) + 1u > rest.size()) return false;
  rest.remove_prefix(byte_at(rest, 0) + 1u);
  return true;
}

// The byte behind the public part of a version 4 key: 0 when the secret part is not encrypted.
std::optional<std::uint8_t> usage_byte(std::string_view body) {
  if (body.size() < 7 || byte_at(body, 0) != 4) return std::nullopt;
  const unsigned algorithm = byte_at(body, 5);
  body.remove_prefix(6);
  const bool curve = algorithm == 18 || algorithm == 19 || algorithm == 22;
  if (curve && !skip_counted(body)) return std::nullopt;
  const int numbers = algorithm <= 3 ? 2 : algorithm == 16 ? 3 : algorithm == 17 ? 4 : curve ? 1 : 0;
  if (numbers == 0) return std::nullopt;
  for (int i = 0; i < numbers; ++i) {
    if (!skip_mpi(body)) return std::nullopt;
  }
  if (algorithm == 18 && !skip_counted(body)) return std::nullopt;
  if (body.empty()) return std::nullopt;
  return byte_at(body, 0);
}

std::string_view line_value(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + name.size());
  return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace

// OpenPGP (RFC 4880, RFC 9580): armor with CRC24, first packet a secret key (5) or subkey (7).
CheckResult check_pgp(std::string_view secret, std::string_view) {
  const auto armor = read_armor(secret);
  if (!armor) return rejected();
  if (!armor->checksum.empty()) {
    const auto sum = decode_base64(armor->checksum, Base64::Standard);
    const std::string wanted = big_endian32(crc24_openpgp(armor->body)).substr(1);
    if (!sum || *sum != wanted) return rejected();
  }
  const auto packet = first_packet(armor->body);
  if (!packet || (packet->tag != 5 && packet->tag != 7)) return rejected();
  const auto usage = usage_byte(packet->body);
  CheckResult result = certain("OpenPGP secret key");
  if (usage) {
    result.why += *usage == 0 ? ", not encrypted" : ", encrypted with a passphrase";
    if (*usage != 0) result.severity = Severity::Warning;
    result.facts.push_back({"encrypted", *usage == 0 ? "no" : "yes"});
  }
  return result;
}

// PuTTY's .ppk: the public blob must begin with the algorithm that the first line names.
CheckResult check_putty(std::string_view secret, std::string_view) {
  const std::size_t colon = secret.find(": ");
  const std::size_t lines = secret.find("Public-Lines: ");
  const std::size_t end = secret.find("Private-Lines: ");
  if (colon == std::string_view::npos || lines == std::string_view::npos || end == std::string_view::npos ||
      end < lines) {
    return rejected();
  }
  const std::string_view algorithm = line_value(secret.substr(colon), ": ");
  std::string base64;
  const std::size_t body = std::min(secret.find('\n', lines), end);
  std::copy_if(secret.begin() + static_cast<std::ptrdiff_t>(body), secret.begin() + static_cast<std::ptrdiff_t>(end),
               std::back_inserter(base64), [](char c) { return c > ' '; });
  const auto blob = decode_base64(base64, Base64::Standard);
  if (!blob) return rejected();
  std::string_view rest = *blob;
  const auto type = read_ssh_string(rest);
  if (!type || *type != algorithm) return rejected();
  const std::string_view encryption = line_value(secret, "Encryption: ");
  const bool open = encryption == "none";
  CheckResult result = certain(
      fmt::format("PuTTY key, {}, {}", fact_text(algorithm), open ? "not encrypted" : "encrypted with a passphrase"));
  if (!open) result.severity = Severity::Warning;
  result.facts.push_back({"encrypted", open ? "no" : "yes"});
  return result;
}

}  // namespace tightship::detect
