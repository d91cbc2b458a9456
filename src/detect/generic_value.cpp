// What name and value alone say against a secret.
#include <algorithm>
#include <array>
#include <string>

#include "detect/checks.h"
#include "detect/folded.h"
#include "detect/generic.h"
#include "detect/stand_in.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMinValue = 4;
constexpr std::size_t kMaxValue = 256;

// Names of things that are public, or that only talk about a secret.
constexpr std::array<std::string_view, 55> kPublicNames = {"public",
                                                           "pubkey",
                                                           "pub_key",
                                                           "sha1",
                                                           "sha2",
                                                           "sha5",
                                                           "md5",
                                                           "tooltip",
                                                           "integrity",
                                                           "checksum",
                                                           "digest",
                                                           "fingerprint",
                                                           "certificate",
                                                           "algorithm",
                                                           "_alg",
                                                           "keyid",
                                                           "key_id",
                                                           "key-id",
                                                           "label",
                                                           "placeholder",
                                                           "message",
                                                           "_msg",
                                                           "selector",
                                                           "prefix",
                                                           "suffix",
                                                           "endpoint",
                                                           "tokenizer",
                                                           "bos_token",
                                                           "eos_token",
                                                           "pad_token",
                                                           "keyboard",
                                                           "secretname",
                                                           "secret_name",
                                                           "secret-name",
                                                           "passthr",
                                                           "passive",
                                                           "csrf",
                                                           "xsrf",
                                                           "authenticity_token",
                                                           "authenticity-token",
                                                           "pagetoken",
                                                           "page_token",
                                                           "nexttoken",
                                                           "next_token",
                                                           "synctoken",
                                                           "continuation",
                                                           "bypass",
                                                           "compass",
                                                           "passwordkey",
                                                           "encrypted",
                                                           "hashed",
                                                           "site_key",
                                                           "sitekey",
                                                           "publishable",
                                                           "anon_key"};
// The same, at the end of a name.
constexpr std::array<std::string_view, 49> kPublicEndings = {
    "file",     "path",       "url",     "uri",    "name",    "hint",        "scheme",   "type",    "format",
    "length",   "size",       "field",   "policy", "method",  "class",       "provider", "manager", "enabled",
    "required", "generated",  "store",   "regex",  "pattern", "expires",     "expiry",   "count",   "header",
    "hash",     "encryption", "encoder", "title",  "text",    "description", "error",    "column",  "table",
    "index",    "form",       "view",    "link",   "ids",     "address",     "limit",    "_rate",   "protected",
    "order",    "stdin",      "_at",     "mgr"};
// Values that are keywords of a language, a protocol or an interface.
constexpr std::array<std::string_view, 47> kConstants = {
    "true",     "false",    "null",          "none",    "undefined", "string",      "nil",    "number",
    "boolean",  "optional", "text",          "hidden",  "utf-8",     "utf8",        "ascii",  "latin1",
    "latin-1",  "base64",   "hex",           "include", "omit",      "same-origin", "bearer", "basic",
    "oauth",    "oauth2",   "jwt",           "plain",   "hs256",     "rs256",       "md5",    "sha1",
    "sha256",   "scram",    "scram-sha-256", "header",  "cookie",    "query",       "body",   "required",
    "function", "object",   "symbol",        "inherit", "removed",   "redacted",    "digest"};
// The last ones say where a package comes from: "workspace:^".
constexpr std::array<std::string_view, 25> kReferenceStarts = {
    "process.env", "os.environ", "os.getenv",  "getenv",   "env.",      "env(",  "env[",   "import.meta", "secrets.",
    "vars.",       "config.",    "this.",      "self.",    "settings.", "var.",  "local.", "data.",       "vault:",
    "ssm:",        "arn:aws:",   "workspace:", "catalog:", "npm:",      "link:", "portal:"};
constexpr std::array<std::string_view, 14> kReferenceParts = {"${",  "{{",  "%(", "#{", "$(", "<%", "%s",
                                                              "{0}", "\\u", "=>", "->", "::", "()", "]("};

