#include "scan/encoded_hints.h"

#include <algorithm>
#include <bit>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "scan/escapes.h"

// Two steps. Blocks of 128 bytes are asked for digits in a row, more than most identifiers have, and for backslashes and
// percent signs. Where there are any, words of 64 bytes get a bit for each place where two or three bytes in a row fit
// a group, a pair, the begin of packed data or an escape; shifts tell where three groups or four pairs follow one
// another inside a word, which one of two neighbouring words has of every hint, and almost no word of source code.
// Only there bytes are looked at one by one.
//
// Bytes are classified by look-ups, by the lower and the upper half: each bit of the tables stands for a set of
// lower halves, and the upper half says which sets count.

namespace tightship::scan {
namespace {

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 26; ++i) {
    digits[static_cast<std::size_t>('A' + i)] = i;
    digits[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(26 + i);
  }
  for (std::uint8_t i = 0; i < 10; ++i) digits[static_cast<std::size_t>('0' + i)] = static_cast<std::uint8_t>(52 + i);
  digits['+'] = digits['-'] = 62;
  digits['/'] = digits['_'] = 63;
  return digits;
}

}  // namespace

constexpr std::array<std::uint8_t, 256> kBase64Digits = make_digits();

namespace {

// Of a group's digits the first has the upper six bits of a byte, the second the upper four of the next in its
// lower four, the third the upper two of the last in its lower two.
constexpr bool may_be_first(std::uint8_t value) { return value == 2 || value == 3 || (value >= 8 && value < 32); }
constexpr bool may_be_second(std::uint8_t value) { return value < 64 && (value & 8) == 0; }
constexpr bool may_be_third(std::uint8_t value) { return value < 64 && (value & 2) == 0; }

constexpr bool is_hex_digit(std::uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}
constexpr bool may_begin_pair(std::uint8_t byte) { return byte >= '2' && byte <= '7'; }

// Of the alphabet that has no joints of names in it. Of a group of text only the last digit may be one of them, at
// the end of '>', '~' or '?'.
constexpr bool is_standard_digit(std::uint8_t byte) {
  return kBase64Digits[byte] != kNoDigit && byte != '-' && byte != '_';
}

// Four digits in which a NUL stands around a character of ASCII, and in which a character stands around a NUL.
bool is_outer_group(const std::uint8_t* digits) {
  return digits[0] == 'A' && kBase64Digits[digits[1]] < 8 && kBase64Digits[digits[2]] < 64 &&
         kBase64Digits[digits[2]] % 4 == 0 && digits[3] == 'A';
}
bool is_inner_group(const std::uint8_t* digits) {
  return may_be_first(kBase64Digits[digits[0]]) && kBase64Digits[digits[1]] < 64 &&
         kBase64Digits[digits[1]] % 16 == 0 && kBase64Digits[digits[2]] < 2 && is_standard_digit(digits[3]);
}

}  // namespace

bool is_text_group(const std::uint8_t* digits) {
  return may_be_first(kBase64Digits[digits[0]]) && may_be_second(kBase64Digits[digits[1]]) &&
         may_be_third(kBase64Digits[digits[2]]) && is_standard_digit(digits[3]);
}

bool are_wide_groups(const std::uint8_t* digits) { return is_outer_group(digits) && is_inner_group(digits + 4); }

bool begins_wide_text(Bytes data, std::size_t at) {
  if (data.size() - at < std::size_t{8} * kMinWide) return false;
  for (std::size_t i = 0; i < kMinWide; ++i) {
    if (!are_wide_groups(data.data() + at + 8 * i)) return false;
  }
  return true;
}

bool begins_text(Bytes data, std::size_t at) {
  if (data.size() - at < std::size_t{4} * kMinGroups) return false;
  for (std::size_t i = 0; i < kMinGroups; ++i) {
    if (!is_text_group(data.data() + at + 4 * i)) return false;
  }
  return true;
}

