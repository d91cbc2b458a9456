#pragma once

// The offline checks by family. Private to src/detect: callers use find_check().

#include <string>
#include <string_view>

#include "detect/check.h"

namespace tightship::detect {

inline CheckResult rejected() {
  return {.verdict = Verdict::Rejected, .why = {}, .severity = {}, .kind = {}, .facts = {}, .expires = {}};
}
inline CheckResult plausible(std::string why = {}) {
  return {.verdict = Verdict::Plausible, .why = std::move(why), .severity = {}, .kind = {}, .facts = {}, .expires = {}};
}
inline CheckResult certain(std::string why) {
  return {.verdict = Verdict::Certain, .why = std::move(why), .severity = {}, .kind = {}, .facts = {}, .expires = {}};
}

// "2026-11-24 16:05 UTC"
std::string format_time(std::int64_t seconds);

// Text from inside a token as it may stand in a report: printable ASCII, at most 80 bytes.
std::string fact_text(std::string_view text);

// check_checksums.cpp
CheckResult check_crc32_base62(std::string_view secret, std::string_view match);
CheckResult check_grafana(std::string_view secret, std::string_view match);
CheckResult check_atlassian(std::string_view secret, std::string_view match);
CheckResult check_cloudflare(std::string_view secret, std::string_view match);
CheckResult check_confluent(std::string_view secret, std::string_view match);
CheckResult check_zuplo(std::string_view secret, std::string_view match);
CheckResult check_gitlab_routable(std::string_view secret, std::string_view match);
CheckResult check_age(std::string_view secret, std::string_view match);
CheckResult check_nats_seed(std::string_view secret, std::string_view match);

// check_azure.cpp
CheckResult check_azure_key(std::string_view secret, std::string_view match);
CheckResult check_azure_ad(std::string_view secret, std::string_view match);
CheckResult check_azure_cask(std::string_view secret, std::string_view match);
CheckResult check_azure_devops(std::string_view secret, std::string_view match);

// check_json.cpp: tokens that carry JSON
CheckResult check_jwt(std::string_view secret, std::string_view match);
// Whether `text` is the header of a JWT alone, or a JWT that check_jwt() refutes: the sample of the tutorials, or one
// whose signature is none of its algorithm.
bool is_void_jwt(std::string_view text);
CheckResult check_sentry_org(std::string_view secret, std::string_view match);
CheckResult check_grafana_cloud(std::string_view secret, std::string_view match);
CheckResult check_grafana_api_key(std::string_view secret, std::string_view match);
CheckResult check_cloudflare_tunnel(std::string_view secret, std::string_view match);

// check_tokens.cpp: structures without a checksum
CheckResult check_aws_key_id(std::string_view secret, std::string_view match);
CheckResult check_pypi(std::string_view secret, std::string_view match);
CheckResult check_discord(std::string_view secret, std::string_view match);

// check_authorization.cpp
CheckResult check_basic_header(std::string_view secret, std::string_view match);
CheckResult check_typed_password(std::string_view secret, std::string_view match);

// check_pem.cpp, check_armor.cpp
CheckResult check_pem(std::string_view secret, std::string_view match);
CheckResult check_google_service_account(std::string_view secret, std::string_view match);
CheckResult check_pgp(std::string_view secret, std::string_view match);
CheckResult check_putty(std::string_view secret, std::string_view match);

// check_binary.cpp
CheckResult check_der_rsa_key(std::string_view secret, std::string_view match);
CheckResult check_pkcs12_key(std::string_view secret, std::string_view match);
CheckResult check_java_key(std::string_view secret, std::string_view match);

// check_encoded.cpp: base64 of something that has a check of its own
CheckResult check_basic_credentials(std::string_view secret, std::string_view match);
CheckResult check_base64_text(std::string_view secret, std::string_view match);
CheckResult check_base64_private_key(std::string_view secret, std::string_view match);
CheckResult check_bare_private_key(std::string_view secret, std::string_view match);
CheckResult check_github_app_jwt(std::string_view secret, std::string_view match);
CheckResult check_firebase_web_key(std::string_view secret, std::string_view match);

// check_passwords.cpp
CheckResult check_url_credentials(std::string_view secret, std::string_view match);
CheckResult check_plain_password(std::string_view secret, std::string_view match);
CheckResult check_jdbc_password(std::string_view secret, std::string_view match);
CheckResult check_netrc(std::string_view secret, std::string_view match);
CheckResult check_connection_string(std::string_view secret, std::string_view match);
CheckResult check_internal_host(std::string_view secret, std::string_view match);

// check_urls.cpp
CheckResult check_aws_presigned_url(std::string_view secret, std::string_view match);
CheckResult check_google_signed_url(std::string_view secret, std::string_view match);
CheckResult check_azure_sas(std::string_view secret, std::string_view match);
CheckResult check_cloudfront_url(std::string_view secret, std::string_view match);
CheckResult check_aws_bedrock_key(std::string_view secret, std::string_view match);

// check_wallets.cpp
CheckResult check_bip39(std::string_view secret, std::string_view match);
CheckResult check_extended_key(std::string_view secret, std::string_view match);
CheckResult check_wallet_import_key(std::string_view secret, std::string_view match);
CheckResult check_secp256k1(std::string_view secret, std::string_view match);

}  // namespace tightship::detect
