#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "detect/checks.h"
#include "detect/codec.h"

namespace tightship::detect {
namespace {

// Accounts that Thinkst's Canarytokens issues decoy keys from.
constexpr std::array<std::string_view, 9> kCanaryAccounts = {"052310077262", "171436882533", "534261010715",
                                                             "595918472158", "717712589309", "819147034852",
                                                             "992382622183", "730335385048", "266735846894"};

// The account in an access key id: 40 bits behind the first bit of the 10 bytes that the 16 base32
// characters encode (research by T. Be'ery and A. Steele). Keys from before about 2019 (fifth character I
// or J) hold none.
std::optional<std::string> aws_account(std::string_view id) {
  if (id[4] == 'I' || id[4] == 'J') return std::nullopt;
  const auto raw = decode_base32(id.substr(4));
  if (!raw || raw->size() < 6) return std::nullopt;
  std::uint64_t head = 0;
  for (unsigned i = 0; i < 6; ++i) head = (head << 8) | static_cast<std::uint8_t>((*raw)[i]);
  const std::uint64_t account = (head & 0x7fffffffff80) >> 7;
  return account < 1'000'000'000'000 ? std::optional(fmt::format("{:012}", account)) : std::nullopt;
}

// One field of a libmacaroons v2 packet: a type byte, a varint length, the bytes.
struct Field {
  std::uint8_t type = 0;
  std::string_view data;
};

std::optional<Field> read_field(std::string_view& rest) {
  Field field;
  if (rest.empty()) return std::nullopt;
  field.type = static_cast<std::uint8_t>(rest[0]);
  rest.remove_prefix(1);
  if (field.type == 0) return field;  // end of section
  std::size_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (rest.empty() || shift > 21) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(rest[0]);
    rest.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) break;
  }
  if (length > rest.size()) return std::nullopt;
  field.data = rest.substr(0, length);
  rest.remove_prefix(length);
  return field;
}

constexpr std::uint8_t kEnd = 0, kLocation = 1, kIdentifier = 2, kSignature = 6;

struct Macaroon {
  std::string_view location;
  std::size_t caveats = 0;
};

// version 2, [location], identifier, end, { caveat fields, end }, end, signature.
std::optional<Macaroon> read_macaroon(std::string_view packet) {
  if (packet.empty() || packet[0] != 2) return std::nullopt;
  packet.remove_prefix(1);
  Macaroon macaroon;
  bool in_header = true, section_empty = true, has_identifier = false;
  while (const auto field = read_field(packet)) {
    if (field->type == kSignature) {
      return !in_header && has_identifier && field->data.size() == 32 && packet.empty() ? std::optional(macaroon)
                                                                                        : std::nullopt;
    }
    if (field->type == kEnd) {
      if (!in_header && !section_empty) ++macaroon.caveats;
      in_header = false, section_empty = true;
      continue;
    }
    section_empty = false;
    if (in_header && field->type == kLocation) macaroon.location = field->data;
    if (in_header && field->type == kIdentifier) has_identifier = true;
  }
  return std::nullopt;
}

}  // namespace

// IAM access key ids: a four-letter kind and 16 base32 characters.
CheckResult check_aws_key_id(std::string_view secret, std::string_view) {
  if (secret.size() != 20 || !decode_base32(secret.substr(4))) return rejected();
  if (secret.find("EXAMPLE") != std::string_view::npos) return rejected();
  const auto account = aws_account(secret);
  if (!account) return plausible();
  CheckResult result = plausible(fmt::format("format valid, account {}", *account));
  result.facts.push_back({"account", *account});
  if (std::find(kCanaryAccounts.begin(), kCanaryAccounts.end(), *account) != kCanaryAccounts.end()) {
    result.why = "decoy key of a canary token";
    result.kind = Kind::Test;
    result.severity = Severity::Note;
    result.facts.push_back({"canary", "Thinkst Canarytokens"});
  }
  return result;
}

// PyPI: a macaroon (libmacaroons v2) in base64url.
CheckResult check_pypi(std::string_view secret, std::string_view) {
  constexpr std::string_view kPrefix = "pypi-";
  if (!secret.starts_with(kPrefix)) return rejected();
  const auto packet = decode_base64(secret.substr(kPrefix.size()), Base64::UrlSafe);
  if (!packet) return rejected();
  const auto macaroon = read_macaroon(*packet);
  if (!macaroon) return rejected();
  CheckResult result = certain("macaroon decodes");
  result.facts.push_back({"index", fact_text(macaroon->location)});
  result.facts.push_back({"restrictions", std::to_string(macaroon->caveats)});
  if (macaroon->location == "test.pypi.org") result.severity = Severity::Warning;
  return result;
}

// Discord bot tokens: base64 of the bot's snowflake (milliseconds since 2015 above bit 22), a time, a MAC.
CheckResult check_discord(std::string_view secret, std::string_view) {
  constexpr std::uint64_t kEpoch = 1420070400, kLatest = 2208988800;  // 2015 to 2040
  const auto text = decode_base64(secret.substr(0, secret.find('.')), Base64::UrlSafe);
  if (!text || text->size() < 17 || text->size() > 20) return rejected();
  std::uint64_t id = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), id);
  if (parsed.ec != std::errc{} || parsed.ptr != text->data() + text->size()) return rejected();
  const std::uint64_t created = (id >> 22) / 1000 + kEpoch;
  if (created > kLatest) return rejected();
  CheckResult result = certain("bot id decodes");
  result.facts.push_back({"bot", *text});
  result.facts.push_back({"created", format_time(static_cast<std::int64_t>(created))});
  return result;
}

}  // namespace tightship::detect
