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
      return !in_header && has_identifier && field->data.size() == 32 && packet.empty()
                 ? std::optional(macaroon)
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

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Passwords that development set-ups are shipped with.
constexpr std::array<std::string_view, 22> kTrivialPasswords = {
    "password", "passwd",  "pass",     "pwd",   "postgres", "root",  "admin",    "user",
    "guest",    "secret",  "test",     "mysql", "mariadb",  "redis", "rabbitmq", "mongo",
    "mongodb",  "example", "changeme", "1234",  "123456",   "dev"};

struct Url {
  std::string_view scheme, user, password, host;
};

// `text` begins with a scheme. Parts that are not there are empty.
Url split_url(std::string_view text) {
  Url url;
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return url;
  url.scheme = text.substr(0, scheme);
  const std::string_view rest = text.substr(scheme + 3);
  const std::size_t at = rest.find('@');
  const std::size_t colon = rest.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return url;
  url.user = rest.substr(0, colon);
  url.password = rest.substr(colon + 1, at - colon - 1);
  const std::string_view after = rest.substr(at + 1);
  url.host = after.substr(0, after.find_first_of(":/?#\"' "));
  return url;
}

bool is_local_host(std::string_view host) {
  const std::string lower = lowered(host);
  // Names without a dot are services of one compose file or cluster.
  return lower == "localhost" || lower.starts_with("127.") || lower == "0.0.0.0" || lower == "[" ||
         lower == "host.docker.internal" || lower.ends_with(".local") || lower.ends_with(".localhost") ||
         lower.ends_with(".test") || lower.find('.') == std::string::npos;
}

bool is_example_host(std::string_view host) {
  const std::string lower = lowered(host);
  return lower.starts_with("example.") || lower.find(".example") != std::string::npos ||
         lower.find("yourserver") != std::string::npos || lower.find("your-") != std::string::npos ||
         lower == "host" || lower == "hostname" || lower == "server" || lower == "domain.com" ||
         lower == "host.com" || lower == "mydomain.com";
}

// ${X}, $X, <x>, {x}, %s, %(x)s, [x], ***, process.env.X
bool is_reference(std::string_view text) {
  if (text.find_first_of("${}<>*[]()`\\|") != std::string_view::npos) return true;
  return text.starts_with('%') && text.size() <= 3;
}

bool is_name_of_secret(std::string_view password) {
  const std::string lower = lowered(password);
  for (const std::string_view word :
       {"password", "passwd", "secret", "token", "pass_", "_pass", "mypass", "yourpass", "db_pass", "dbpass",
        "foobar", "xxxx", "....", "username"}) {
    if (lower.find(word) != std::string::npos && password.size() < word.size() + 8) return true;
  }
  return false;
}

bool is_trivial(std::string_view user, std::string_view password) {
  const std::string lower = lowered(password);
  return lower == lowered(user) ||
         std::find(kTrivialPasswords.begin(), kTrivialPasswords.end(), lower) != kTrivialPasswords.end() ||
         password.size() < 4 || is_name_of_secret(password);
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

// Userinfo of a URL (RFC 3986, 3.2.1). References and names are no password; development defaults
// and passwords for the own machine are worth a note.
CheckResult check_url_credentials(std::string_view secret, std::string_view match) {
  const Url url = split_url(match);
  if (url.password.empty() || is_reference(secret) || is_reference(url.user) || is_reference(url.host))
    return rejected();
  if (is_example_host(url.host) || url.host.empty() || is_name_of_secret(secret)) return rejected();
  CheckResult result = plausible();
  result.facts.push_back({"host", fact_text(url.host)});
  if (is_trivial(url.user, secret)) {
    if (is_local_host(url.host)) return rejected();
    result.why = "a trivial password";
    result.severity = Severity::Note;
  } else if (is_local_host(url.host)) {
    result.why = "password for a host of this machine or cluster";
    result.severity = Severity::Note;
  }
  return result;
}

}  // namespace tightship::detect
