#include "detect/placeholder.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>

#include "detect/codec.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kMaxValue = 512;
constexpr std::size_t kMaxPeriod = 16;

// At least five letters each: a given one turns up by chance in 40 random base62 characters, caseless,
// about once in 700 000.
constexpr std::array<std::string_view, 36> kWords = {
    "example",     "placeholder", "changeme", "change_me",  "change-me", "dummy",         "sample",     "redacted",
    "foobar",      "notreal",     "not_real", "insert",     "replace",   "yourkey",       "your_",      "your-",
    "yoursecret",  "yourtoken",   "yourapi",  "<your",      "xxxxx",     "secretkeyhere", "changethis", "change_this",
    "change-this", "generate",    "openssl",  "characters", "minimum",   "goeshere",      "goes_here",  "goes-here",
    "notareal",    "at-least",    "atleast",  "at_least"};
// Sequences that fingers make; matched caseless and backwards too.
constexpr std::array<std::string_view, 6> kSequences = {"01234567890123456789",
                                                        "abcdefghijklmnopqrstuvwxyzabcdef",
                                                        "qwertyuiopasdfghjklzxcvbnm",
                                                        "0123456789abcdef0123456789abcdef",
                                                        "1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p",
                                                        "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"};
// Too short for that unless the capitals count as well.
constexpr std::array<std::string_view, 2> kSpelledWords = {"Fake", "FAKE"};
constexpr std::size_t kMinSequence = 5;
constexpr std::size_t kShortSequence = 4, kMinOfShort = 12;

bool is_filler(char c) { return c == 'x' || c == '*' || c == '.' || c == '#' || c == '?'; }

bool has_few_characters(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<std::uint8_t>(c)];
  const auto distinct =
      static_cast<std::size_t>(std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; }));
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  return distinct <= 2 || most * 2 > text.size();
}

// Four fillers, or eight of any other character: hexadecimal keys of 64 digits have runs of six.
bool has_long_run(std::string_view text) {
  std::size_t run = 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    run = text[i] == text[i - 1] ? run + 1 : 1;
    if (run >= (is_filler(text[i]) ? 4u : 8u)) return true;
  }
  return false;
}

bool is_periodic(std::string_view text) {
  for (std::size_t period = 1; period <= kMaxPeriod && period * 2 <= text.size(); ++period) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return true;
  }
  return false;
}

// The longest beginning of `text` that stands in one of the sequences, forwards or backwards.
std::size_t sequence_length(std::string_view text) {
  std::size_t best = 0;
  for (const std::string_view sequence : kSequences) {
    const std::string backwards(sequence.rbegin(), sequence.rend());
    for (const std::string_view line : {sequence, std::string_view(backwards)}) {
      for (std::size_t at = 0; at < line.size(); ++at) {
        std::size_t length = 0;
        while (length < text.size() && at + length < line.size() && text[length] == line[at + length]) ++length;
        best = std::max(best, length);
      }
    }
  }
  return best;
}

// For each pair of characters whether it stands in a sequence, forwards or backwards: hardly any pair of
// a random value does, and the search for the longest piece is not begun there.
class Neighbours {
 public:
  Neighbours() {
    for (const std::string_view line : kSequences) {
      for (std::size_t i = 1; i < line.size(); ++i) {
        pairs_[index(line[i - 1], line[i])] = true;
        pairs_[index(line[i], line[i - 1])] = true;
      }
    }
  }
  bool known(char a, char b) const { return pairs_[index(a, b)]; }

 private:
  static std::size_t index(char a, char b) {
    return std::size_t{static_cast<std::uint8_t>(a)} * 256 + static_cast<std::uint8_t>(b);
  }
  std::bitset<65536> pairs_;
};

const Neighbours& neighbours() {
  static const Neighbours known;
  return known;
}

// "asdfqwer1234": nothing but short pieces; people have shorter passwords of that kind.
bool is_row_of_sequences(std::string_view text) {
  if (text.size() < kMinOfShort) return false;
  while (!text.empty()) {
    if (text.size() < kShortSequence || !neighbours().known(text[0], text[1])) return false;
    const std::size_t length = sequence_length(text);
    if (length < kShortSequence) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_sequence(std::string_view text) {
  std::size_t covered = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (i + 1 >= text.size() || !neighbours().known(text[i], text[i + 1])) {
      ++i;
      continue;
    }
    const std::size_t length = sequence_length(text.substr(i));
    if (length >= kMinSequence) covered += length;
    i += length >= kMinSequence ? length : 1;
  }
  return covered * 2 >= text.size() || is_row_of_sequences(text);
}

// "a1b2c3d4e5f6a7b8": two sequences, each by its own.
bool is_woven(std::string_view text) {
  std::string even, odd;
  for (std::size_t i = 0; i < text.size(); ++i) (i % 2 == 0 ? even : odd) += text[i];
  return even.size() >= kMinSequence && is_sequence(even) && is_sequence(odd);
}

}  // namespace

bool is_placeholder(std::string_view value) {
  if (value.empty()) return true;
  if (value.size() > kMaxValue) return false;
  std::string text(value);
  std::transform(text.begin(), text.end(), text.begin(), to_lower);
  const bool has_word = std::any_of(kWords.begin(), kWords.end(),
                                    [&](std::string_view word) { return text.find(word) != std::string::npos; });
  if (has_word || std::any_of(kSpelledWords.begin(), kSpelledWords.end(),
                              [&](std::string_view word) { return value.find(word) != std::string_view::npos; })) {
    return true;
  }
  return value.size() >= 8 && (has_few_characters(value) || has_long_run(text) || is_periodic(text) ||
                               is_sequence(text) || (value.size() >= 16 && is_woven(text)));
}

bool spells_text(std::string_view value) {
  constexpr std::size_t kMinText = 16;
  if (value.size() > kMaxValue || value.size() < kMinText) return false;
  const auto text = decode_base64(value.substr(0, value.find('=')), Base64::Standard);
  return text && text->size() >= kMinText &&
         all(*text, [](char c) { return is_letter(c) || c == ' ' || c == '-' || c == '_'; });
}

}  // namespace tightship::detect
