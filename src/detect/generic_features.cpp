#include "detect/generic_features.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>

#include "detect/codec.h"
#include "detect/common_words.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMaxLine = 400;  // longer lines are alike: minified, or data
constexpr int kShare = 100;            // shares are in hundredths

// Parts of names: what kind of secret, or what about it.
constexpr std::array<std::string_view, 20> kNameParts = {
    "password", "pass",   "pwd",      "secret",  "token", "key",  "api",  "access", "auth", "credential",
    "private",  "client", "consumer", "encrypt", "id",    "name", "test", "old",    "new",  "type"};
// Parts that make a name something about a secret, not a secret.
constexpr std::array<std::string_view, 46> kAboutParts = {
    "public", "hash",    "sha",      "md5",      "digest",  "finger",  "cert",   "algo",    "label", "hint",
    "holder", "message", "msg",      "error",    "field",   "header",  "prefix", "suffix",  "path",  "file",
    "url",    "uri",     "endpoint", "length",   "regex",   "pattern", "policy", "title",   "desc",  "tooltip",
    "select", "csrf",    "format",   "enable",   "require", "reset",   "forgot", "confirm", "valid", "size",
    "count",  "expire",  "class",    "provider", "store",   "column"};
// Parts of made-up values.
constexpr std::array<std::string_view, 24> kValueParts = {
    "your", "my",     "some", "test", "example", "dummy", "fake",   "secret", "password", "token", "pass", "key",
    "123",  "change", "foo",  "abc",  "user",    "admin", "random", "good",   "valid",    "here",  "this", "sample"};
constexpr std::string_view kSigns = "$@#/%.-_ +=!:";

struct Collector {
  Features values{};
  std::vector<std::string>* names = nullptr;
  std::string_view group;
  std::size_t size = 0;

  void put(std::string_view name, std::size_t value) {
    put_int(name, static_cast<int>(std::min<std::size_t>(value, 30'000)));
  }
  void put_int(std::string_view name, int value) {
    assert(size < kFeatureCount);
    values[size++] = static_cast<std::int16_t>(std::clamp(value, -30'000, 30'000));
    if (names != nullptr) names->push_back(std::string(group) + "." + std::string(name));
  }
};

std::size_t share(std::size_t part, std::size_t whole) { return whole == 0 ? 0 : part * kShare / whole; }
int class_of(char c) { return is_lower(c) ? 0 : is_upper(c) ? 1 : is_digit(c) ? 2 : 3; }

std::size_t distance(const char* from, const char* to) {
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(to - from, 0));
}

template <class F>
std::size_t longest_run(std::string_view text, F is) {
  std::size_t run = 0, best = 0;
  for (const char c : text) {
    run = is(c) ? run + 1 : 0;
    best = std::max(best, run);
  }
  return best;
}

std::size_t changes(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t i = 1; i < text.size(); ++i) n += class_of(text[i]) != class_of(text[i - 1]) ? 1 : 0;
  return n;
}

std::size_t most_frequent(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  return *std::max_element(counts.begin(), counts.end());
}

std::size_t entropy_hundredths(std::string_view text) {
  return static_cast<std::size_t>(std::lround(shannon_entropy(text) * 100));
}

// Letters alone: "passwordLabel" and "password_label" are one.
std::string letters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c)) out += to_lower(c);
  }
  return out;
}

// 0 none, 1 camelCase, 2 PascalCase, 3 CONSTANT_CASE, 4 snake_case, 5 kebab-case, 6 dotted.path,
// 7 lower-case letters, 8 capitals, 9 letters of both
std::size_t naming(std::string_view text) {
  if (text.empty() || !(is_letter(text[0]) || text[0] == '_')) return 0;
  const std::size_t lower = count(text, is_lower), upper = count(text, is_upper), digit = count(text, is_digit);
  const auto joint = [&](char c) { return count(text, [c](char x) { return x == c; }); };
  const std::size_t bars = joint('_'), dashes = joint('-'), dots = joint('.');
  if (lower + upper + digit + bars + dashes + dots != text.size()) return 0;
  if (dots > 0) return 6;
  if (bars > 0 && dashes == 0) return upper == 0 ? 4 : lower == 0 ? 3 : 0;
  if (dashes > 0 && bars == 0) return 5;
  if (bars + dashes > 0 || digit > 2) return 0;
  if (upper == 0) return digit == 0 ? 7 : 0;
  if (lower == 0) return digit == 0 ? 8 : 0;
  if (longest_run(text, is_upper) > 1) return 9;
  return is_upper(text[0]) ? 2 : 1;
}

void put_name(const Site& site, Collector& out) {
  out.group = "name";
  const std::string lower = lowered(site.name);
  std::string_view stem = lower;
  while (!stem.empty() && is_digit(stem.back())) stem.remove_suffix(1);
  for (const std::string_view part : kNameParts) out.put(part, contains(lower, part) ? 1 : 0);
  const bool last = stem.ends_with("password") || stem.ends_with("passwd") || stem.ends_with("pwd") ||
                    stem.ends_with("pass") || stem.ends_with("phrase") || stem.ends_with("secret") ||
                    stem.ends_with("token") || stem.ends_with("key");
  out.put("ends as a secret", last ? 1 : 0);
  out.put("length", site.name.size());
  out.put("capitals", share(count(site.name, is_upper), site.name.size()));
  out.put("joints", count(site.name, [](char c) { return c == '_' || c == '-'; }));
  out.put("dots", count(site.name, [](char c) { return c == '.'; }));
  out.put("about",
          static_cast<std::size_t>(std::count_if(kAboutParts.begin(), kAboutParts.end(),
                                                 [&](std::string_view part) { return contains(lower, part); })));
}