namespace {

// "H4sI" and "eJx": the first bytes of gzip and zlib.
bool begins_with_mark(std::string_view text) {
  if (text[0] != 'e') return text.starts_with("H4sI");
  const auto third_from = [&](char first) { return text[2] >= first && text[2] < first + 4; };
  switch (text[1]) {
    case 'A': return third_from('E');
    case 'F': return third_from('4');
    case 'J': return third_from('w');
    case 'N': return third_from('o');
    default: return false;
  }
}

bool begins_with_hex_mark(std::string_view text) {
  const auto is = [&](std::size_t i, char lower) { return (text[i] | 0x20) == lower; };
  if (text.starts_with("1")) return is(1, 'f') && text[2] == '8' && is(3, 'b') && text.substr(4, 2) == "08";
  if (!text.starts_with("78")) return false;
  return text.substr(2, 2) == "01" || (text[2] == '5' && is(3, 'e')) || (text[2] == '9' && is(3, 'c')) ||
         (is(2, 'd') && is(3, 'a'));
}

}  // namespace

// gzip begins with 1f 8b 08, zlib with 78 and one of 01, 5e, 9c, da.
bool begins_packed(Bytes data, std::size_t at) {
  if (data.size() - at < kMinDigits || (at > 0 && is_base64_digit(data[at - 1]))) return false;
  const Bytes digits = data.subspan(at, kMinDigits);
  return begins_with_mark(as_text(digits)) && std::all_of(digits.begin(), digits.end(), is_standard_digit);
}

bool begins_packed_hex(Bytes data, std::size_t at) {
  if (data.size() - at < kMinDigits || (at > 0 && is_hex_digit(data[at - 1]))) return false;
  const Bytes digits = data.subspan(at, kMinDigits);
  return begins_with_hex_mark(as_text(digits)) && std::all_of(digits.begin(), digits.end(), is_hex_digit);
}

namespace {

bool is_pair(const std::uint8_t* digits) { return may_begin_pair(digits[0]) && is_hex_digit(digits[1]); }

bool are_pairs(Bytes data, std::size_t at) {
  if (data.size() - at < std::size_t{2} * kMinPairs) return false;
  for (std::size_t i = 0; i < kMinPairs; ++i) {
    if (!is_pair(data.data() + at + 2 * i)) return false;
  }
  return true;
}

bool is_hint(Bytes data, std::size_t at) {
  return begins_text(data, at) || are_pairs(data, at) || begins_packed(data, at) || begins_packed_hex(data, at) ||
         begins_wide_text(data, at);
}

static_assert(kMinDigits <= 4 * kMinGroups && kMinDigits <= 2 * kMinPairs && kMinDigits <= 8 * kMinWide);
static_assert(kDigitsReach >= 8 * kMinWide && kDigitsReach >= 2 * kMinPairs && kHintReach >= kEscapeReach &&
              kHintBefore >= kMinToken);

// The first hint in [from, end).
std::size_t find_one_by_one(Bytes data, std::size_t from, std::size_t end) {
  for (std::size_t at = from; at < end; ++at) {
    const std::uint8_t byte = data[at];
    if (byte == '\\' || byte == '%') {
      if (begins_escape(data, at)) return at;
      continue;
    }
    const bool may_be =
        may_be_first(kBase64Digits[byte]) || may_begin_pair(byte) || byte == 'H' || byte == 'A' || byte == '1';
    if (may_be && is_hint(data, at)) return at;
  }
  return data.size();
}

#if defined(__x86_64__)

constexpr std::size_t kWord = 64, kBehind = 2;

// Places of hints in a word; where they are made of parts, narrowed to those where several parts follow one another.
struct Bits {
  std::uint64_t groups = 0, pairs = 0, wide = 0, packed = 0;

