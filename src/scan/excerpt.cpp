#include "scan/excerpt.h"

#include <algorithm>
#include <cstring>

namespace tightship::scan {
namespace {

using detect::kMaxExcerpt;

constexpr std::uint64_t kMinContext = 64;  // shown before a long secret in a long line

struct Window {
  std::uint64_t begin = 0, end = 0;
  bool cut_left = false, cut_right = false;
};

// The line around `at`, as far as kMaxExcerpt bytes to either side.
Window find_line(Bytes text, std::uint64_t at) {
  Window line;
  const std::uint64_t lowest = at - std::min<std::uint64_t>(at, kMaxExcerpt);
  const std::uint64_t highest = std::min<std::uint64_t>(text.size(), at + kMaxExcerpt);
  const void* before = ::memrchr(text.data() + lowest, '\n', at - lowest);
  const void* after = std::memchr(text.data() + at, '\n', highest - at);
  const auto offset_of = [text](const void* found) {
    return static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - text.data());
  };
  line.begin = before != nullptr ? offset_of(before) + 1 : lowest;
  line.end = after != nullptr ? offset_of(after) : highest;
  line.cut_left = before == nullptr && lowest > 0;
  line.cut_right = after == nullptr && highest < text.size();
  if (!line.cut_right && line.end > at && text[line.end - 1] == '\r') --line.end;
  return line;
}

bool continues_character(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// So that no half character is shown. A run of more than three such bytes is not UTF-8: left alone.
void move_to_characters(Bytes text, std::uint64_t begin, Window& window) {
  for (int i = 0; i < 3 && window.cut_left && window.begin < begin; ++i) {
    if (!continues_character(text[window.begin])) break;
    ++window.begin;
  }
  for (int i = 0; i < 3 && window.cut_right && window.end > begin + 1; ++i) {
    if (window.end >= text.size() || !continues_character(text[window.end])) break;
    --window.end;
  }
}

// At most kMaxExcerpt bytes of `line`, with the secret near the middle.
void narrow(std::uint64_t begin, std::uint64_t end, Window& line) {
  if (line.end - line.begin <= kMaxExcerpt) return;
  const std::uint64_t shown = std::min({end - begin, line.end - begin, kMaxExcerpt - 2 * kMinContext});
  const std::uint64_t context = (kMaxExcerpt - shown) / 2;
  const std::uint64_t left = std::max(line.begin, begin - std::min(begin, context));
  const std::uint64_t right = std::min(line.end, left + kMaxExcerpt);
  const std::uint64_t refilled = std::max(line.begin, right - std::min<std::uint64_t>(right, kMaxExcerpt));
  line.cut_left |= refilled > line.begin;
  line.cut_right |= right < line.end;
  line.begin = refilled;
  line.end = right;
}

std::uint32_t inside(const Window& window, std::uint64_t offset) {
  return static_cast<std::uint32_t>(std::clamp(offset, window.begin, window.end) - window.begin);
}

std::vector<detect::Excerpt::Span> spans_in(const Window& window, const std::vector<SecretSpan>& spans) {
  std::vector<detect::Excerpt::Span> out;
  auto span =
      std::partition_point(spans.begin(), spans.end(), [&](const SecretSpan& s) { return s.end <= window.begin; });
  for (; span != spans.end() && span->begin < window.end; ++span) {
    const bool prefix_shown = span->begin >= window.begin && span->begin + span->keep.size() <= window.end;
    out.push_back(
        {inside(window, span->begin), inside(window, span->end), prefix_shown ? span->keep : std::string_view{}});
  }
  return out;
}

SecretSpan span_of(const detect::RuleSet& rules, Bytes text, const detect::Candidate& candidate) {
  const std::uint64_t begin = candidate.start, end = begin + candidate.length;
  const std::string_view prefix = rules.rules()[candidate.rule].prefix;
  const std::string_view secret = as_text(text.subspan(begin, candidate.length));
  return {begin, end, secret.size() > prefix.size() && secret.starts_with(prefix) ? prefix : std::string_view{}};
}

}  // namespace

std::vector<SecretSpan> secret_spans(const detect::RuleSet& rules, Bytes text,
                                     const std::vector<detect::Candidate>& candidates) {
  std::vector<SecretSpan> spans;
  spans.reserve(candidates.size());
  for (const detect::Candidate& candidate : candidates) spans.push_back(span_of(rules, text, candidate));
  return spans;
}

std::vector<SecretSpan> join_spans(std::vector<SecretSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const SecretSpan& a, const SecretSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.keep.size() > b.keep.size();
  });
  std::size_t used = 0;
  for (const SecretSpan& span : spans) {
    if (used > 0 && span.begin < spans[used - 1].end) {
      spans[used - 1].end = std::max(spans[used - 1].end, span.end);
    } else {
      spans[used++] = span;
    }
  }
  spans.resize(used);
  return spans;
}

detect::Excerpt draw_excerpt(Bytes text, std::uint64_t begin, std::uint64_t end, const std::vector<SecretSpan>& spans) {
  Window window = find_line(text, begin);
  narrow(begin, end, window);
  move_to_characters(text, begin, window);
  detect::Excerpt excerpt;
  excerpt.text = as_text(text.subspan(window.begin, window.end - window.begin));
  excerpt.secrets = spans_in(window, spans);
  excerpt.begin = inside(window, begin);
  excerpt.end = inside(window, end);
  excerpt.cut_left = window.cut_left;
  excerpt.cut_right = window.cut_right;
  return excerpt;
}

}  // namespace tightship::scan