void put_form(const Site& site, Collector& out) {
  out.group = "form";
  out.put("kind", static_cast<std::size_t>(site.form));
  out.put("operation", static_cast<unsigned char>(site.operation));
  out.put("quote", static_cast<unsigned char>(site.quote));
  out.put("width", site.between.size());
  out.put("blanks", count(site.between, [](char c) { return c == ' ' || c == '\t'; }));
  out.put("quoted name", !site.between.empty() && is_quote(site.between.front()) ? 1 : 0);
  out.put("wrapped", site.wrapped ? 1 : 0);
  out.put("before", static_cast<unsigned char>(site.before));
  out.put("after", static_cast<unsigned char>(site.after));
  out.put("then a word", site.before_word ? 1 : 0);
  out.put("inside a string", site.in_string ? 1 : 0);
}

void put_shape(std::string_view value, Collector& out) {
  out.group = "shape";
  const std::size_t size = value.size();
  const std::size_t lower = count(value, is_lower), upper = count(value, is_upper), digit = count(value, is_digit);
  const std::size_t sign = size - lower - upper - digit;
  out.put("length", size);
  out.put("entropy", entropy_hundredths(value));
  out.put("lower", share(lower, size));
  out.put("upper", share(upper, size));
  out.put("digit", share(digit, size));
  out.put("sign", share(sign, size));
  out.put("signs", sign);
  out.put("digits", digit);
  out.put("capitals", upper);
  out.put("kinds", (lower > 0) + (upper > 0) + (digit > 0) + (sign > 0));
  out.put("changes", share(changes(value), size));
  out.put("most frequent", share(most_frequent(value), size));
  out.put("hexadecimal", all(value, is_hex) ? 1 : 0);
  out.put("base64", all(value, [](char c) { return is_alphanumeric(c) || is_one_of(c, "+/=_-"); }) ? 1 : 0);
  out.put("naming", naming(value));
  out.put("first", static_cast<std::size_t>(class_of(value.front())));
  for (std::size_t i = 0; i < kSigns.size(); ++i) {
    const char sign_character = kSigns[i];
    out.put(kSigns.substr(i, 1), count(value, [=](char c) { return c == sign_character; }));
  }
}

void put_words(const Site& site, Collector& out) {
  out.group = "words";
  const std::string lower = lowered(site.value);
  const std::size_t letters = count(lower, is_letter);
  for (const std::string_view part : kValueParts) out.put(part, contains(lower, part) ? 1 : 0);
  out.put("made-up parts",
          static_cast<std::size_t>(std::count_if(kValueParts.begin(), kValueParts.end(),
                                                 [&](std::string_view part) { return contains(lower, part); })));
  out.put("not words", share(lower.size() - covered_by_words(lower), lower.size()));
  out.put("vowels", share(count(lower, is_vowel), letters));
  out.put("consonants", longest_run(lower, [](char c) { return is_letter(c) && !is_vowel(c); }));
  out.put("letters", longest_run(lower, is_letter));
  const std::string name = letters_of(site.name), bare = letters_of(site.value);
  out.put("in name", !bare.empty() && contains(name, bare) ? 1 : 0);
  out.put("has name", !name.empty() && contains(bare, name) ? 1 : 0);
}

void put_place(const Site& site, Collector& out) {
  out.group = "line";
  out.put("length", std::min(site.line.size(), kMaxLine));
  out.put("comment", site.commented ? 1 : 0);
  out.put("before", std::min(distance(site.line.data(), site.name.data()), kMaxLine));
  out.put("after",
          std::min(distance(site.value.data() + site.value.size(), site.line.data() + site.line.size()), kMaxLine));
  out.put("user", contains(lowered(site.line.substr(0, kMaxLine)), "user") ? 1 : 0);
  out.put("sentences around", site.sentences);
  out.group = "file";
  out.put("kind", static_cast<std::size_t>(site.kind));
  out.put("code", site.kind >= FileKind::Script ? 1 : 0);
  out.put("test", site.test_path ? 1 : 0);
}

Collector collect(const Site& site, std::vector<std::string>* names) {
  Collector out;
  out.names = names;
  put_name(site, out);
  put_form(site, out);
  put_shape(site.value, out);
  put_words(site, out);
  put_place(site, out);
  return out;
}

}  // namespace

Features generic_features(const Site& site) { return collect(site, nullptr).values; }

void set_file(Features& features, FileKind kind, bool test_path) {
  // put_place has them last.
  features[kFeatureCount - 3] = static_cast<std::int16_t>(kind);
  features[kFeatureCount - 2] = kind >= FileKind::Script ? 1 : 0;
  features[kFeatureCount - 1] = test_path ? 1 : 0;
}

std::vector<std::string> feature_names() {
  std::vector<std::string> names;
  constexpr std::string_view kLine = "a=b";
  Site site;
  site.line = kLine;
  site.name = kLine.substr(0, 1);
  site.between = kLine.substr(1, 1);
  site.value = kLine.substr(2);
  collect(site, &names);
  return names;
}

}  // namespace tightship::detect
