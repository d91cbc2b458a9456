#include <algorithm>
#include <array>

#include "detect/checks.h"
#include "detect/stand_in.h"
#include "detect/text_class.h"

// Passwords that stand in a fixed place: URL, connection string, credential file. What is a reference, a
// placeholder or the default of a development set-up is no secret.

namespace tightship::detect {
namespace {

// Passwords that development set-ups are shipped with.
constexpr std::array<std::string_view, 22> kTrivialPasswords = {
    "password", "passwd",  "pass",  "pwd",      "postgres", "root",    "admin",   "user",     "guest", "secret", "test",
    "mysql",    "mariadb", "redis", "rabbitmq", "mongo",    "mongodb", "example", "changeme", "1234",  "123456", "dev"};

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
         lower.find("yourserver") != std::string::npos || lower.find("your-") != std::string::npos || lower == "host" ||
         lower == "hostname" || lower == "server" || lower == "domain.com" || lower == "host.com" ||
         lower == "mydomain.com";
}

// ${X}, $X, <x>, {x}, %s, %(x)s, [x], ***, process.env.X
bool is_reference(std::string_view text) {
  if (text.find_first_of("${}<>*[]()`\\|") != std::string_view::npos) return true;
  return text.starts_with('%') && text.size() <= 3;
}

bool is_name_of_secret(std::string_view password) {
  if (asks_for_secret(password)) return true;
  // "PERSONAL_ACCESS_TOKEN"
  const bool capitals = std::all_of(password.begin(), password.end(), [](char c) { return is_upper(c) || c == '_'; });
  if (capitals && password.find('_') != std::string_view::npos) return true;
  const std::string lower = lowered(password);
  for (const std::string_view word : {"password", "passwd", "secret", "token", "pass_", "_pass", "mypass", "yourpass",
                                      "db_pass", "dbpass", "foobar", "xxxx", "....", "username"}) {
    if (lower.find(word) != std::string::npos && password.size() < word.size() + 8) return true;
  }
  return false;
}

bool is_trivial(std::string_view user, std::string_view password) {
  const std::string lower = lowered(password);
  return lower == lowered(user) ||
         std::find(kTrivialPasswords.begin(), kTrivialPasswords.end(), lower) != kTrivialPasswords.end() ||
         password.size() < 4 || is_stand_in(password) || is_name_of_secret(password);
}

// The value of a connection string's first part: "Server=tcp:db.acme.io,1433;..." gives "db.acme.io".
std::string_view connection_host(std::string_view match) {
  const std::size_t equals = match.find('=');
  if (equals == std::string_view::npos) return {};
  std::string_view host = match.substr(equals + 1, match.find(';') - equals - 1);
  host.remove_prefix(std::min(host.find_first_not_of(' '), host.size()));
  if (host.starts_with("tcp:")) host.remove_prefix(4);
  return host.substr(0, host.find_first_of(",:\\/ "));
}

// Words that stand where a password would: "none", "prompt" ...
constexpr std::array<std::string_view, 12> kNoPasswords = {
    "none", "null", "true", "false", "prompt", "redacted", "empty", "yourpw", "anypw", "undefined", "...", "****"};

bool is_no_password(std::string_view password) {
  const std::string lower = lowered(password);
  return is_reference(password) || is_name_of_secret(password) ||
         std::find(kNoPasswords.begin(), kNoPasswords.end(), lower) != kNoPasswords.end();
}

// Letters and digits in turns and enough of them: what a provider gives out, not what a person types.
bool is_generated(std::string_view password) {
  constexpr std::size_t kLeastGenerated = 20, kLeastDigits = 3;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = std::count_if(password.begin(), password.end(), is_digit);
  return password.size() >= kLeastGenerated && digits >= static_cast<std::ptrdiff_t>(kLeastDigits);
}

// Names of the machine itself and of cloud metadata services, which everybody has.
constexpr std::array<std::string_view, 4> kCommonInternalHosts = {
    "metadata.google.internal", "host.docker.internal", "gateway.docker.internal", "host.containers.internal"};

}  // namespace

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

// A password whose place tells that it is one.
CheckResult check_plain_password(std::string_view secret, std::string_view) {
  if (is_no_password(secret) || is_trivial({}, secret)) return rejected();
  return plausible();
}

// "jdbc:postgresql://HOST:5432/x?password=...", "jdbc:oracle:thin:@HOST:1521".
CheckResult check_jdbc_password(std::string_view secret, std::string_view match) {
  CheckResult result = check_plain_password(secret, match);
  if (result.verdict == Verdict::Rejected) return result;
  const std::size_t at = match.find_first_of("@/");
  if (at == std::string_view::npos) return result;
  std::string_view host = match.substr(std::min(match.find_first_not_of("@/", at), match.size()));
  host = host.substr(0, host.find_first_of(":/;?&,\\"));
  if (is_reference(host) || is_example_host(host)) return rejected();
  if (!host.empty()) result.facts.push_back({"host", fact_text(host)});
  if (!host.empty() && is_local_host(host)) {
    result.why = "password for a host of this machine or cluster";
    result.severity = Severity::Note;
  }
  return result;
}

// "machine HOST login USER password SECRET". Such lines stand in tests and manuals too, with passwords that a
// person made up: only a generated one is sure to be of use.
CheckResult check_netrc(std::string_view secret, std::string_view match) {
  match.remove_prefix(std::min(match.find_first_of(" \t\r\n"), match.size()));
  match.remove_prefix(std::min(match.find_first_not_of(" \t\r\n"), match.size()));
  const std::string_view host = match.substr(0, match.find_first_of(" \t\r\n"));
  if (is_example_host(host)) return rejected();
  CheckResult result = check_plain_password(secret, match);
  if (result.verdict == Verdict::Rejected) return result;
  result.facts.push_back({"host", fact_text(host)});
  if (is_local_host(host)) {
    result.why = "password for a host of this machine or cluster";
    result.severity = Severity::Note;
  } else if (!is_generated(secret)) {
    result.why = "a password that somebody chose";
    result.severity = Severity::Warning;
  }
  return result;
}

// "Server=...;User ID=...;Password=...": as for URLs, the host tells what the password is worth.
CheckResult check_connection_string(std::string_view secret, std::string_view match) {
  const std::string_view host = connection_host(match);
  if (is_no_password(secret) || is_reference(host) || is_example_host(host) || is_trivial({}, secret))
    return rejected();
  CheckResult result = plausible();
  result.facts.push_back({"host", fact_text(host)});
  if (is_local_host(host)) {
    result.why = "password for a host of this machine or cluster";
    result.severity = Severity::Note;
  }
  return result;
}

CheckResult check_internal_host(std::string_view secret, std::string_view) {
  const std::string lower = lowered(secret.substr(0, secret.find(':')));
  const bool common = std::any_of(kCommonInternalHosts.begin(), kCommonInternalHosts.end(),
                                  [&](std::string_view name) { return lower == name; });
  return common || is_example_host(lower) ? rejected() : plausible();
}

}  // namespace tightship::detect
