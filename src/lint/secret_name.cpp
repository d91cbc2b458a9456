// What a name says about its value, and which values only stand for another one.

#include <algorithm>
#include <array>

#include "detect/generic.h"
#include "detect/placeholder.h"
#include "detect/text_class.h"
#include "lint/secret_value.h"

namespace tightship::lint {
namespace {

using detect::contains;
using detect::lowered;

// The letters of a text, caseless, as a set: a word can only stand in a name that has all of its letters. Asked
// first, this spares most names the search for each word.
constexpr std::uint32_t letters_of(std::string_view text) {
  std::uint32_t set = 0;
  for (const char c : text) {
    const char lower = detect::to_lower(c);
    if (detect::is_lower(lower)) set |= std::uint32_t{1} << (lower - 'a');
  }
  return set;
}

template <class Words>
constexpr auto letters_of_each(const Words& words) {
  std::array<std::uint32_t, std::tuple_size_v<Words>> sets{};
  for (std::size_t i = 0; i < words.size(); ++i) sets[i] = letters_of(words[i]);
  return sets;
}

template <std::size_t N>
bool may_hold_any(std::string_view text, const std::array<std::uint32_t, N>& words) {
  const std::uint32_t letters = letters_of(text);
  return std::any_of(words.begin(), words.end(), [&](std::uint32_t word) { return (letters & word) == word; });
}

// Prefixes that build tools put into pages. Angular, Parcel and others have none.
constexpr std::array<std::string_view, 19> kPublicPrefixes = {
    "NEXT_PUBLIC_", "VITE_",      "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "PUBLIC_",          "GATSBY_",
    "VUE_APP_",     "STORYBOOK_", "NG_APP_",    "BUN_PUBLIC_",  "REDWOOD_ENV_", "SNOWPACK_PUBLIC_", "PLASMO_PUBLIC_",
    "WXT_",         "TARO_APP_",  "RAZZLE_",    "MIX_",         "PREACT_APP_"};

constexpr std::uint32_t kPrefixInitials = [] {
  std::uint32_t set = 0;
  for (const std::string_view prefix : kPublicPrefixes) set |= letters_of(prefix.substr(0, 1));
  return set;
}();

// "stripeSecretKey" and "STRIPE_SECRET_KEY" as "_stripe_secret_key_".
std::string words_of(std::string_view name) {
  std::string out = "_";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (i > 0 && detect::is_upper(c) && detect::is_lower(name[i - 1])) out += '_';
    out += detect::is_alphanumeric(c) ? detect::to_lower(c) : '_';
  }
  return out + '_';
}

template <class Words>
bool has_any(std::string_view text, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(text, word); });
}

// A word of these, alone or at the end of a joined one ("DBPASSWORD").
constexpr std::array<std::string_view, 22> kSecretWords = {
    "password_",    "passwd_",   "passphrase_", "_pwd_",           "_pass_",          "secret_",
    "token_",       "apikey_",   "api_key_",    "private_key_",    "service_role_",   "service_role_key_",
    "access_key_",  "auth_key_", "secret_key_", "signing_key_",    "encryption_key_", "master_key_",
    "credentials_", "_secret_",  "_app_key_",   "secret_key_base_"};
constexpr auto kSecretLetters = letters_of_each(kSecretWords);
constexpr std::array<std::string_view, 15> kPublicWords = {
    "_public_key_",  "_publishable_",    "_anon_",       "_site_key_",     "_sitekey_",
    "_client_id_",   "_measurement_id_", "_csrf_",       "_xsrf_",         "_max_tokens_",
    "_token_limit_", "_tokens_",         "_csrf_token_", "_client_token_", "_write_key_"};
constexpr std::array<std::string_view, 9> kSigningWords = {"secret_key_base_", "_secret_key_", "_app_key_",
                                                           "encryption_key_",  "signing_key_", "_jwt_key_",
                                                           "cookie_key_",      "hash_key_",    "_salt_"};
constexpr std::array<std::string_view, 10> kSigningSecrets = {
    "session_secret_", "jwt_secret_",  "auth_secret_",    "nextauth_secret_", "cookie_secret_",
    "app_secret_",     "csrf_secret_", "signing_secret_", "token_secret_",    "encryption_secret_"};