  [[gnu::always_inline]] void narrow() {
    groups &= groups >> 4 & groups >> 8;
    pairs &= pairs >> 2;
    pairs &= pairs >> 4;
    wide &= wide >> 3;
    wide &= wide >> 8;
  }
};

// What a hint is made of: `count` parts of `size` bytes, of which a bit stands for `seen`.
struct Parts {
  std::size_t size, count, seen;
  bool (*is_part)(const std::uint8_t* at);
};
constexpr Parts kGroupParts{4, kMinGroups, 3, is_text_group};
constexpr Parts kPairParts{2, kMinPairs, 4, is_pair};
constexpr Parts kWideParts{8, kMinWide, 2, are_wide_groups};

// Where the first hint begins that has a bit's place among its parts.
template <const Parts& kParts>
std::size_t first_of(Bytes data, std::size_t from, std::size_t word, std::uint64_t bits) {
  constexpr std::size_t kSize = kParts.size;
  std::size_t first = data.size();
  const auto has = [&](std::size_t at) { return data.size() - at >= kSize && kParts.is_part(data.data() + at); };
  for (; bits != 0; bits &= bits - 1) {
    const std::size_t place = word + static_cast<std::size_t>(std::countr_zero(bits));
    if (place >= data.size() || place > first + kSize * (kParts.count - kParts.seen)) break;
    std::size_t begin = place, parts = 0;
    while (place - begin < kSize * (kParts.count - kParts.seen) && begin - from >= kSize && has(begin - kSize)) {
      begin -= kSize;
    }
    while (parts < kParts.count && has(begin + parts * kSize)) ++parts;
    if (parts == kParts.count) first = std::min(first, begin);
  }
  return first;
}

std::size_t first_packed(Bytes data, std::size_t word, std::uint64_t bits) {
  for (; bits != 0; bits &= bits - 1) {
    const std::size_t place = word + static_cast<std::size_t>(std::countr_zero(bits));
    if (place < data.size() && (begins_packed(data, place) || begins_packed_hex(data, place))) return place;
  }
  return data.size();
}

struct Tables {
  alignas(16) std::array<std::uint8_t, 16> low{}, high{};
};

// Two bytes in a row that are looked at as such, each by a bit of its own, the lowest ones: the begins of packed
// data and of escapes. Of sets of several upper halves more is let through than stands here.
constexpr unsigned kCouples = 4;
constexpr std::uint8_t kPackedCouples = 0b0011, kEscapeCouples = 0b1100;
constexpr std::array<std::string_view, kCouples> kCoupleFirst{"H17", "e", "\\", "%"};
constexpr std::array<std::string_view, kCouples> kCoupleSecond{"4fF8", "AFJN", "\"'/nrtux", "0234567"};

// The bits above them are for bytes with upper half 2 to 7 for which `is` holds.
template <class Is>
constexpr Tables make_tables(Is is, const std::array<std::string_view, kCouples>& couples, unsigned first_bit) {
  Tables tables;
  std::array<unsigned, 8> sets{};  // by bit
  unsigned used = first_bit;
  for (unsigned high = 2; high < 8; ++high) {
    unsigned set = 0;
    for (unsigned low = 0; low < 16; ++low) set |= is(static_cast<std::uint8_t>(high << 4 | low)) ? 1u << low : 0;
    if (set == 0) continue;
    unsigned bit = first_bit;
    while (bit < used && sets[bit] != set) ++bit;
    if (bit == used) ++used;
    sets[bit] = set;
    tables.high[high] = static_cast<std::uint8_t>(tables.high[high] | 1u << bit);
  }
  for (unsigned bit = 0; bit < first_bit; ++bit) {
    for (const char letter : couples[bit]) {
      sets[bit] |= 1u << (letter & 15);
      std::uint8_t& high = tables.high[static_cast<std::size_t>(letter >> 4)];
      high = static_cast<std::uint8_t>(high | 1u << bit);
    }
  }
  for (unsigned low = 0; low < 16; ++low) {
    unsigned bits = 0;
    for (unsigned bit = 0; bit < used; ++bit) bits |= (sets[bit] >> low & 1) << bit;
    tables.low[low] = static_cast<std::uint8_t>(bits);
  }
  return tables;
}

constexpr Tables kFirst =
    make_tables([](std::uint8_t b) { return may_be_first(kBase64Digits[b]); }, kCoupleFirst, kCouples);
constexpr Tables kSecond =
    make_tables([](std::uint8_t b) { return may_be_second(kBase64Digits[b]); }, kCoupleSecond, kCouples);
constexpr Tables kThird = make_tables([](std::uint8_t b) { return may_be_third(kBase64Digits[b]); }, kCoupleFirst, 0);
constexpr Tables kToken = make_tables([](std::uint8_t b) { return kTokenBytes[b]; }, kCoupleFirst, 0);

// The lowest bits are for signs of escapes, the others for digits.
constexpr std::uint8_t kSigns = 0b11;
constexpr Tables kSparse = [] {
  constexpr std::array<std::string_view, kCouples> kSignBytes{"\\", "%", "", ""};
  return make_tables([](std::uint8_t b) { return is_standard_digit(b); }, kSignBytes, 2);
}();

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i all_of(int byte) {
  return _mm256_set1_epi8(static_cast<char>(byte));
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load_table(const std::array<std::uint8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// The sets that a byte is in; none for a byte over 0x7F.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i look_up(const Tables& tables, __m256i bytes) {
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), all_of(0x0F));
  return _mm256_and_si256(_mm256_shuffle_epi8(load_table(tables.low), bytes),
                          _mm256_shuffle_epi8(load_table(tables.high), high));
}

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t bits_of(__m256i bytes) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t non_zero(__m256i bytes) {
  return bits_of(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())) ^ 0xFFFFFFFFu;
}

