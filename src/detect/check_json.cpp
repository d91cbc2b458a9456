#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "detect/checks.h"
#include "detect/codec.h"

// Tokens that carry JSON: decoded, named members read, nothing trusted. A match is at most
// match::kMaxMatchWidth bytes, which bounds every document here.

namespace tightship::detect {
namespace {

using Json = nlohmann::json;

std::optional<Json> parse_object(std::string_view text) {
  // Unbalanced nesting costs memory only: the parser keeps its own stack.
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::optional<Json> decode_object(std::string_view text, Base64 alphabet) {
  const auto bytes = decode_base64(text, alphabet);
  return bytes ? parse_object(*bytes) : std::nullopt;
}

std::string text_member(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<std::int64_t> time_member(const Json& object, const char* name) {
  constexpr double kMax = 253402300799.0;  // year 9999
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double seconds = at->get<double>();
  if (!(seconds >= 0 && seconds <= kMax)) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

struct Algorithm {
  std::string_view name;
  std::size_t min_signature, max_signature;  // bytes; RFC 7518, RFC 8037
};
constexpr std::array kAlgorithms = {
    Algorithm{"HS256", 32, 32},    Algorithm{"HS384", 48, 48},    Algorithm{"HS512", 64, 64},
    Algorithm{"ES256", 64, 64},    Algorithm{"ES384", 96, 96},    Algorithm{"ES512", 132, 132},
    Algorithm{"ES256K", 64, 64},   Algorithm{"RS256", 128, 1024}, Algorithm{"RS384", 128, 1024},
    Algorithm{"RS512", 128, 1024}, Algorithm{"PS256", 128, 1024}, Algorithm{"PS384", 128, 1024},
    Algorithm{"PS512", 128, 1024}, Algorithm{"EdDSA", 64, 114},
};

bool signature_fits(std::string_view algorithm, std::string_view signature) {
  const auto bytes = decode_base64(signature, Base64::UrlSafe);
  if (!bytes) return false;
  for (const Algorithm& known : kAlgorithms) {
    if (known.name == algorithm) return bytes->size() >= known.min_signature && bytes->size() <= known.max_signature;
  }
  return bytes->size() >= 16;  // an algorithm that we do not know
}

// The token of the tutorials.
bool is_documentation_sample(const Json& payload) {
  return text_member(payload, "sub") == "1234567890" && text_member(payload, "name") == "John Doe";
}

void read_supabase(const Json& payload, CheckResult& result) {
  const std::string issuer = text_member(payload, "iss"), role = text_member(payload, "role");
  if (issuer != "supabase" && issuer != "supabase-demo") return;
  result.facts.push_back({"role", fact_text(role)});
  const std::string project = text_member(payload, "ref");
  if (!project.empty()) result.facts.push_back({"project", fact_text(project)});
  if (issuer == "supabase-demo") {
    result.why = "key of Supabase's local demo";
    result.kind = Kind::Test;
    result.severity = Severity::Note;
  } else if (role == "anon") {
    result.why = "Supabase anon key: public by design, row level security must hold";
    result.kind = Kind::PublicByDesign;
    result.severity = Severity::Note;
  } else if (role == "service_role") {
    result.why = "Supabase service_role key: passes by row level security";
    result.severity = Severity::Error;
  }
}

}  // namespace

// RFC 7515, 7519: three base64url parts; header and payload are JSON objects, `alg` is required.
CheckResult check_jwt(std::string_view secret, std::string_view) {
  const std::size_t first = secret.find('.');
  const std::size_t second = first == std::string_view::npos ? first : secret.find('.', first + 1);
  if (second == std::string_view::npos) return rejected();
  const auto header = decode_object(secret.substr(0, first), Base64::UrlSafe);
  const auto payload = decode_object(secret.substr(first + 1, second - first - 1), Base64::UrlSafe);
  if (!header || !payload) return rejected();
  const std::string algorithm = text_member(*header, "alg");
  const std::string_view signature = secret.substr(second + 1);
  if (algorithm.empty() || is_documentation_sample(*payload)) return rejected();
  const bool is_unsigned = algorithm == "none" || algorithm == "None" || algorithm == "NONE";
  if (!is_unsigned && !signature_fits(algorithm, signature)) return rejected();

  CheckResult result = certain(fmt::format("header and claims decode, signed with {}", fact_text(algorithm)));
  if (is_unsigned) {
    result.why = "unsigned: alg is none";
    result.severity = Severity::Note;
  }
  result.facts.push_back({"algorithm", fact_text(algorithm)});
  const std::string issuer = text_member(*payload, "iss");
  if (!issuer.empty()) result.facts.push_back({"issuer", fact_text(issuer)});
  result.expires = time_member(*payload, "exp");
  result.facts.push_back({"expires", result.expires ? format_time(*result.expires) : "never"});
  read_supabase(*payload, result);
  return result;
}

bool is_void_jwt(std::string_view text) {
  if (!text.starts_with("eyJ")) return false;
  const std::size_t first = text.find('.');
  const auto header = decode_object(text.substr(0, first), Base64::UrlSafe);
  if (!header || text_member(*header, "alg").empty()) return false;
  if (first == std::string_view::npos) return true;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) return false;
  return decode_object(text.substr(first + 1, second - first - 1), Base64::UrlSafe) &&
         check_jwt(text, text).verdict == Verdict::Rejected;
}

// Sentry RFC 0091: sntrys_, base64 of {"iat", "url", "region_url", "org"}, _, base64 of 32 bytes.
CheckResult check_sentry_org(std::string_view secret, std::string_view) {
  constexpr std::string_view kPrefix = "sntrys_";
  const std::size_t joint = secret.rfind('_');
  if (!secret.starts_with(kPrefix) || joint < kPrefix.size()) return rejected();
  const auto claims = decode_object(secret.substr(kPrefix.size(), joint - kPrefix.size()), Base64::Standard);
  const auto key = decode_base64(secret.substr(joint + 1), Base64::Standard);
  if (!claims || !key || key->size() != 32) return rejected();
  const std::string organisation = text_member(*claims, "org");
  if (!claims->contains("iat") || organisation.empty()) return rejected();
  CheckResult result = certain("claims decode");
  result.facts.push_back({"organisation", fact_text(organisation)});
  const std::string url = text_member(*claims, "region_url");
  if (!url.empty()) result.facts.push_back({"host", fact_text(url)});
  return result;
}

// Grafana Cloud access policies: glc_, base64 of {"o": organisation, "n": name, "k": key, "m": ...}.
CheckResult check_grafana_cloud(std::string_view secret, std::string_view) {
  constexpr std::string_view kPrefix = "glc_";
  if (!secret.starts_with(kPrefix)) return rejected();
  const auto claims = decode_object(secret.substr(kPrefix.size()), Base64::Standard);
  if (!claims || !claims->contains("o") || !claims->contains("n") || !claims->contains("k")) return rejected();
  CheckResult result = certain("claims decode");
  result.facts.push_back({"name", fact_text(text_member(*claims, "n"))});
  return result;
}

// Grafana's old API keys: base64 of {"k": key, "n": name, "id": organisation}.
CheckResult check_grafana_api_key(std::string_view secret, std::string_view) {
  const auto claims = decode_object(secret, Base64::Standard);
  if (!claims || text_member(*claims, "k").empty() || !claims->contains("n") || !claims->contains("id"))
    return rejected();
  CheckResult result = certain("claims decode");
  result.facts.push_back({"name", fact_text(text_member(*claims, "n"))});
  return result;
}

// Cloudflare tunnels: base64 of {"a": account, "t": tunnel, "s": secret in base64}.
CheckResult check_cloudflare_tunnel(std::string_view secret, std::string_view) {
  const auto claims = decode_object(secret, Base64::Standard);
  if (!claims) return rejected();
  const auto key = decode_base64(text_member(*claims, "s"), Base64::Standard);
  const std::string account = text_member(*claims, "a"), tunnel = text_member(*claims, "t");
  if (!key || key->size() < 16 || account.size() != 32 || tunnel.size() != 36) return rejected();
  CheckResult result = certain("decodes to account, tunnel and secret");
  result.facts.push_back({"account", fact_text(account)});
  result.facts.push_back({"tunnel", fact_text(tunnel)});
  return result;
}

}  // namespace tightship::detect
