#include "detect/generic.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "detect/generic_features.h"
#include "detect/generic_model.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::array<std::string_view, 12> kTellingWords = {"password",   "passwd",      "passphrase", "secret",
                                                            "token",      "apikey",      "api_key",    "api-key",
                                                            "access_key", "private_key", "credential", "auth"};
constexpr std::size_t kMaxGrammarWord = 16;
constexpr std::size_t kMinRepeated = 5, kMinSpelled = 8;
// Calls that look a value up by a name: "os.environ.get(", "app.get(", "require(".
constexpr std::array<std::string_view, 5> kLookups = {"env", ".get(", "require(", "lookup(", "config("};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The method of a call on a variable: "password.decode(".
bool is_call_of_other(const Site& site) {
  if (site.operation != '(') return false;
  const std::string last = lowered(site.name.substr(site.name.rfind('.') + 1));
  return std::none_of(kTellingWords.begin(), kTellingWords.end(),
                      [&](std::string_view word) { return contains(last, word); }) &&
         !contains(last, "pass") && !contains(last, "pwd") && !contains(last, "key");
}

// Capitals of a token or key: "NOMKSTREAM", "GET_STATE".
bool is_word_of_grammar(const Site& site) {
  const std::string name = lowered(site.name);
  const bool secret = contains(name, "pass") || contains(name, "pwd") || contains(name, "secret");
  // "createToken('GTE0')"
  const bool made = site.operation == '(' && contains(name, "token") && site.value.size() <= kMaxGrammarWord;
  return !secret && all(site.value, [&](char c) { return is_upper(c) || c == '_' || (made && is_digit(c)); });
}

bool is_camel_case(std::string_view value) {
  return is_lower(value.front()) && count(value, is_upper) > 0 && all(value, is_letter);
}

// `PASSWORD: os.environ.get("PGPASSWORD")`
bool is_looked_up(const Site& site) {
  if (!site.wrapped) return false;
  const std::string call = lowered(site.between);
  return std::any_of(kLookups.begin(), kLookups.end(), [&](std::string_view word) { return contains(call, word); });
}

// `secret: secret.base32,`, `password: passwordHash,` in a text that shows code; `password: who.password`.
bool is_variable(const Site& site) {
  if (site.form != Form::Bare) return false;
  const std::size_t dot = site.value.rfind('.');
  if (dot != std::string_view::npos && dot > 0 &&
      lowered(site.value.substr(dot + 1)) == lowered(telling_word(site.name))) {
    return true;
  }
  if (!is_one_of(site.after, ",;)")) return false;
  const bool member = contains(site.value, ".") && contains(lowered(site.value), lowered(telling_word(site.name)));
  return is_camel_case(site.value) ||
         (member && all(site.value, [](char c) { return is_alphanumeric(c) || c == '.'; }));
}

// `{ token: i0.ElementRef }`: a class of a module, in code that stands in a string or is generated.
bool is_class_of_module(const Site& site) {
  if (site.form != Form::Bare || site.operation != ':') return false;
  const std::size_t dot = site.value.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 2 >= site.value.size()) return false;
  const std::string_view module = site.value.substr(0, dot), name = site.value.substr(dot + 1);
  const bool named = is_lower(module[0]) && all(module, is_alphanumeric) && is_upper(name[0]) &&
                     all(name, is_alphanumeric) && count(name, is_digit) <= 1;
  const auto end = static_cast<std::size_t>(site.value.data() + site.value.size() - site.line.data());
  const std::size_t next = end <= site.line.size() ? site.line.find_first_not_of(' ', end) : std::string_view::npos;
  return named && next != std::string_view::npos && is_one_of(site.line[next], "},)]");
}

// `https://codecov.io/gh/acme/shop/badge.svg?token=...`: shown to everybody who reads the page.
bool is_of_badge(const Site& site) {
  if (site.between != "=" || !is_one_of(site.before, "?&")) return false;
  const auto name = static_cast<std::size_t>(site.name.data() - site.line.data());
  const std::string_view before = site.line.substr(0, std::min(name, site.line.size()));
  const std::size_t blank = before.find_last_of(" \t\"'(<");
  const std::string_view url = blank == std::string_view::npos ? before : before.substr(blank + 1);
  return url.starts_with("http") && (contains(url, "badge") || contains(url, "//img.shields.io/"));
}

// What Kubernetes and its kin call their objects: lower-case words between dashes.
bool is_object_name(std::string_view value) {
  return is_lower(value.front()) && count(value, is_digit) <= 2 &&
         all(value, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

// `secret: registry-login`, `caSecret: shopsecret`: the secret of that name, kept elsewhere.
bool names_secret(const Site& site) {
  if (site.kind != FileKind::Yaml || site.form != Form::Bare || !is_object_name(site.value)) return false;
  const std::string name = lowered(site.name);
  if (!name.ends_with("secret")) return false;
  return site.value.ends_with("secret") || (name == "secret" && contains(site.value, "-"));
}

// `[password] :inline`: a keyword behind a list of parameters.
bool is_keyword(const Site& site) {
  return site.form == Form::Bare && !site.between.empty() && is_one_of(site.between.front(), "])") &&
         site.between.ends_with(" :");
}

// `"prefix-" + name`: the start of a text. A random value with something joined to it is one all the same.
bool is_start_of_text(const Site& site) {
  constexpr std::size_t kMaxDigits = 2;
  return site.goes_on && count(site.value, is_digit) <= kMaxDigits;
}

// `urn:k8s:secret:app:key`: parts of one name.
bool is_part_of_name(const Site& site) { return site.before == ':' && site.between == ":"; }

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (is_alphanumeric(c)) letters += c;
  }
  return lowered(letters);
}

