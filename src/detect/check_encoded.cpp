#include <fmt/format.h>

#include <algorithm>

#include "detect/checks.h"
#include "detect/codec.h"

// Secrets that files hold in base64: logins, keys, small documents.

namespace tightship::detect {
namespace {

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

// Basic credentials (RFC 7617): base64 of user, ':', password.
CheckResult check_basic_credentials(std::string_view secret, std::string_view match) {
  const auto text = decode_base64(secret, Base64::Standard);
  if (!text || !is_printable(*text)) return rejected();
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos || colon == 0) return rejected();
  const std::string_view password = std::string_view(*text).substr(colon + 1);
  if (check_plain_password(password, match).verdict == Verdict::Rejected) return rejected();
  CheckResult result = certain("decodes to a user and a password");
  result.facts.push_back({"user", fact_text(std::string_view(*text).substr(0, colon))});
  return result;
}

// base64 of a password, or of a user and a password.
CheckResult check_base64_text(std::string_view secret, std::string_view match) {
  const auto text = decode_base64(secret, Base64::Standard);
  if (!text || text->size() < 4 || !is_printable(*text)) return rejected();
  const std::size_t colon = text->find(':');
  const std::string_view password = std::string_view(*text).substr(colon == std::string::npos ? 0 : colon + 1);
  if (check_plain_password(password, match).verdict == Verdict::Rejected) return rejected();
  return certain("decodes to text");
}

// base64 of a private key in PEM: kubeconfig's client-key-data and its like.
CheckResult check_base64_private_key(std::string_view secret, std::string_view match) {
  const auto text = decode_base64(secret, Base64::Standard);
  return text ? check_pem(*text, match) : rejected();
}

// The base64 of a key in DER, whose frame was left away: PKCS#8 or RSA's own form.
CheckResult check_bare_private_key(std::string_view secret, std::string_view match) {
  for (const std::string_view label : {"PRIVATE KEY", "RSA PRIVATE KEY"}) {
    const CheckResult result =
        check_pem(fmt::format("-----BEGIN {0}-----\n{1}\n-----END {0}-----", label, secret), match);
    if (result.verdict == Verdict::Certain) return result;
  }
  return rejected();
}

// GitHub App tokens of the new form: ghs_, the app's id, _, a JWT.
CheckResult check_github_app_jwt(std::string_view secret, std::string_view match) {
  const std::size_t token = secret.find("eyJ");
  if (token == std::string_view::npos) return rejected();
  CheckResult result = check_jwt(secret.substr(token), match);
  result.severity.reset();
  return result;
}

// The key of a Firebase web configuration, whose other members stand beside it.
CheckResult check_firebase_web_key(std::string_view secret, std::string_view) {
  return secret.size() == 39 ? certain("Firebase web configuration: public by design") : rejected();
}

}  // namespace tightship::detect
