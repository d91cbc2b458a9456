#include "match/short_literals.h"

#include <bit>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "match/byte_class.h"

namespace tightship::match {
namespace {

bool is_at(const std::uint8_t* at, std::string_view literal, bool caseless) {
  const auto same = [&](std::size_t i) {
    const char c = static_cast<char>(at[i]);
    return (caseless ? ascii_lower(c) : c) == literal[i];
  };
  return same(0) && same(1);
}

#ifdef __SSE2__
// Bytes of `block` that are `lower`, or its other case.
__m128i equal(__m128i block, char lower, bool caseless) {
  const __m128i own = _mm_cmpeq_epi8(block, _mm_set1_epi8(lower));
  if (!caseless) return own;
  const auto other = static_cast<char>(other_case(static_cast<std::uint8_t>(lower)));
  return _mm_or_si128(own, _mm_cmpeq_epi8(block, _mm_set1_epi8(other)));
}
#endif

}  // namespace

void find_short_literal(Bytes data, std::string_view literal, bool caseless, std::uint16_t id,
                        std::vector<Anchor>& out) {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; at + 17 <= data.size(); at += 16) {
    const auto load = [&](std::size_t shift) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data.data() + at + shift));
    };
    const __m128i both = _mm_and_si128(equal(load(0), literal[0], caseless), equal(load(1), literal[1], caseless));
    auto mask = static_cast<unsigned>(_mm_movemask_epi8(both));
    for (; mask != 0; mask &= mask - 1) {
      out.push_back({static_cast<std::uint32_t>(at + static_cast<std::size_t>(std::countr_zero(mask))), id});
    }
  }
#endif
  for (; at + 2 <= data.size(); ++at) {
    if (is_at(data.data() + at, literal, caseless)) out.push_back({static_cast<std::uint32_t>(at), id});
  }
}

}  // namespace tightship::match
