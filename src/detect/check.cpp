#include "detect/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "detect/checks.h"

namespace tightship::detect {
namespace {

struct Named {
  std::string_view name;
  Check check;
};
constexpr std::array kChecks = {
    Named{"age-key", check_age},
    Named{"atlassian-crc32", check_atlassian},
    Named{"aws-bedrock-key", check_aws_bedrock_key},
    Named{"aws-key-id", check_aws_key_id},
    Named{"aws-presigned-url", check_aws_presigned_url},
    Named{"azure-ad-secret", check_azure_ad},
    Named{"azure-cask", check_azure_cask},
    Named{"azure-devops-pat", check_azure_devops},
    Named{"azure-key", check_azure_key},
    Named{"azure-sas", check_azure_sas},
    Named{"bare-private-key", check_bare_private_key},
    Named{"base64-private-key", check_base64_private_key},
    Named{"base64-text", check_base64_text},
    Named{"basic-credentials", check_basic_credentials},
    Named{"bip39", check_bip39},
    Named{"basic-header", check_basic_header},
    Named{"cloudflare-crc32", check_cloudflare},
    Named{"cloudflare-tunnel", check_cloudflare_tunnel},
    Named{"cloudfront-signed-url", check_cloudfront_url},
    Named{"confluent-crc32", check_confluent},
    Named{"connection-string", check_connection_string},
    Named{"crc32-base62", check_crc32_base62},
    Named{"der-rsa-key", check_der_rsa_key},
    Named{"discord-token", check_discord},
    Named{"extended-key", check_extended_key},
    Named{"firebase-web-key", check_firebase_web_key},
    Named{"github-app-jwt", check_github_app_jwt},
    Named{"gitlab-routable", check_gitlab_routable},
    Named{"google-service-account", check_google_service_account},
    Named{"google-signed-url", check_google_signed_url},
    Named{"grafana-api-key", check_grafana_api_key},
    Named{"grafana-cloud", check_grafana_cloud},
    Named{"grafana-crc32", check_grafana},
    Named{"internal-host", check_internal_host},
    Named{"java-key", check_java_key},
    Named{"jwt", check_jwt},
    Named{"nats-seed", check_nats_seed},
    Named{"netrc", check_netrc},
    Named{"pem-private-key", check_pem},
    Named{"pgp-private-key", check_pgp},
    Named{"pkcs12-key", check_pkcs12_key},
    Named{"plain-password", check_plain_password},
    Named{"jdbc-password", check_jdbc_password},
    Named{"putty-private-key", check_putty},
    Named{"pypi-macaroon", check_pypi},
    Named{"secp256k1-key", check_secp256k1},
    Named{"sentry-org-token", check_sentry_org},
    Named{"typed-password", check_typed_password},
    Named{"url-credentials", check_url_credentials},
    Named{"wallet-import-key", check_wallet_import_key},
    Named{"zuplo-crc32", check_zuplo},
};

}  // namespace

Check find_check(std::string_view name) {
  const auto at = std::find_if(kChecks.begin(), kChecks.end(), [&](const Named& c) { return c.name == name; });
  return at == kChecks.end() ? nullptr : at->check;
}

std::vector<std::string_view> check_names() {
  std::vector<std::string_view> names;
  for (const Named& named : kChecks) names.push_back(named.name);
  return names;
}

std::int64_t now_seconds() {
  if (const char* pinned = std::getenv("SOURCE_DATE_EPOCH")) {
    const std::string_view text = pinned;
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size()) return seconds;
  }
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
}

std::string format_time(std::int64_t seconds) {
  constexpr std::int64_t kFirst = -62135596800, kLast = 253402300799;  // years 1 to 9999
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(std::clamp(seconds, kFirst, kLast))};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count());
}

std::string fact_text(std::string_view text) {
  constexpr std::size_t kMaxFact = 80;
  std::string out(text.substr(0, kMaxFact));
  for (char& c : out) c = c < 32 || c > 126 ? '?' : c;
  return out;
}

}  // namespace tightship::detect
