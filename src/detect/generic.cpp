#include "detect/generic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "detect/codec.h"
#include "detect/placeholder.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMinValue = 8;
constexpr std::size_t kMaxValue = 256;
constexpr double kMinEntropy = 2.8;       // bits a character; "hunter2!" has 3
constexpr double kMinTokenEntropy = 3.2;  // of values without digits and signs

constexpr std::array<std::string_view, 12> kTellingWords = {
    "password", "passwd",  "passphrase", "secret",      "token",      "apikey",
    "api_key",  "api-key", "access_key", "private_key", "credential", "auth"};
// Names of things that are public, or that only talk about a secret.
constexpr std::array<std::string_view, 46> kPublicNames = {
    "public",      "pubkey",   "pub_key",  "hash",        "sha1",        "sha256",      "sha512",  "md5",
    "integrity",   "checksum", "digest",   "fingerprint", "certificate", "algorithm",   "_alg",    "keyid",
    "key_id",      "key-id",   "name",     "label",       "hint",        "placeholder", "message", "msg",
    "error",       "field",    "header",   "prefix",      "suffix",      "path",        "file",    "url",
    "uri",         "endpoint", "type",     "length",      "regex",       "pattern",     "policy",  "title",
    "description", "tooltip",  "selector", "csrf",        "tokenizer",   "bos_token"};
constexpr std::array<std::string_view, 20> kReferenceStarts = {
    "process.env", "os.environ", "os.getenv", "getenv",  "env.",  "env(",    "env[",
    "import.meta", "secrets.",   "vars.",     "config.", "this.", "self.",   "settings.",
    "var.",        "local.",     "data.",     "vault:",  "ssm:",  "arn:aws:"};
constexpr std::array<std::string_view, 26> kWordParts = {
    "password",  "passwd", "secret", "token",    "changeme", "default", "admin",  "test",  "demo",
    "example",   "user",   "login",  "required", "invalid",  "missing", "string", "value", "null",
    "undefined", "none",   "true",   "false",    "todo",     "dummy",   "1234",   "123"};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
template <class F>
bool all(std::string_view text, F is) {
  return std::all_of(text.begin(), text.end(), is);
}
template <class F>
std::size_t count(std::string_view text, F is) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is));
}
bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// ${X}, {{ x }}, <x>, %s, %(x)s, $VAR, #{x}, @x@, [x], process.env.X, vault:..., f(x)
bool is_reference(std::string_view value, std::string_view lower) {
  if (value.starts_with('$') || value.starts_with('<') || value.starts_with('@') || value.starts_with('[') ||
      value.starts_with('%') || value.starts_with('&') || value.starts_with("#{") || value.starts_with('{') ||
      value.starts_with('(')) {
    return true;
  }
  for (const std::string_view part :
       {"${", "{{", "%(", "#{", "$(", "<%", "%s", "{0}", "\\u", "=>", "->", "::", "()"}) {
    if (contains(value, part)) return true;
  }
  if ((value.ends_with(')') && contains(value, "(")) || (value.ends_with(']') && contains(value, "[")))
    return true;
  return std::any_of(kReferenceStarts.begin(), kReferenceStarts.end(),
                     [&](std::string_view start) { return lower.starts_with(start); });
}

// Paths, addresses, file names, media types.
bool is_path(std::string_view value) {
  if (contains(value, "://") || value.starts_with('/') || value.starts_with("./") ||
      value.starts_with("../") || value.starts_with("~/") || contains(value, "\\\\") ||
      value.starts_with("C:")) {
    return true;
  }
  // A word, a dot and a short ending of letters; or slashes between words of letters.
  const std::size_t dot = value.rfind('.');
  if (dot != std::string_view::npos && value.size() - dot <= 6 && all(value.substr(dot + 1), is_lower) &&
      value.size() - dot > 2) {
    return true;
  }
  const bool slashed = count(value, [](char c) { return c == '/'; }) >= 1;
  return slashed &&
         all(value, [](char c) { return is_lower(c) || c == '/' || c == '-' || c == '_' || c == '.'; });
}

bool is_vowel(char c) { return std::string_view("aeiouyAEIOUY").find(c) != std::string_view::npos; }
bool is_joint(char c) { return std::string_view("_-.:/ ,").find(c) != std::string_view::npos; }