bool is_code(const Site& site) { return site.kind >= FileKind::Script && site.kind != FileKind::Other; }

// `token: "variable-2"`: what a grammar for an editor calls a piece of text.
bool is_of_lexer(const Site& site) {
  constexpr std::array<std::string_view, 5> kNames = {"token", "prevtoken", "lasttoken", "curtoken", "currenttoken"};
  const std::string name = lowered(site.name.substr(site.name.rfind('.') + 1));
  std::string_view value = site.value;
  if (value.size() > 2 && is_digit(value.back()) && value[value.size() - 2] == '-') value.remove_suffix(2);
  return is_code(site) && std::find(kNames.begin(), kNames.end(), name) != kNames.end() &&
         all(value, [](char c) { return is_lower(c) || c == '-'; });
}

// `CLIENT_CREDENTIALS: "clientCredentials"`, `TOKEN_OPERATOR = intern("operator")`: a constant's text. Outside of code
// people make passwords of the name.
bool repeats_name(const Site& site) {
  const std::string name = letters_of(site.name.substr(site.name.rfind('.') + 1)), value = letters_of(site.value);
  if (is_code(site)) return value.size() >= kMinRepeated && name.ends_with(value);
  const bool spelled = is_camel_case(site.value) || site.value.find_first_of("-_.") != std::string_view::npos;
  const bool parts = site.value.find_first_of("-_") != std::string_view::npos && value.size() >= kMinSpelled;
  return spelled && (value == name || (parts && name.ends_with(value)));
}

bool is_believed_anew(Features features) {
  for (int kind = 0; kind <= static_cast<int>(FileKind::Other); ++kind) {
    for (const bool test : {false, true}) {
      set_file(features, static_cast<FileKind>(kind), test);
      if (generic_score(features) > 0) return true;
    }
  }
  return false;
}

// Whether there is a path for which the model is above its threshold: thirty runs of it. A history asks for each version
// of a file again, and the answers of late are kept.
bool is_believed_somewhere(const Features& features) {
  constexpr std::size_t kKept = 256;
  struct Kept {
    Features features{};
    bool any = false, believed = false;
  };
  thread_local std::vector<Kept> kept(kKept);
  const std::string_view bytes(reinterpret_cast<const char*>(features.data()), sizeof features);
  Kept& slot = kept[std::hash<std::string_view>()(bytes) % kKept];
  if (!slot.any || slot.features != features) slot = {features, true, is_believed_anew(features)};
  return slot.believed;
}

}  // namespace

Assignment split_assignment(std::string_view match, std::string_view secret) {
  const auto at = static_cast<std::size_t>(secret.data() - match.data());
  const std::string_view before = match.substr(0, std::min(at, match.size()));
  const std::size_t end = std::min(before.find_first_of(" \t\r\n=:\"'`>,(\\"), before.size());
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

std::string_view place_fault(const Site& site) {
  if (is_public_name(site.name)) return "public name";
  if (site.lock_file) return "lock file";
  if (is_call_of_other(site)) return "call";
  if (site.style_sheet) return "style sheet";
  if (is_looked_up(site) || is_variable(site) || names_secret(site) || is_class_of_module(site)) {
    return "reference";
  }
  if (is_of_badge(site)) return "public name";
  if (site.names_next) return "key";
  if (is_part_of_name(site)) return "path";
  if (is_start_of_text(site)) return "cut";
  if (site.alternative) return "alternative";
  if (repeats_name(site)) return "stand-in";
  // `("username", "password", "message")`, "`PGUSER`, `PGPASSWORD`, `PGDATABASE`": names of columns, parameters, fields,
  // variables.
  if (site.in_list && (all(site.value, [](char c) { return is_lower(c) || c == '_'; }) ||
                       all(site.value, [](char c) { return is_upper(c) || c == '_'; }))) {
    return "key";
  }
  const bool letters = all(site.value, [](char c) { return is_letter(c) || is_one_of(c, "-_.!?:"); });
  if (site.translation && letters) return "translation";
  if (site.no_file && letters && count(site.value.substr(1), is_upper) == 0) return "prose";
  if (site.form == Form::Bare && letters && site.before_word && !site.between.empty() && is_blank(site.between.back()))
    return "prose";
  // An option begins with a dash: "non-secret" does not.
  if (site.form == Form::Sql && contains(site.name, "-")) return "prose";
  if (is_word_of_grammar(site) || is_keyword(site) || is_of_lexer(site)) return "constant";
  // On the right side of a bare assignment in code stands a variable; in a comment often one too.
  const bool live = !site.commented && !site.in_string;
  return is_code(site) && site.form == Form::Bare && (live || is_camel_case(site.value)) ? "reference" : "";
}

std::string_view generic_fault(const Site& site) {
  const std::string_view fault = place_fault(site);
  if (!fault.empty()) return fault;
  return generic_score(generic_features(site)) > 0 ? "" : "unlikely";
}

std::string_view generic_fault_on_any_path(const Site& site) {
  const std::string_view fault = place_fault(site);
  if (!fault.empty()) return fault;
  Features features = generic_features(site);
  set_file(features, FileKind::Unknown, false);
  return is_believed_somewhere(features) ? "" : "unlikely";
}

}  // namespace tightship::detect
