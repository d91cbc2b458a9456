#include "detect/gitleaks_judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/code_point.h"
#include "detect/join.h"
#include "detect/value_filter.h"

namespace tightship::detect {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool contains_caseless(std::string_view text, std::string_view lower_word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(), same) != text.end();
}

bool is_generic(const Rule& rule) { return lower(rule.id).find("generic") != std::string::npos; }

// Of those of a line that a generic candidate is compared with; a line of hostile content has thousands.
constexpr std::size_t kMaxCompared = 256;

// Candidates on one line, of which `first` is the line's first byte.
using Lines = std::map<std::size_t, std::vector<const Candidate*>>;

// The line of each candidate that is not generic. One pass over the content.
class LineFinder {
 public:
  LineFinder(std::string_view content, const std::vector<Candidate>& candidates) {
    std::vector<std::uint32_t> starts;
    for (const Candidate& candidate : candidates) starts.push_back(candidate.match_start);
    std::sort(starts.begin(), starts.end());
    std::size_t line = 0, next = std::min(content.find('\n'), content.size());
    for (const std::uint32_t start : starts) {
      while (next < start) {
        line = next + 1;
        next = std::min(content.find('\n', line), content.size());
      }
      lines_[start] = line;
    }
  }
  std::size_t of(const Candidate& candidate) const { return lines_.at(candidate.match_start); }

 private:
  std::unordered_map<std::uint32_t, std::size_t> lines_;
};

std::vector<Candidate> drop_generic(const RuleSet::Impl& inside, std::string_view content,
                                    const std::vector<Candidate>& candidates) {
  const LineFinder lines(content, candidates);
  Lines specific;
  for (const Candidate& candidate : candidates) {
    if (!is_generic(inside.rules[candidate.rule])) specific[lines.of(candidate)].push_back(&candidate);
  }
  std::vector<Candidate> kept;
  for (const Candidate& candidate : candidates) {
    const auto here = specific.find(lines.of(candidate));
    const bool alone = here == specific.end() || !is_generic(inside.rules[candidate.rule]);
    const std::string_view secret = content.substr(candidate.start, candidate.length);
    const auto end = alone ? 0 : std::min(here->second.size(), kMaxCompared);
    std::size_t i = 0;
    while (i < end &&
           content.substr(here->second[i]->start, here->second[i]->length).find(secret) == std::string_view::npos)
      ++i;
    if (i == end) kept.push_back(candidate);
  }
  return kept;
}

// betterleaks' specificity; where no rule has one, all are kept. Of n candidates sorted by start each is
// compared with those that overlap it, at most kMaxCompared.
std::vector<Candidate> drop_less_specific(const RuleSet::Impl& inside, std::vector<Candidate> candidates) {
  const auto of = [&](const Candidate& candidate) { return inside.rules[candidate.rule].specificity; };
  const bool alike = std::all_of(candidates.begin(), candidates.end(),
                                 [&](const Candidate& other) { return of(other) == of(candidates.front()); });
  if (alike) return candidates;
  std::sort(candidates.begin(), candidates.end());
  std::vector<Candidate> kept;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& own = candidates[i];
    const auto beaten_by = [&](const Candidate& other) {
      return of(other) > of(own) && other.start < own.start + own.length && own.start < other.start + other.length;
    };
    const auto at = candidates.begin() + static_cast<std::ptrdiff_t>(i);
    const auto first = candidates.begin() + static_cast<std::ptrdiff_t>(i - std::min(i, kMaxCompared));
    const auto last = candidates.begin() + static_cast<std::ptrdiff_t>(std::min(candidates.size(), i + kMaxCompared));
    if (std::none_of(first, at, beaten_by) && std::none_of(at, last, beaten_by)) kept.push_back(own);
  }
  return kept;
}

}  // namespace

void cut_as_gitleaks(const RuleSet::Impl& inside, std::string_view text, match::Match& match) {
  while (match.end > match.start && text[match.end - 1] == '\n') --match.end;
  while (match.start < match.end && text[match.start] == '\n') ++match.start;
  const std::string_view alone = text.substr(match.start, match.end - match.start);
  const auto secret = inside.engine->secret_alone(match.pattern, alone);
  match.secret_start = match.start;
  match.secret_end = match.end;
  if (!secret || secret->empty()) return;
  match.secret_start = match.start + static_cast<std::uint32_t>(secret->data() - alone.data());
  match.secret_end = match.secret_start + static_cast<std::uint32_t>(secret->size());
}

double gitleaks_entropy(std::string_view text) {
  std::unordered_map<std::uint32_t, std::uint32_t> counts;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    ++counts[point.valid ? static_cast<std::uint32_t>(point.value) : 0xFFFD];
    at += point.size;
  }
  double bits = 0;
  for (const auto& [value, count] : counts) {
    const double share = count / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

Judgement judge_as_gitleaks(const RuleSet::Impl& inside, std::size_t index, std::string_view secret,
                            std::string_view match) {
  const Rule& rule = inside.rules[index];
  if (secret.empty()) return {Verdict::Rejected, Fault::Empty};
  if (rule.entropy > 0 && gitleaks_entropy(secret) <= rule.entropy) return {Verdict::Rejected, Fault::Entropy};
  if (value_is_allowed(inside.filters[index].allowlists, secret, match) ||
      value_is_allowed(inside.global_filters, secret, match)) {
    return {Verdict::Rejected, Fault::Allowlist};
  }
  return {Verdict::Plausible, Fault::None};
}

bool has_keyword(const Rule& rule, std::string_view match, std::string_view content) {
  if (rule.keywords.empty()) return true;
  const auto in = [&](std::string_view text) {
    return std::any_of(rule.keywords.begin(), rule.keywords.end(),
                       [&](std::string_view word) { return contains_caseless(text, lower(word)); });
  };
  return in(match) || in(content);
}

void settle_as_gitleaks(const RuleSet::Impl& inside, std::string_view content, std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.rule, a.match_start, b.match_length, a.start, a.length) <
           std::tie(b.rule, b.match_start, a.match_length, b.start, b.length);
  });
  std::vector<Candidate> kept;
  for (const Candidate& candidate : candidates) {
    const bool same_rule = !kept.empty() && kept.back().rule == candidate.rule;
    const bool overlaps = same_rule && candidate.start < kept.back().start + kept.back().length &&
                          kept.back().start < candidate.start + candidate.length;
    if (!overlaps) kept.push_back(candidate);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<Joined> no_parts;  // merging took them off these rules
  join_companions(inside, content, kept, no_parts);
  candidates = drop_generic(inside, content, drop_less_specific(inside, std::move(kept)));
  std::sort(candidates.begin(), candidates.end());
}

}  // namespace tightship::detect
