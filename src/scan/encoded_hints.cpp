#include "scan/encoded_hints.h"

#include <algorithm>
#include <bit>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "scan/escapes.h"

// 64 bytes at a time become words with a bit for each place where two bytes in a row fit a group, a pair, the begin
// of packed data or an escape. Shifts tell where three groups or four pairs follow one another inside a word, which one
// of two neighbouring words has of every hint, and almost no word of source code. Only there bytes are looked at
// one by one.
//
// Bytes are classified by two look-ups, by the lower and the upper half: each bit of the tables stands for a set
// of lower halves, and the upper half says which sets count.

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

}  // namespace

bool is_text_group(const std::uint8_t* digits) {
  return may_be_first(kBase64Digits[digits[0]]) && may_be_second(kBase64Digits[digits[1]]) &&
         may_be_third(kBase64Digits[digits[2]]) && is_base64_digit(digits[3]);
}

bool begins_text(Bytes data, std::size_t at) {
  if (data.size() - at < std::size_t{4} * kMinGroups) return false;
  for (std::size_t i = 0; i < kMinGroups; ++i) {
    if (!is_text_group(data.data() + at + 4 * i)) return false;
  }
  return true;
}

// gzip begins with 1f 8b 08, zlib with 78 and one of 01, 5e, 9c, da.
bool begins_packed(Bytes data, std::size_t at) {
  if (data.size() - at < 4 || (at > 0 && is_base64_digit(data[at - 1]))) return false;
  const std::string_view text = as_text(data.subspan(at, 4));
  if (text[0] != 'e') return text == "H4sI";
  const auto third_from = [&](char first) { return text[2] >= first && text[2] < first + 4; };
  switch (text[1]) {
    case 'A': return third_from('E');
    case 'F': return third_from('4');
    case 'J': return third_from('w');
    case 'N': return third_from('o');
    default: return false;
  }
}

namespace {

bool are_pairs(Bytes data, std::size_t at) {
  if (data.size() - at < std::size_t{2} * kMinPairs) return false;
  for (std::size_t i = 0; i < kMinPairs; ++i) {
    if (!may_begin_pair(data[at + 2 * i]) || !is_hex_digit(data[at + 2 * i + 1])) return false;
  }
  return true;
}

bool is_hint(Bytes data, std::size_t at) {
  return begins_text(data, at) || are_pairs(data, at) || begins_packed(data, at);
}

static_assert(kHintReach >= 4 * kMinGroups && kHintReach >= kEscapeReach && kHintBefore >= kMinToken);

// The first hint in [from, end).
std::size_t find_one_by_one(Bytes data, std::size_t from, std::size_t end) {
  for (std::size_t at = from; at < end; ++at) {
    const std::uint8_t byte = data[at];
    if (byte == '\\' || byte == '%') {
      if (begins_escape(data, at)) return at;
      continue;
    }
    const bool may_be = may_be_first(kBase64Digits[byte]) || may_begin_pair(byte) || byte == 'H' || byte == 'e';
    if (may_be && is_hint(data, at)) return at;
  }
  return data.size();
}

#if defined(__x86_64__)

constexpr std::size_t kWord = 64;

struct Bits {
  std::uint64_t groups = 0, pairs = 0;
  std::uint64_t couples = 0;              // two bytes of those in kCouples
  std::uint64_t packed = 0, escapes = 0;  // which of them, once asked for

  // Leaves the begins of three groups and of four pairs. False when nothing is left.
  [[gnu::always_inline]] bool narrow() {
    groups &= groups >> 4 & groups >> 8;
    pairs &= pairs >> 2;
    pairs &= pairs >> 4;
    return (groups | pairs | couples) != 0;
  }
};

// The first hint behind `from` that has one of its places at a bit: it begins there, or up to `steps` before.
std::size_t first_near(Bytes data, std::size_t from, std::size_t word, std::uint64_t bits, std::size_t step,
                       std::size_t steps) {
  std::size_t first = data.size();
  for (; bits != 0; bits &= bits - 1) {
    const std::size_t place = word + static_cast<std::size_t>(std::countr_zero(bits));
    if (place > first + step * steps) break;
    for (std::size_t i = std::min(steps, (place - from) / step) + 1; i-- > 0;) {
      if (place - i * step < first && is_hint(data, place - i * step)) first = place - i * step;
    }
  }
  return first;
}

struct Tables {
  alignas(16) std::array<std::uint8_t, 16> low{}, high{};
};

// Two bytes in a row that are looked at as such, each by a bit of its own, the lowest ones: the begins of packed
// data and of escapes. Of sets of several upper halves more is let through than stands here.
constexpr unsigned kCouples = 4;
constexpr std::uint8_t kPackedCouples = 0b0011, kEscapeCouples = 0b1100;
constexpr std::array<std::string_view, kCouples> kCoupleFirst{"H", "e", "\\", "%"};
constexpr std::array<std::string_view, kCouples> kCoupleSecond{"4", "AFJN", "\"'/nrtux", "0234567"};

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
constexpr Tables kToken = make_tables([](std::uint8_t b) { return kTokenBytes[b]; }, kCoupleFirst, 0);

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

// Of 32 bytes; the one behind them is read as well.
[[gnu::target("avx2"), gnu::always_inline]] inline void classify(const std::uint8_t* data, unsigned shift, Bits& bits) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  const __m256i behind = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 1));
  const __m256i here = look_up(kFirst, bytes), next = look_up(kSecond, behind);
  const __m256i couples = all_of(kPackedCouples | kEscapeCouples);
  bits.couples |= non_zero(_mm256_and_si256(_mm256_and_si256(here, next), couples)) << shift;
  const __m256i both = _mm256_min_epu8(_mm256_andnot_si256(couples, here), _mm256_andnot_si256(couples, next));
  bits.groups |= non_zero(both) << shift;
  const __m256i from_two = _mm256_sub_epi8(bytes, all_of('2'));
  bits.pairs |= bits_of(_mm256_cmpeq_epi8(_mm256_min_epu8(from_two, all_of(5)), from_two)) << shift;
}

