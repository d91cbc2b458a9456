#include "detect/stand_in.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "detect/common_words.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMaxDigits = 5;
constexpr std::size_t kMaxHead = 3;
constexpr std::size_t kMaxMadeUp = 32;

// Words of which stand-ins are made: "my-password", "dbPassword", "client_secret", "password123"; and what a test
// says of the value: "wrong-password", "hashed".
constexpr std::array<std::string_view, 64> kWords = {
    "password", "passwd",  "pass",      "pwd",         "secret",  "token",      "key",       "api",
    "access",   "client",  "auth",      "user",        "name",    "my",         "your",      "some",
    "the",      "a",       "db",        "database",    "test",    "new",        "old",       "value",
    "here",     "string",  "id",        "example",     "sample",  "dummy",      "fake",      "mock",
    "random",   "change",  "me",        "it",          "default", "refresh",    "private",   "is",
    "for",      "this",    "foo",       "bar",         "app",     "login",      "wrong",     "incorrect",
    "invalid",  "correct", "hashed",    "encrypted",   "ignored", "disabled",   "confirmed", "original",
    "existing", "updated", "plaintext", "credentials", "custom",  "overridden", "mixed",     "other"};
// Words that ask for a value, and those that stand around them.
constexpr std::array<std::string_view, 12> kAsking = {"enter", "type",    "insert", "put",  "choose", "replace",
                                                      "paste", "provide", "set",    "fill", "your",   "pick"};
constexpr std::array<std::string_view, 22> kAround = {
    "in",     "an",  "with", "to", "must", "be",   "strong", "secure", "safe", "long",   "use",
    "please", "any", "own",  "of", "goes", "good", "real",   "very",   "from", "actual", "something"};
constexpr std::array<std::string_view, 9> kSecret = {"password", "passwd", "passphrase", "pass",      "pwd",
                                                     "secret",   "token",  "key",        "credential"};

// What stands between the prefix of a key and its random part.
constexpr std::array<std::string_view, 9> kKeyParts = {"live",    "preview", "legacy", "external", "internal",
                                                       "sandbox", "stg",     "ant",    "proj"};

// Words by their first letter: asked for every value behind the name of a secret.
class WordList {
 public:
  template <class Words>
  explicit WordList(const Words& words) {
    for (const std::string_view word : words) words_[static_cast<std::size_t>(word[0] - 'a')].push_back(word);
  }
  // How long the longest is that `text`, not empty, begins with; 0 when there is none.
  std::size_t longest(std::string_view text) const {
    if (!is_lower(text[0])) return 0;
    std::size_t width = 0;
    for (const std::string_view word : words_[static_cast<std::size_t>(text[0] - 'a')]) {
      if (text.starts_with(word)) width = std::max(width, word.size());
    }
    return width;
  }

 private:
  std::array<std::vector<std::string_view>, 26> words_;
};

struct Words {
  WordList plain{kWords}, asking{kAsking}, around{kAround}, secret{kSecret}, key_parts{kKeyParts};
};
const Words& words() {
  static const Words lists;
  return lists;
}

bool is_joint(char c) { return is_one_of(c, "-_. !@"); }

// Whether `lower` is nothing but words, told by `width_of` for what begins with a letter, joints and a few digits.
template <class F>
bool is_made_of(std::string_view lower, F width_of) {
  std::size_t digits = 0;
  while (!lower.empty()) {
    const char c = lower.front();
    std::size_t width = width_of(lower);
    if (width == 0 && (is_digit(c) || is_joint(c))) width = 1;
    if (width == 0 || (digits += is_digit(c) ? 1 : 0) > kMaxDigits) return false;
    lower.remove_prefix(width);
  }
  return true;
}

// "1", "123", "12345678910": digits that count up, or few.
bool is_counted(std::string_view digits) {
  return digits.size() <= 4 || std::string_view("12345678901234567890").starts_with(digits) || digits == "12345678910";
}

bool is_word(std::string_view letters) {
  return letters.size() == 1 || covered_by_words(letters) == letters.size() ||
         words().plain.longest(letters) == letters.size() || words().key_parts.longest(letters) == letters.size();
}

}  // namespace

bool is_stand_in(std::string_view value) {
  if (value.empty()) return false;
  const std::string lower = lowered(value);
  if (lower.find_first_not_of(lower.front()) == std::string::npos) return true;
  return is_made_of(lower, [](std::string_view rest) { return words().plain.longest(rest); }) || asks_for_secret(lower);
}

bool asks_for_secret(std::string_view value) {
  const std::string lower = lowered(value);
  bool asks = false, names = false;
  const bool made = is_made_of(lower, [&](std::string_view rest) {
    const std::size_t asking = words().asking.longest(rest), secret = words().secret.longest(rest);
    const std::size_t width = std::max({asking, secret, words().around.longest(rest), words().plain.longest(rest)});
    asks |= asking > 0 && asking == width;
    names |= secret > 0 && secret == width;
    return width;
  });
  return made && asks && names;
}

bool is_made_up_key(std::string_view value) {
  const std::size_t joint = value.find_first_of("-_");
  if (joint == std::string_view::npos || joint == 0 || joint > kMaxHead || value.size() > kMaxMadeUp) return false;
  if (!all(value.substr(0, joint), is_lower)) return false;
  bool worded = false;
  for (std::string_view rest = value.substr(joint); !rest.empty();) {
    const bool letters = is_lower(rest[0]);
    if (!letters && !is_digit(rest[0]) && !is_one_of(rest[0], "-_")) return false;
    const auto same = [&](char c) { return letters ? is_lower(c) : is_digit(rest[0]) && is_digit(c); };
    const auto stop = std::find_if_not(rest.begin() + 1, rest.end(), same);
    const std::string_view piece = rest.substr(0, static_cast<std::size_t>(stop - rest.begin()));
    if (letters ? !is_word(piece) : is_digit(piece[0]) && !is_counted(piece)) return false;
    worded |= letters && piece.size() > 1;
    rest.remove_prefix(piece.size());
  }
  return worded;
}

}  // namespace tightship::detect