// The couples of 32 bytes that are among `wanted`; the byte behind them is read as well.
[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t couples_of(const std::uint8_t* data, int wanted) {
  const __m256i here = look_up(kFirst, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data)));
  const __m256i next = look_up(kSecond, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 1)));
  return non_zero(_mm256_and_si256(_mm256_and_si256(here, next), all_of(wanted)));
}

// Of 32 bytes; two behind them are read as well.
[[gnu::target("avx2"), gnu::always_inline]] inline void classify(const std::uint8_t* data, unsigned shift, Bits& bits) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  const __m256i behind = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 1));
  const __m256i last = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 2));
  const __m256i here = look_up(kFirst, bytes), next = look_up(kSecond, behind);
  const __m256i couples = all_of(kPackedCouples | kEscapeCouples);
  bits.packed |= non_zero(_mm256_and_si256(_mm256_and_si256(here, next), all_of(kPackedCouples))) << shift;
  const __m256i both = _mm256_min_epu8(_mm256_andnot_si256(couples, here), _mm256_andnot_si256(couples, next));
  bits.groups |= non_zero(_mm256_min_epu8(both, look_up(kThird, last))) << shift;
  const __m256i from_two = _mm256_sub_epi8(bytes, all_of('2'));
  bits.pairs |= bits_of(_mm256_cmpeq_epi8(_mm256_min_epu8(from_two, all_of(5)), from_two)) << shift;
  bits.wide |= bits_of(_mm256_cmpeq_epi8(bytes, all_of('A'))) << shift;
}

// The places from which `count` bits follow one another, those behind the word taken for set.
constexpr std::uint64_t runs_of_eight(std::uint64_t bits) {
  bits &= bits >> 1 | std::uint64_t{1} << 63;
  bits &= bits >> 2 | std::uint64_t{3} << 62;
  return bits & (bits >> 4 | std::uint64_t{15} << 60);
}

// Escapes with half of a token at either side, as far as the word tells.
[[gnu::target("avx2")]] std::uint64_t escapes_of(const std::uint8_t* word) {
  static_assert(kMinToken >= 16);
  constexpr std::size_t kHalf = kWord / 2;
  const std::uint64_t escapes = couples_of(word, kEscapeCouples) | couples_of(word + kHalf, kEscapeCouples) << kHalf;
  if (escapes == 0) return 0;
  const __m256i first = look_up(kToken, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(word)));
  const __m256i second = look_up(kToken, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(word + kHalf)));
  const std::uint64_t runs = runs_of_eight(non_zero(first) | non_zero(second) << kHalf);
  // Behind: from the byte behind the second one on. Before: up to the byte before, bytes before the word included.
  const std::uint64_t behind = runs >> 2 | std::uint64_t{3} << 62, before = runs << 8 | 0xFF;
  return escapes & (behind | before);
}

// What a word, with two bytes behind it, may have of hints.
[[gnu::target("avx2"), gnu::always_inline]] inline Bits digits_of(const std::uint8_t* word) {
  Bits bits;
  classify(word, 0, bits);
  classify(word + kWord / 2, kWord / 2, bits);
  bits.narrow();
  return bits;
}

// The first hint of an escape behind `from` that has its last backslash, or its percent sign, at a bit.
std::size_t first_escape(Bytes data, std::size_t from, std::size_t word, std::uint64_t bits) {
  for (; bits != 0; bits &= bits - 1) {
    std::size_t at = word + static_cast<std::size_t>(std::countr_zero(bits));
    if (at >= data.size()) break;
    while (data[at] == '\\' && at > from && data[at - 1] == '\\') --at;
    if (at >= from && begins_escape(data, at)) return at;
  }
  return data.size();
}

constexpr std::size_t kBegins = kWord - 12;  // a hint that begins so far in a word has enough places in it

// The first hint of digits of which the word at `word` has a part, for which it has `bits`.
std::size_t first_digits(Bytes data, std::size_t from, std::size_t word, const Bits& bits) {
  const std::size_t first = std::min(
      {first_of<kGroupParts>(data, from, word, bits.groups), first_of<kPairParts>(data, from, word, bits.pairs),
       first_of<kWideParts>(data, from, word, bits.wide), first_packed(data, word, bits.packed)});
  // Before the one that was found another may begin that has most of its places in the next word.
  if (first <= word + kBegins || first == data.size()) return first;
  return std::min(first, find_one_by_one(data, std::max(from, word + kBegins), first));
}