bool is_word_text(std::string_view text) {
  return all(text, [](char c) { return is_letter(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ' '; });
}

// Words of the list anywhere in `text`: one pass, as few positions begin a word.
template <class Words>
bool has_word(std::string_view text, const Words& words) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const std::string_view word : words) {
      if (word[0] == text[i] && text.substr(i).starts_with(word)) return true;
    }
  }
  return false;
}

// "sk_{token}", "{user:>8}!": a text with holes that something fills in.
bool has_hole(std::string_view value) {
  for (std::size_t open = value.find('{'); open != std::string_view::npos; open = value.find('{', open + 1)) {
    std::size_t end = open + 1;
    while (end < value.size() && (is_letter(value[end]) || is_digit(value[end]) || value[end] == '_')) ++end;
    const bool named =
        end >= open + 3 && !is_digit(value[open + 1]) && end < value.size() && is_one_of(value[end], "}:.!([");
    if (named && contains(value.substr(end), "}")) return true;
  }
  return false;
}

// ${X}, {{ x }}, <x>, %s, %(x)s, $VAR, #{x}, @x@, [x], process.env.X, vault:..., f(x)
bool is_reference(std::string_view value, std::string_view lower) {
  // "'$1'": quotes of a shell around it.
  if (value.starts_with("'$") || value.starts_with("'\"$")) return true;
  if (value.starts_with('$') || value.starts_with('{') || value.ends_with('(')) return true;
  if (has_word(value, kReferenceParts) || has_hole(value)) return true;
  if ((value.ends_with(')') && contains(value, "(")) || (value.ends_with(']') && contains(value, "["))) return true;
  // A word in brackets or signs: a random value may begin with such a sign as well.
  const std::size_t first = value.find_first_not_of("<@[%&(#*~!");
  const std::size_t last = value.find_last_not_of(">@]%&)#*~!");
  if (first == std::string_view::npos || last == std::string_view::npos || last < first) return true;
  if (first > 0 && is_word_text(value.substr(first, last - first + 1))) return true;
  return std::any_of(kReferenceStarts.begin(), kReferenceStarts.end(),
                     [&](std::string_view start) { return lower.starts_with(start); });
}

// Paths, addresses, file names, media types.
bool is_path(std::string_view value) {
  if (contains(value, "://") || value.starts_with("./") || value.starts_with("../") || value.starts_with("~/") ||
      contains(value, "\\\\") || value.starts_with("C:")) {
    return true;
  }
  // A word, a dot and a short ending of letters; or slashes between words of letters.
  const std::size_t dot = value.rfind('.');
  if (dot != std::string_view::npos && value.size() - dot <= 6 && all(value.substr(dot + 1), is_lower) &&
      value.size() - dot > 2) {
    return true;
  }
  const std::size_t slashes = count(value, [](char c) { return c == '/'; });
  return slashes >= 1 && (value.starts_with('/') || value.size() < 16) && count(value, is_digit) * 8 <= value.size() &&
         count(value, is_upper) * 4 <= value.size();
}

// "AKIAEXAMPLE/20130524/us-east-1/s3/aws4_request": the scope of a signature (AWS Signature Version 4, and those
// made after it), which names a key and proves nothing.
bool is_credential_scope(std::string_view value) {
  if (!value.ends_with("4_request")) return false;
  for (std::size_t slash = value.find('/'); slash != std::string_view::npos; slash = value.find('/', slash + 1)) {
    const std::string_view date = value.substr(slash + 1, 8);
    if (date.size() == 8 && all(date, is_digit) && contains(value.substr(slash + 9), "/")) return true;
  }
  return false;
}

// "#7AC455", "#fffc"
bool is_colour(std::string_view value) {
  return value.starts_with('#') && (value.size() == 4 || value.size() == 5 || value.size() == 7 || value.size() == 9) &&
         all(value.substr(1), is_hex);
}

bool is_password_name(std::string_view name) {
  const std::string lower = lowered(name);
  return contains(lower, "pass") || contains(lower, "pwd");
}

bool is_uuid(std::string_view value) {
  return value.size() == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-';
}

// "^7.1.2", "v2.0.0-rc1", ">=1.2"
bool is_version(std::string_view value) {
  value.remove_prefix(std::min(value.find_first_not_of("^~<>=v"), value.size()));
  const std::size_t dot = value.find('.');
  return dot != std::string_view::npos && dot > 0 && dot <= 4 && dot + 1 < value.size() && is_digit(value[dot + 1]) &&
         all(value.substr(0, dot), is_digit) && value.size() < 16;
}

