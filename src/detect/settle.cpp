#include <algorithm>
#include <map>
#include <tuple>

#include "detect/detector.h"
#include "detect/generic.h"
#include "detect/gitleaks_judge.h"
#include "detect/join.h"
#include "detect/judgement.h"
#include "detect/member_path.h"
#include "detect/rule_set.h"
#include "detect/value_filter.h"

namespace tightship::detect {
namespace {

// A line is searched for allow comments and by line expressions at most this far from the match: one
// line of a minified bundle can have many megabytes and thousands of candidates.
constexpr std::size_t kMaxLineReach = 4096;

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// The word that `rest` begins with, which is taken off.
std::string_view take_word(std::string_view& rest) {
  const auto stop = std::find_if_not(rest.begin(), rest.end(), is_id_character);
  const std::string_view word = rest.substr(0, static_cast<std::size_t>(stop - rest.begin()));
  rest.remove_prefix(word.size());
  return word;
}

// Takes off a comma with blanks around it: another rule follows.
bool take_comma(std::string_view& rest) {
  const std::size_t comma = rest.find_first_not_of(" \t");
  if (comma == std::string_view::npos || rest[comma] != ',') return false;
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t", comma + 1)));
  return true;
}

// Whether the comment names this rule, or none. `rest` is what follows "tightship:allow": rules with
// commas between them, then a reason.
bool allow_names(std::string_view rest, std::string_view id) {
  const std::size_t gap = rest.find_first_not_of(" \t:=");
  if (gap == std::string_view::npos || gap == 0) return gap != 0 || !is_id_character(rest[0]);
  rest.remove_prefix(gap);
  bool names_any = false;
  do {
    const std::string_view word = take_word(rest);
    // A comment's end ("-->", "*/") or prose is no rule: only a word that can be an id counts.
    if (word.find('-') == std::string_view::npos || word.front() == '-') break;
    if (word == id) return true;
    names_any = true;
  } while (take_comma(rest));
  return !names_any;
}

bool has_allow_comment(std::string_view lines, std::string_view id) {
  if (lines.find("gitleaks:allow") != std::string_view::npos) return true;
  constexpr std::string_view kComment = "tightship:allow";
  for (std::size_t at = lines.find(kComment); at != std::string_view::npos; at = lines.find(kComment, at + 1)) {
    if (allow_names(lines.substr(at + kComment.size()), id)) return true;
  }
  return false;
}

}  // namespace

std::string_view lines_of(std::string_view blob, const Candidate& candidate) {
  std::size_t begin = candidate.match_start;
  std::size_t end = std::min<std::size_t>(blob.size(), begin + candidate.match_length);
  for (std::size_t i = 0; i < kMaxLineReach && begin > 0 && !is_line_end(blob[begin - 1]); ++i) --begin;
  for (std::size_t i = 0; i < kMaxLineReach && end < blob.size() && !is_line_end(blob[end]); ++i) ++end;
  return blob.substr(begin, end - begin);
}

bool comment_allows(const RuleSet& rules, Bytes blob, const Candidate& candidate) {
  const RuleSet::Impl& inside = rules.inside();
  return !inside.ignore_comments &&
         has_allow_comment(lines_of(as_text(blob), candidate), inside.rules[candidate.rule].id);
}

std::string_view folder_holding(const std::vector<std::string_view>& folders, std::string_view path) {
  const auto at = std::find_if(folders.begin(), folders.end(), [&](std::string_view f) { return path.starts_with(f); });
  return at == folders.end() ? std::string_view() : *at;
}

Drop why_dropped(const RuleSet::Impl& inside, std::string_view blob, std::string_view path,
                 const Candidate& candidate) {
  const RuleFilter& filter = inside.filters[candidate.rule];
  if (filter.by_folder && !path.empty()) {
    const Rule& rule = inside.rules[candidate.rule];
    if (!rule.folders.empty() && folder_holding(rule.folders, path).empty()) return Drop::Folder;
    if (!folder_holding(rule.off_below, path).empty()) return Drop::Off;
  }
  const std::string_view given = path;
  if (path == kNoFile) path = {};
  const auto fits = [&](std::string_view text) { return filter.path->found_in(text); };
  if (filter.path != nullptr && !path.empty() && !path_has(path, fits)) return Drop::Path;
  if (inside.rules[candidate.rule].generic) {
    const Site site = read_site(blob, given, candidate);
    if (!(given.empty() ? generic_fault_on_any_path(site) : generic_fault(site)).empty()) return Drop::Generic;
  }
  const std::string_view lines = lines_of(blob, candidate);
  if (!inside.ignore_comments && has_allow_comment(lines, inside.rules[candidate.rule].id)) return Drop::Comment;
  const Surroundings around{blob.substr(candidate.start, candidate.length),
                            blob.substr(candidate.match_start, candidate.match_length), lines, path};
  const bool allowed = place_is_allowed(inside.global_filters, around) || place_is_allowed(filter.allowlists, around);
  if (allowed) return Drop::Allowlist;
  const Rule& rule = inside.rules[candidate.rule];
  const bool worded = rule.dialect != Dialect::Gitleaks || has_keyword(rule, around.match, blob);
  return worded ? Drop::None : Drop::Keyword;
}

namespace {

bool overlap(const Candidate& a, const Candidate& b) {
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

struct Preferred {
  const RuleSet::Impl& inside;
  bool operator()(const Candidate& a, const Candidate& b) const {
    const auto key = [&](const Candidate& c) {
      const Rule& rule = inside.rules[c.rule];
      return std::tuple(c.verdict != Verdict::Certain, rule.generic, ~c.length, rule.prefix.empty(), c.rule, c.start,
                        c.match_start, c.match_length);
    };
    return key(a) < key(b);
  }
};

// Keeps the preferred one of several on the same bytes. Kept ones never overlap, so each newcomer
// is compared with its two neighbours only, and the whole is O(n log n) comparisons.
void keep_preferred(const RuleSet::Impl& inside, std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), Preferred{inside});
  std::map<std::uint32_t, Candidate> kept;  // by start
  for (const Candidate& candidate : candidates) {
    const auto after = kept.lower_bound(candidate.start);
    if (after != kept.end() && overlap(after->second, candidate)) continue;
    if (after != kept.begin() && overlap(std::prev(after)->second, candidate)) continue;
    kept.emplace_hint(after, candidate.start, candidate);
  }
  candidates.clear();
  for (const auto& [start, candidate] : kept) candidates.push_back(candidate);
}

std::vector<Candidate> take_of_gitleaks(const RuleSet::Impl& inside, std::vector<Candidate>& candidates) {
  const auto foreign = std::partition(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return inside.rules[c.rule].dialect != Dialect::Gitleaks;
  });
  std::vector<Candidate> taken(foreign, candidates.end());
  candidates.erase(foreign, candidates.end());
  return taken;
}

}  // namespace

void settle(const RuleSet& rules, Bytes blob, std::string_view path, std::vector<Candidate>& candidates,
            std::vector<Joined>* joined) {
  const RuleSet::Impl& inside = rules.inside();
  const std::string_view text = as_text(blob);
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::erase_if(candidates, [&](const Candidate& c) { return why_dropped(inside, text, path, c) != Drop::None; });
  const bool depends = path.empty() && std::any_of(candidates.begin(), candidates.end(),
                                                   [&](const Candidate& c) { return inside.filters[c.rule].by_path; });
  if (depends) return;
  std::vector<Candidate> of_gitleaks = take_of_gitleaks(inside, candidates);
  keep_preferred(inside, candidates);
  std::vector<Joined> unasked;
  join_companions(inside, text, candidates, joined != nullptr ? *joined : unasked);
  if (of_gitleaks.empty()) return;
  settle_as_gitleaks(inside, text, of_gitleaks);
  candidates.insert(candidates.end(), of_gitleaks.begin(), of_gitleaks.end());
  std::sort(candidates.begin(), candidates.end());
}

}  // namespace tightship::detect