// A word of `data` with kBehind bytes behind it, zeros where there are none.
class Word {
 public:
  Word(Bytes data, std::size_t at) : bytes_(data.data() + at) {
    if (data.size() - at >= kWord + kBehind) return;
    rest_.fill(0);
    std::copy(bytes_, data.data() + data.size(), rest_.begin());
    bytes_ = rest_.data();
  }
  const std::uint8_t* bytes() const { return bytes_; }

 private:
  const std::uint8_t* bytes_;
  std::array<std::uint8_t, kWord + kBehind> rest_;
};

// The first hint of digits in [at, last], or one behind.
[[gnu::target("avx2")]] std::size_t find_digits(Bytes data, std::size_t from, std::size_t at, std::size_t last) {
  for (; at < data.size(); at += kWord) {
    const Bits bits = digits_of(Word(data, at).bytes());
    if ((bits.groups | bits.pairs | bits.wide | bits.packed) != 0) {
      const std::size_t hint = first_digits(data, from, at, bits);
      if (hint < data.size()) return hint;
    }
    if (at + kBegins >= last) break;
  }
  return data.size();
}

// The first hint of an escape whose sign is in [at, stop), or one behind.
[[gnu::target("avx2")]] std::size_t find_escapes(Bytes data, std::size_t from, std::size_t at, std::size_t stop) {
  for (; at < stop; at += kWord) {
    const std::uint64_t bits = escapes_of(Word(data, at).bytes());
    const std::size_t hint = bits != 0 ? first_escape(data, from, at, bits) : data.size();
    if (hint < data.size()) return hint;
  }
  return data.size();
}

constexpr std::size_t kBlock = 2 * kWord;

// What a block may have of hints.
struct Seen {
  bool any = false, signs = false;
  std::uint64_t runs = 0;  // bit i: the aligned groups of four bytes from i - 3 on, four of them, are digits
};

// Which groups of four of 32 bytes are digits. Adds the signs to `signs`.
[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t digit_groups(const std::uint8_t* data,
                                                                              __m256i& signs) {
  const __m256i sets = look_up(kSparse, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data)));
  signs = _mm256_or_si256(signs, sets);
  const __m256i digits = _mm256_and_si256(sets, all_of(static_cast<std::uint8_t>(~kSigns)));
  const __m256i others = _mm256_cmpeq_epi8(digits, _mm256_setzero_si256());
  const __m256i whole = _mm256_cmpeq_epi32(others, _mm256_setzero_si256());
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(whole)));
}

// Looks at blocks one after another. kMinDigits digits in a row fill four aligned groups of four wherever they begin.
class Blocks {
 public:
  template <std::size_t kSize>  // bytes: kWord or kBlock
  [[gnu::target("avx2"), gnu::always_inline]] Seen look(const std::uint8_t* block) {
    static_assert(kMinDigits >= 4 * 4 + 3);
    __m256i signs = _mm256_setzero_si256();
    std::uint64_t groups =
        before_ >> (kBlock / 4) | digit_groups(block, signs) << 3 | digit_groups(block + 32, signs) << 11;
    if constexpr (kSize == kBlock) {
      groups |= digit_groups(block + 64, signs) << 19 | digit_groups(block + 96, signs) << 27;
    }
    before_ = groups;
    groups &= groups >> 1;
    groups &= groups >> 2;
    const bool any_sign = _mm256_testz_si256(signs, all_of(kSigns)) == 0;
    return {any_sign || groups != 0, any_sign, groups};
  }

 private:
  std::uint64_t before_ = 0;  // groups of the block before that are digits, the last ones from bit 32 on
};

// The first hint that begins in the block at `at`, or an escape's before it; or something behind.
std::size_t find_in_block(Bytes data, std::size_t from, std::size_t at, const Seen& seen) {
  std::size_t digits = data.size(), escape = data.size();
  if (seen.runs != 0) {
    const auto first = static_cast<std::size_t>(std::countr_zero(seen.runs));
    const auto last = static_cast<std::size_t>(63 - std::countl_zero(seen.runs));
    // Digits begin up to three bytes before the first group; the bits count groups from the third before the block.
    const std::size_t begin = std::max(from + 4 * 3 + 3, at + 4 * first) - 4 * 3 - 3;
    digits = find_digits(data, from, begin, at + 4 * last - std::min<std::size_t>(at + 4 * last, 4 * 3));
  }
  if (seen.signs) escape = find_escapes(data, from, at, std::min(data.size(), at + kBlock));
  return std::min(digits, escape);
}

