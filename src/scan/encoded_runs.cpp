#include "scan/encoded_runs.h"

#include <algorithm>

#include "scan/encoded_hints.h"

namespace tightship::scan {
namespace {

bool is_blank(std::uint8_t byte) { return byte == ' ' || byte == '\t'; }

std::uint32_t end_of_digits(Bytes text, std::uint32_t at) {
  while (at < text.size() && is_base64_digit(text[at])) ++at;
  return at;
}

std::uint32_t begin_of_digits(Bytes text, std::uint32_t at) {
  while (at > 0 && is_base64_digit(text[at - 1])) --at;
  return at;
}

// A run next to another one, and what was looked at to tell: up to, or from, `looked`.
struct Neighbour {
  std::optional<Stretch> run;
  std::uint32_t looked = 0;
};

std::uint32_t skip_blanks(Bytes text, std::uint32_t at) {
  const std::uint32_t begin = at;
  while (at < text.size() && at - begin < kMaxIndent && is_blank(text[at])) ++at;
  return at;
}

std::uint32_t skip_blanks_back(Bytes text, std::uint32_t at) {
  const std::uint32_t end = at;
  while (at > 0 && end - at < kMaxIndent && is_blank(text[at - 1])) --at;
  return at;
}

// What follows on the next line. `looked` may be one behind the end of the text.
Neighbour run_behind(Bytes text, std::uint32_t end) {
  std::uint32_t at = skip_blanks(text, end);
  if (at < text.size() && text[at] == '\r') ++at;
  if (at >= text.size() || text[at] != '\n') return {std::nullopt, at + 1};
  const std::uint32_t begin = skip_blanks(text, at + 1);
  const std::uint32_t stop = end_of_digits(text, begin);
  if (stop == begin) return {std::nullopt, begin + 1};
  return {Stretch{begin, stop}, stop + 1};
}

// What ends on the line before. `looked` counts from one before the text: 0 is there.
Neighbour run_before(Bytes text, std::uint32_t begin) {
  std::uint32_t at = skip_blanks_back(text, begin);
  if (at == 0 || text[at - 1] != '\n') return {std::nullopt, at};
  --at;
  if (at > 0 && text[at - 1] == '\r') --at;
  const std::uint32_t end = skip_blanks_back(text, at);
  const std::uint32_t start = begin_of_digits(text, end);
  if (start == end) return {std::nullopt, end};
  return {Stretch{start, end}, start};
}

bool is_linked(Stretch first, Stretch second) {
  return first.size() >= kMinWrapped && first.size() % 4 == 0 && second.size() <= first.size();
}

}  // namespace

Stretch run_around(Bytes text, std::uint32_t at) { return {begin_of_digits(text, at), end_of_digits(text, at)}; }

void chain_around(Bytes text, Stretch run, RunChain& out) {
  out.runs.assign(1, run);
  for (;;) {
    const Neighbour before = run_before(text, out.runs.back().begin);
    out.reach_before = out.runs.back().begin + 1 - before.looked;
    if (!before.run || !is_linked(*before.run, out.runs.back())) break;
    out.runs.push_back(*before.run);
  }
  std::reverse(out.runs.begin(), out.runs.end());
  for (;;) {
    const Neighbour behind = run_behind(text, out.runs.back().end);
    out.reach_after = behind.looked - out.runs.back().end;
    if (!behind.run || !is_linked(out.runs.back(), *behind.run)) break;
    out.runs.push_back(*behind.run);
  }
}

}  // namespace tightship::scan