// "1.0.8-debian-12-r0": the tag of an image.
bool is_tag(std::string_view value) {
  std::size_t numbers = 0;
  while (numbers < 3) {
    const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
    if (digits == 0 || digits > 5) return false;
    value.remove_prefix(digits);
    if (++numbers < 3 && !value.starts_with('.')) return false;
    if (numbers < 3) value.remove_prefix(1);
  }
  return value.starts_with('-') &&
         all(value, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; });
}

// "2006-01-02T15:04:05Z"
bool is_time(std::string_view value) {
  constexpr std::string_view kForm = "0000-00-00T00:00";
  if (value.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? !is_digit(value[i]) : value[i] != kForm[i]) return false;
  }
  return all(value.substr(kForm.size()), [](char c) { return is_digit(c) || is_one_of(c, ":.+-Z"); });
}

// "60/minute"
bool is_rate(std::string_view value) {
  const std::size_t slash = value.find('/');
  return slash != std::string_view::npos && slash > 0 && all(value.substr(0, slash), is_digit) &&
         all(value.substr(slash + 1), is_lower);
}

// "--advertise-routes=10.0.0.0/24": the next argument, not this one's value.
bool is_option(std::string_view value) {
  if (!value.starts_with("--") || value.size() < 4) return false;
  const std::string_view name = value.substr(2, value.find('=') - 2);
  return is_lower(name.front()) && all(name, [](char c) { return is_lower(c) || c == '-'; });
}

// "1*tchar", "1*<any": what is repeated in a grammar (RFC 5234).
bool is_of_grammar(std::string_view value) {
  const std::size_t star = value.find('*');
  return star != std::string_view::npos && star > 0 && star <= 2 && star + 1 < value.size() &&
         all(value.substr(0, star), is_digit) &&
         all(value.substr(star + 1), [](char c) { return is_letter(c) || is_one_of(c, "-<>()"); });
}

// "^[-]{0,2}pass(word)?", "^\\w+$"
bool is_pattern(std::string_view value) {
  return value.starts_with('^') && value.find_first_of("[(\\") != std::string_view::npos;
}

}  // namespace

bool is_public_name(std::string_view name) {
  const std::string lower = lowered(name);
  if (name.ends_with("Id") || lower.ends_with("_id") || lower.ends_with("-id")) return true;
  // "update_password: always" says when, not what.
  return lower.starts_with("update_") || has_word(lower, kPublicNames) ||
         std::any_of(kPublicEndings.begin(), kPublicEndings.end(),
                     [&](std::string_view word) { return lower.ends_with(word); });
}

// Cheapest first: it is asked for every match.
std::string_view value_fault(const Assignment& assignment) {
  const std::string_view value = first_fold(assignment.value);
  if (value.size() < kMinValue) return "short";
  if (value.size() > kMaxValue) return "long";
  if (!all(value, [](char c) { return c > 32 && c < 127; })) return "text";
  if (all(value, [](char c) { return is_digit(c) || c == '.' || c == ',' || c == '-' || c == ':'; })) return "number";
  if (is_uuid(value)) return "uuid";
  if (is_colour(value)) return "colour";
  if (is_rate(value)) return "rate";
  if (is_credential_scope(value)) return "credential scope";
  if (is_option(value)) return "option";
  if (is_pattern(value) || is_of_grammar(value)) return "pattern";
  if (is_version(value) || is_tag(value)) return "version";
  if (is_time(value)) return "number";
  const std::string lower = lowered(value);
  if (is_reference(value, lower)) return "reference";
  if (is_path(value)) return "path";
  if (contains(value, "...")) return "cut";
  if (std::find(kConstants.begin(), kConstants.end(), lower) != kConstants.end()) return "constant";
  if (is_stand_in(lower)) return "stand-in";
  if (!is_password_name(assignment.name) && is_made_up_key(value)) return "stand-in";
  if (is_public_name(assignment.name)) return "public name";
  return is_void_jwt(value) ? "sample" : "";
}

}  // namespace tightship::detect