// A bit for each of 32 bytes that is one of tokens.
[[gnu::target("avx2")]] std::uint32_t tokens_of(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(
      non_zero(look_up(kToken, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)))));
}

constexpr std::size_t kMargin = kMinDigits;

// Digits that touch the change lie in the word around it, and so does the sign of an escape, unless bytes of tokens fill
// what is before the change.
[[gnu::target("avx2")]] bool may_have_hint_around(Bytes data, std::size_t from) {
  const std::uint8_t* const change = data.data() + from;
  const bool behind_token =
      (kTokenBytes[change[-1]] & kTokenBytes[change[-7]] & kTokenBytes[change[-13]] & kTokenBytes[change[-19]]) != 0;
  Blocks blocks;
  return behind_token || blocks.look<kWord>(change - kMargin).any;
}

[[gnu::target("avx2")]] std::size_t find_by_words(Bytes data, std::size_t from, std::size_t end) {
  Blocks blocks;
  std::size_t at = from;
  // An escape before `end` may have its last backslash in the block behind.
  const std::size_t stop = std::min(data.size(), end + kMaxBackslashes);
  for (; at + kBlock <= stop; at += kBlock) {
    const Seen seen = blocks.look<kBlock>(data.data() + at);
    if (!seen.any) continue;
    const std::size_t hint = find_in_block(data, from, at, seen);
    if (hint < at + kBlock) return hint;
  }
  if (at >= stop) return data.size();
  const std::size_t left = data.size() - at;
  if (left >= (stop - at > kWord ? kBlock : kWord)) {
    const Seen seen = stop - at > kWord ? blocks.look<kBlock>(data.data() + at) : blocks.look<kWord>(data.data() + at);
    return seen.any ? find_in_block(data, from, at, seen) : data.size();
  }
  const std::size_t begin = at - std::min<std::size_t>(at - from, kMinDigits);
  return std::min(find_digits(data, from, begin, stop), find_escapes(data, from, at, stop));
}

#endif

}  // namespace

std::size_t find_hint_portably(Bytes data, std::size_t from, std::size_t end) {
  return find_one_by_one(data, from, std::min(end, data.size()));
}

namespace {

bool has_avx2() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
#else
  return false;
#endif
}

}  // namespace

bool may_have_hint_at(Bytes data, std::size_t from, std::size_t to) {
#if defined(__x86_64__)
  // Beside what is before the change the word has to hold as much behind it.
  static_assert(kMargin >= kMinToken + 1);
  const bool fits = to - from <= kWord - 2 * kMargin && from >= kMargin && data.size() - from >= kWord - kMargin;
  if (fits && has_avx2()) return may_have_hint_around(data, from);
#endif
  return true;
}

std::uint32_t tokens_before(Bytes data, std::size_t at) {
  static_assert(kDigitsReach == 32);
#if defined(__x86_64__)
  if (at >= kDigitsReach && has_avx2()) {
    return static_cast<std::uint32_t>(std::countl_one(tokens_of(data.data() + at - kDigitsReach)));
  }
#endif
  std::uint32_t count = 0;
  while (count < at && count < kDigitsReach && kTokenBytes[data[at - count - 1]]) ++count;
  return count;
}

std::uint32_t tokens_from(Bytes data, std::size_t at) {
#if defined(__x86_64__)
  if (data.size() - at >= kDigitsReach && has_avx2()) {
    return static_cast<std::uint32_t>(std::countr_one(tokens_of(data.data() + at)));
  }
#endif
  std::uint32_t count = 0;
  while (count < data.size() - at && count < kDigitsReach && kTokenBytes[data[at + count]]) ++count;
  return count;
}

std::size_t find_hint(Bytes data, std::size_t from, std::size_t end) {
#if defined(__x86_64__)
  if (has_avx2()) {
    const std::size_t hint = find_by_words(data, from, end);
    return hint < end ? hint : data.size();
  }
#endif
  return find_hint_portably(data, from, end);
}

}  // namespace tightship::scan