// The places from which `count` bits follow one another, those behind the word taken for set.
constexpr std::uint64_t runs_of_eight(std::uint64_t bits) {
  bits &= bits >> 1 | std::uint64_t{1} << 63;
  bits &= bits >> 2 | std::uint64_t{3} << 62;
  return bits & (bits >> 4 | std::uint64_t{15} << 60);
}

// Leaves of the escapes those with half of a token at either side, as far as the word tells.
[[gnu::target("avx2")]] void sort_couples(const std::uint8_t* word, Bits& bits) {
  static_assert(kMinToken >= 16);
  constexpr std::size_t kHalf = kWord / 2;
  bits.packed = couples_of(word, kPackedCouples) | couples_of(word + kHalf, kPackedCouples) << kHalf;
  bits.escapes = bits.couples & ~bits.packed;
  if (bits.escapes == 0) return;
  const __m256i first = look_up(kToken, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(word)));
  const __m256i second = look_up(kToken, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(word + kHalf)));
  const std::uint64_t token = non_zero(first) | non_zero(second) << kHalf;
  const std::uint64_t runs = runs_of_eight(token);
  // Behind: from the byte behind the second one on. Before: up to the byte before, bytes before the word included.
  const std::uint64_t behind = runs >> 2 | std::uint64_t{3} << 62, before = runs << 8 | 0xFF;
  bits.escapes &= behind | before;
}

// Whether a word, with the byte behind it, may have a part of a hint.
[[gnu::target("avx2"), gnu::always_inline]] inline bool passes(const std::uint8_t* word, Bits& out) {
  Bits bits;
  classify(word, 0, bits);
  classify(word + kWord / 2, kWord / 2, bits);
  if (!bits.narrow()) return false;
  if (bits.couples != 0) sort_couples(word, bits);
  out = bits;
  return (bits.groups | bits.pairs | bits.packed | bits.escapes) != 0;
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

std::size_t first_hint(Bytes data, std::size_t from, std::size_t word, const Bits& bits) {
  const std::size_t first =
      std::min({first_near(data, from, word, bits.groups, 4, kMinGroups - 3),
                first_near(data, from, word, bits.pairs, 2, kMinPairs - 4),
                first_near(data, from, word, bits.packed, 1, 0), first_escape(data, from, word, bits.escapes)});
  // Before the one that was found another may begin that has most of its places in the next word.
  constexpr std::size_t kBegins = kWord - 4 * 2;
  if (first <= word + kBegins || first == data.size()) return first;
  return std::min(first, find_one_by_one(data, std::max(from, word + kBegins), first));
}

[[gnu::target("avx2")]] std::size_t find_by_words(Bytes data, std::size_t from, std::size_t end) {
  constexpr std::size_t kPlaces = 4 * kMinGroups;  // bytes in which a hint has its places
  static_assert(kPlaces > kMaxBackslashes);
  std::size_t at = from;
  // A hint before `end` may have its places in the word behind.
  for (; at < end + kPlaces && at + kWord < data.size(); at += kWord) {
    Bits bits;
    if (!passes(data.data() + at, bits)) continue;
    const std::size_t hint = first_hint(data, from, at, bits);
    if (hint < data.size()) return hint;
  }
  if (at >= end + kPlaces || at >= data.size()) return data.size();
  std::array<std::uint8_t, kWord + 1> rest{};
  std::copy(data.begin() + static_cast<std::ptrdiff_t>(at), data.end(), rest.begin());
  Bits bits;
  return passes(rest.data(), bits) ? first_hint(data, from, at, bits) : data.size();
}

#endif

}  // namespace

std::size_t find_hint_portably(Bytes data, std::size_t from, std::size_t end) {
  return find_one_by_one(data, from, std::min(end, data.size()));
}

std::size_t find_hint(Bytes data, std::size_t from, std::size_t end) {
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("avx2");
  if (fast) {
    const std::size_t hint = find_by_words(data, from, end);
    return hint < end ? hint : data.size();
  }
#endif
  return find_hint_portably(data, from, end);
}

}  // namespace tightship::scan
