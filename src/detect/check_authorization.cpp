#include <algorithm>

#include "detect/check.h"
#include "detect/checks.h"
#include "detect/codec.h"
#include "detect/placeholder.h"
#include "detect/stand_in.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMinPassword = 3;

// ${X}, $X, <x>, {{ x }}, %s, ***
bool is_reference(std::string_view text) {
  return text.starts_with('$') || text.starts_with('%') || text.starts_with('<') || text.starts_with('[') ||
         contains(text, "${") || contains(text, "{{") || contains(text, "***") || contains(text, "$(");
}

bool stands_in(std::string_view user, std::string_view password) {
  return lowered(password) == lowered(user) || is_stand_in(password) || is_placeholder(password);
}

}  // namespace

// RFC 7617: base64 of `user:password`. A user name has no colon.
CheckResult check_basic_header(std::string_view secret, std::string_view) {
  const auto text = decode_base64(secret, Base64::Standard);
  if (!text || !all(*text, [](char c) { return c >= 32 && c < 127; })) return rejected();
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos) return rejected();
  const std::string_view user = std::string_view(*text).substr(0, colon);
  const std::string_view password = std::string_view(*text).substr(colon + 1);
  if (user.empty() && password.size() < 8) return rejected();
  if (is_reference(user) || is_reference(password)) return rejected();
  CheckResult result = plausible();
  if (!user.empty()) result.facts.push_back({"user", fact_text(user)});
  if (password.size() < kMinPassword || stands_in(user, password)) {
    if (lowered(password) == "password" || asks_for_secret(password) || is_placeholder(password)) return rejected();
    result.why = "decodes to a user name and a trivial password";
    // "client_id:client_secret"; "test1:test11111" is somebody's.
    if (std::none_of(password.begin(), password.end(), is_digit)) result.severity = Severity::Note;
  }
  if (password == "open sesame" && user == "Aladdin") {
    result.why = "the example of RFC 7617";
    result.kind = Kind::Test;
    result.severity = Severity::Note;
  }
  return result;
}

// A password that somebody typed, behind `user:`.
CheckResult check_typed_password(std::string_view secret, std::string_view) {
  return is_reference(secret) || stands_in("", secret) ? rejected() : plausible();
}

}  // namespace tightship::detect
