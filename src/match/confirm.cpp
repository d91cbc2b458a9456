// Starts are first filtered by byte classes, a table look-up each. If few remain, RE2 is anchored at
// each: it stops at the first byte that does not fit. If many remain (a variable part before the
// literal), RE2 searches for the leftmost instead, which is one pass over the window, not one a start.
#include "match/confirm.h"

#include <algorithm>

#include "match/byte_class.h"

namespace tightship::match {
namespace {

constexpr std::uint32_t kFewStarts = 4;

bool prefix_fits(Bytes data, std::uint32_t start, const CompiledPattern& pattern, const Compiled& tables) {
  const std::uint8_t* byte = data.data() + start;
  for (const std::uint16_t set : tables.prefix_of(pattern)) {
    if (!contains(tables.classes[set], *byte++)) return false;
  }
  return true;
}

// Whether a byte of the set, no further than a match from `last` has it, stands behind the literal, and before it
// only what may.
bool has_required(Bytes data, std::uint32_t literal_end, std::uint32_t last, const CompiledRequired& required,
                  const Compiled& tables) {
  const ByteClass &set = tables.classes[required.set], &through = tables.classes[required.through];
  const std::uint64_t end = std::min<std::uint64_t>(data.size(), std::uint64_t{last} + required.max_offset + 1);
  for (std::uint64_t at = literal_end; at < end; ++at) {
    const std::uint8_t byte = data[static_cast<std::size_t>(at)];
    if (contains(set, byte)) return true;
    if (!contains(through, byte)) return false;
  }
  return false;
}

// A view of part of the data in which positions of the data are kept in step.
struct Window {
  std::string_view text;
  std::uint32_t begin = 0;
};

Window window_of(Bytes data, std::uint32_t first_start, std::uint32_t last_start, std::uint32_t max_width) {
  const std::uint32_t begin = first_start > 0 ? first_start - 1 : 0;
  const std::uint64_t end = std::min<std::uint64_t>(data.size(), std::uint64_t{last_start} + max_width + 1);
  return {as_text(data.subspan(begin, static_cast<std::size_t>(end - begin))), begin};
}

constexpr std::uint32_t kAll = ~std::uint32_t{0};

std::optional<GroupedMatch> match_at(Bytes data, std::uint32_t start, std::uint32_t literal_end,
                                     std::uint32_t max_width, const Re2Pattern& re2) {
  const Window window = window_of(data, start, start, max_width);
  auto found = re2.match_at(window.text, start - window.begin);
  if (!found) return std::nullopt;
  for (Span* span : {&found->match, &found->secret}) {
    span->begin += window.begin;
    span->end += window.begin;
  }
  return found->match.end >= literal_end ? found : std::nullopt;
}

std::optional<GroupedMatch> leftmost(Bytes data, Starts starts, std::uint32_t literal_end, std::uint32_t max_width,
                                     const CompiledPattern& pattern, const Compiled& tables, const Re2Pattern& re2) {
  const bool search = starts.last - starts.first >= kFewStarts;
  const Window window = window_of(data, starts.first, starts.last, max_width);
  for (std::uint32_t start = starts.first; start <= starts.last; ++start) {
    if (search) {
      const auto found = re2.find_from(window.text, start - window.begin);
      if (!found || window.begin + found->begin > starts.last) return std::nullopt;
      start = window.begin + found->begin;
    } else if (!prefix_fits(data, start, pattern, tables)) {
      continue;
    }
    if (auto found = match_at(data, start, literal_end, max_width, re2)) return found;
  }
  return std::nullopt;
}

}  // namespace

bool may_match(Bytes data, std::uint32_t position, std::uint32_t width, const Use& use, const Compiled& tables) {
  const CompiledPattern& pattern = tables.patterns[use.pattern];
  if (position < use.min_offset || data.size() < pattern.min_width) return false;
  const auto required = tables.required_of(pattern);
  return std::all_of(required.begin(), required.end(), [&](const CompiledRequired& item) {
    return has_required(data, position + width, position - use.min_offset, item, tables);
  });
}

std::optional<Starts> start_behind_lead(Bytes data, std::uint32_t position, const Use& use, const Compiled& tables) {
  const CompiledPattern& pattern = tables.patterns[use.pattern];
  const std::uint32_t start = position - use.min_offset;
  if (data.size() - start < pattern.min_width || !prefix_fits(data, start, pattern, tables)) return std::nullopt;
  return Starts{start, start};
}

std::optional<Starts> possible_starts(Bytes data, std::uint32_t position, const Use& use, const Compiled& tables) {
  const CompiledPattern& pattern = tables.patterns[use.pattern];
  std::uint32_t first = position - std::min(position, use.max_offset);
  std::uint32_t last = position - use.min_offset;
  last = static_cast<std::uint32_t>(std::min<std::size_t>(last, data.size() - pattern.min_width));
  while (first <= last && !prefix_fits(data, first, pattern, tables)) ++first;
  if (first > last) return std::nullopt;
  while (last > first && !prefix_fits(data, last, pattern, tables)) --last;
  return Starts{first, last};
}

std::optional<GroupedMatch> leftmost_match(Bytes data, Starts starts, std::uint32_t literal_end,
                                           const CompiledPattern& pattern, const Compiled& tables,
                                           const Re2Pattern& re2) {
  return leftmost(data, starts, literal_end, pattern.max_width, pattern, tables, re2);
}

std::optional<GroupedMatch> leftmost_match_in_all(Bytes data, Starts starts, std::uint32_t literal_end,
                                                  const CompiledPattern& pattern, const Compiled& tables,
                                                  const Re2Pattern& re2) {
  return leftmost(data, starts, literal_end, kAll, pattern, tables, re2);
}

std::optional<GroupedMatch> match_behind_lead(Bytes data, std::uint32_t position, const Use& use, std::uint32_t width,
                                              bool in_all, const CompiledPattern& pattern, const Lead& lead,
                                              const Re2Pattern& rest) {
  const std::uint32_t begin = position - use.min_offset;
  auto found = match_at(data, begin, position + width, in_all ? kAll : pattern.max_width, rest);
  if (!found) return found;
  for (std::uint32_t count = 0; count < lead.max && found->match.begin > 0; ++count) {
    if (!contains(lead.set, data[found->match.begin - 1])) break;
    --found->match.begin;
  }
  return found;
}

bool follows(Bytes data, std::uint32_t position, const CompiledPattern& pattern, const Re2Pattern& re2) {
  const Window window = window_of(data, position, position, pattern.max_width);
  return re2.matches_at(window.text, position - window.begin);
}

bool has_word(Bytes data, Starts starts, const std::vector<AnchorLiteral>& words) {
  const std::string_view text = as_text(data);
  return std::any_of(words.begin(), words.end(), [&](const AnchorLiteral& word) {
    const std::uint64_t begin = std::uint64_t{starts.first} + word.min_offset;
    const std::uint64_t end =
        std::min<std::uint64_t>(text.size(), std::uint64_t{starts.last} + word.max_offset + word.bytes.size());
    if (begin >= end) return false;
    const std::string_view here = text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    const auto same = [&](char own, char wanted) { return (word.caseless ? ascii_lower(own) : own) == wanted; };
    return std::search(here.begin(), here.end(), word.bytes.begin(), word.bytes.end(), same) != here.end();
  });
}

bool has_long_run(Bytes data, Starts starts, const CompiledPattern& pattern, const std::vector<regex::LongRun>& runs) {
  const Window window = window_of(data, starts.first, starts.last, pattern.max_width);
  const Bytes bytes = as_bytes(window.text);
  return std::any_of(runs.begin(), runs.end(), [&](const regex::LongRun& run) { return has_run(bytes, run); });
}

}  // namespace tightship::match
