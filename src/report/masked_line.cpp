#include "report/masked_line.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace tightship::report {
namespace {

using detect::Excerpt;

struct Part {
  std::size_t begin = 0, end = 0;
  std::string shown;
  bool own = false;
};

// A stretch of the excerpt: the line where the secret begins.
struct Line {
  std::size_t begin = 0, end = 0;
};

Line line_of(const Excerpt& excerpt) {
  const std::string_view text = excerpt.text;
  const std::size_t at = std::min<std::size_t>(excerpt.begin, text.size());
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t after = text.find('\n', at);
  return {before == std::string_view::npos ? 0 : before + 1, after == std::string_view::npos ? text.size() : after};
}

std::string shown_neighbour(const Excerpt& excerpt, const Excerpt::Span& span) {
  const std::string_view value = std::string_view(excerpt.text).substr(span.begin, span.end - span.begin);
  const bool cut = (excerpt.cut_left && span.begin == 0) || (excerpt.cut_right && span.end >= excerpt.text.size());
  if (!cut) return redact(value, span.keep);
  return std::string(value.starts_with(span.keep) ? span.keep : std::string_view{}) + "…";
}

std::vector<Part> parts_of(const detect::Finding& finding, const Excerpt& excerpt, const SecretMask& mask) {
  std::vector<Part> parts;
  const std::size_t size = excerpt.text.size();
  if (excerpt.begin < excerpt.end && excerpt.begin < size) {
    parts.push_back({excerpt.begin, std::min<std::size_t>(excerpt.end, size), mask.shown(finding), true});
  }
  for (const Excerpt::Span& span : excerpt.secrets) {
    if (span.begin >= span.end || span.end > size) continue;
    parts.push_back({span.begin, span.end, shown_neighbour(excerpt, span), false});
  }
  for (SecretMask::Span& span : mask.find(excerpt.text)) {
    parts.push_back({span.begin, span.end, std::move(span.shown), false});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    if (a.begin != b.begin) return a.begin < b.begin;
    return a.own != b.own ? a.own : a.end > b.end;
  });
  return parts;
}

// Parts that overlap become one. The own secret's form wins; of several others none is shown, unless
// they are the same part named twice.
std::vector<Part> merge(std::vector<Part> parts) {
  std::vector<Part> merged;
  for (Part& part : parts) {
    if (merged.empty() || part.begin >= merged.back().end) {
      merged.push_back(std::move(part));
      continue;
    }
    Part& last = merged.back();
    const bool same = part.begin == last.begin && part.end == last.end;
    if (!last.own && part.own) {
      last.shown = std::move(part.shown);
    } else if (!last.own && !same) {
      last.shown = "…";
    }
    last.own = last.own || part.own;
    last.end = std::max(last.end, part.end);
  }
  return merged;
}

}  // namespace

MaskedLine masked_line(const detect::Finding& finding, const Excerpt& excerpt, const SecretMask& mask) {
  const Line line = line_of(excerpt);
  const std::string_view text = excerpt.text;
  MaskedLine masked;
  if (mask.show_secrets()) {
    masked.text = text.substr(line.begin, line.end - line.begin);
    masked.begin = std::min<std::size_t>(excerpt.begin, line.end) - line.begin;
    masked.end = std::clamp<std::size_t>(excerpt.end, masked.begin + line.begin, line.end) - line.begin;
    return masked;
  }
  std::size_t done = line.begin;
  bool placed = false;
  for (const Part& part : merge(parts_of(finding, excerpt, mask))) {
    if (part.end <= line.begin || part.begin >= line.end) continue;
    if (part.begin > done) masked.text += text.substr(done, part.begin - done);
    if (part.own) masked.begin = masked.text.size();
    masked.text += part.shown;
    if (part.own) masked.end = masked.text.size();
    placed = placed || part.own;
    done = std::min(part.end, line.end);
  }
  masked.text += text.substr(done, line.end - done);
  if (!placed) masked.begin = masked.end = std::min<std::size_t>(excerpt.begin, masked.text.size());
  return masked;
}

std::uint32_t covered_lines(const detect::Position& position) {
  if (position.end_line <= position.line) return 1;
  const std::uint32_t more = position.end_line - position.line;
  return position.end_column <= 1 ? more : more + 1;
}

}  // namespace tightship::report