// Somebody else chose these: their length is not ours to judge.
constexpr std::array<std::string_view, 11> kForeignSecrets = {
    "client_secret_", "webhook_secret_", "stripe_",  "google_", "github_", "aws_", "twilio_", "s3_",
    "slack_",         "api_secret_",     "facebook_"};

constexpr std::array<std::string_view, 15> kTodo = {"todo",    "fixme",       "tbd",         "none yet",    "fill in",
                                                    "fill_in", "fill-in",     "fillme",      "set me",      "set_me",
                                                    "setme",   "change this", "change-this", "change_this", "replace"};

}  // namespace

std::string_view without_public_prefix(std::string_view name) {
  // Asked for every name several times: most begin with another letter than any of these.
  if (name.empty() || (kPrefixInitials & letters_of(name.substr(0, 1))) == 0) return name;
  for (const std::string_view prefix : kPublicPrefixes) {
    if (name.starts_with(prefix) && name.size() > prefix.size()) return name.substr(prefix.size());
  }
  return name;
}

bool is_secret_name(std::string_view name) {
  const std::string_view inner = without_public_prefix(name);
  if (!may_hold_any(inner, kSecretLetters)) return false;  // the three below are longer forms of these
  const std::string words = words_of(inner);
  const bool said = std::any_of(kSecretWords.begin(), kSecretWords.end(),
                                [&](std::string_view word) { return words.ends_with(word); }) ||
                    contains(words, "_secret_") || contains(words, "password_") || contains(words, "_private_key_");
  // "..._KEY_ID" and "..._TOKEN_URL" are about a secret.
  return said && !has_any(words, kPublicWords) && !detect::is_public_name(inner);
}

bool is_signing_name(std::string_view name) {
  const std::string words = words_of(without_public_prefix(name));
  if (!contains(words, "secret_") && !words.ends_with("_key_") && !words.ends_with("_salt_")) return false;
  if (has_any(words, kForeignSecrets) || has_any(words, kPublicWords)) return false;
  return has_any(words, kSigningSecrets) || words == "_secret_" ||
         std::any_of(kSigningWords.begin(), kSigningWords.end(),
                     [&](std::string_view word) { return words.ends_with(word); });
}

bool is_placeholder_value(std::string_view value) {
  if (value.empty()) return false;
  const std::string lower = lowered(value);
  if (value.front() == '<' && value.back() == '>') return true;
  if (std::any_of(kTodo.begin(), kTodo.end(), [&](std::string_view word) { return lower.starts_with(word); }))
    return true;
  if (detect::all(lower, [](char c) { return c == 'x' || c == '*' || c == '.' || c == '?' || c == '-'; }) &&
      value.size() >= 3)
    return true;
  if (contains(value, "://") || value.find(' ') != std::string_view::npos)
    return lower.starts_with("your ") || lower.starts_with("<");
  const std::string_view fault = detect::value_fault({"", "=", value});
  return fault == "stand-in" || fault == "cut" || detect::is_placeholder(value);
}

Mode mode_of(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 9> kSwitches = {
      "_plaid_env_",          "_paypal_mode_",           "_paypal_env_",
      "_paypal_environment_", "_braintree_environment_", "_square_environment_",
      "_adyen_environment_",  "_paddle_environment_",    "_paddle_env_"};
  if (value.size() < 16) {
    const std::string lower = lowered(value);
    const bool live = lower == "production" || lower == "live";
    const bool test = lower == "sandbox" || lower == "test" || lower == "development";
    if ((live || test) && has_any(words_of(name), kSwitches)) return live ? Mode::Live : Mode::Test;
    return Mode::Unknown;
  }
  if (value.find(' ') != std::string_view::npos) return Mode::Unknown;
  const std::string head = lowered(value.substr(0, 16));
  if (head.starts_with("live_") || contains(head, "_live_")) return Mode::Live;
  if (head.starts_with("test_") || contains(head, "_test_") || head.starts_with("sandbox_")) return Mode::Test;
  return Mode::Unknown;
}

}  // namespace tightship::lint