// Words in camelCase: lower-case letters never stand alone between others, as they do in random text.
bool is_camel(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool starts = is_lower(value[i]) && (i == 0 || !is_lower(value[i - 1]));
    const bool alone = starts && (i + 1 == value.size() || !is_lower(value[i + 1]));
    if (alone) return false;
  }
  return true;
}

// Identifiers, dotted paths, hyphenated words, camelCase: letters, joints, and a digit or two as in
// "oauth2" or at the end. Real passwords of words only are lost here, knowingly.
bool is_words(std::string_view value) {
  std::string_view stem = value;
  while (!stem.empty() && (is_digit(stem.back()) || stem.back() == '!')) stem.remove_suffix(1);
  if (value.size() - stem.size() > 4 || stem.empty()) return false;
  if (!all(stem, [](char c) { return is_letter(c) || is_digit(c) || is_joint(c); })) return false;
  if (count(stem, is_digit) > 2) return false;
  const std::size_t letters = count(stem, is_letter);
  if (count(stem, is_vowel) * 5 < letters) return false;
  if (count(stem, is_upper) == letters) return true;
  return count(stem, is_lower) * 10 >= letters * 6 && is_camel(stem);
}

// Every part between joints is a word of letters or a number: "user-id-2", "fs.s3a.secret.key".
bool is_dotted_identifier(std::string_view value) {
  if (count(value, [](char c) { return c == '.' || c == '_' || c == '-'; }) < 2) return false;
  std::size_t begin = 0;
  while (begin <= value.size()) {
    const std::size_t end = std::min(value.find_first_of("._-", begin), value.size());
    const std::string_view part = value.substr(begin, end - begin);
    const std::size_t digits = count(part, is_digit);
    if (!all(part, [](char c) { return is_letter(c) || is_digit(c); })) return false;
    if (digits > 2 && digits != part.size()) return false;
    if (digits == 0 || digits == part.size() || part.size() <= 4) {
      begin = end + 1;
      continue;
    }
    return false;
  }
  return true;
}

bool is_uuid(std::string_view value) {
  return value.size() == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-';
}

// What is left of a value when well-known words are taken out is too little to be random.
bool is_made_of_known_words(std::string lower) {
  for (const std::string_view word : kWordParts) {
    for (std::size_t at = lower.find(word); at != std::string::npos; at = lower.find(word))
      lower.erase(at, word.size());
  }
  return count(lower, [](char c) { return is_letter(c) || is_digit(c); }) < 4;
}

bool is_public_name(std::string_view name) {
  const std::string lower = lowered(name);
  return std::any_of(kPublicNames.begin(), kPublicNames.end(),
                     [&](std::string_view word) { return contains(lower, word); });
}

}  // namespace

Assignment split_assignment(std::string_view match, std::string_view secret) {
  const auto at = static_cast<std::size_t>(secret.data() - match.data());
  const std::string_view before = match.substr(0, std::min(at, match.size()));
  const std::size_t end = std::min(before.find_first_of(" \t=:\"'`>,("), before.size());
  return {before.substr(0, end), before.substr(end), secret};
}

std::string_view telling_word(std::string_view name) {
  const std::string lower = lowered(name);
  for (const std::string_view word : kTellingWords) {
    const std::size_t at = lower.find(word);
    if (at != std::string::npos) return name.substr(at, word.size());
  }
  return name;
}

std::string_view generic_fault(const Assignment& assignment) {
  const std::string_view value = assignment.value;
  const std::string lower = lowered(value);
  if (value.size() < kMinValue) return "short";
  if (value.size() > kMaxValue) return "long";
  if (is_public_name(assignment.name)) return "public name";
  if (!all(value, [](char c) { return c > 32 && c < 127; })) return "text";
  if (is_reference(value, lower)) return "reference";
  if (is_placeholder(value)) return "placeholder";
  if (is_path(value)) return "path";
  if (is_uuid(value)) return "uuid";
  if (all(value, [](char c) { return is_digit(c) || c == '.' || c == ',' || c == '-' || c == ':'; }))
    return "number";
  if (all(value, is_hex) && value.size() < 16) return "short hexadecimal";
  if (is_words(value) || is_dotted_identifier(value)) return "words";
  if (is_made_of_known_words(lower)) return "words";
  const bool plain = all(value, is_letter);
  if (shannon_entropy(value) < (plain ? kMinTokenEntropy : kMinEntropy)) return "low entropy";
  return "";
}

}  // namespace tightship::detect
