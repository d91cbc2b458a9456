#include "detect/join.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace tightship::detect {
namespace {

struct Place {
  std::uint32_t line = 0, column = 0;
};

// Where each candidate's match begins. Matches begin nearly in the order of the candidates, which are sorted by
// their secrets; so the lines are counted forwards over a sorted copy of the positions.
std::vector<Place> find_places(std::string_view text, const std::vector<Candidate>& candidates) {
  std::vector<std::size_t> order(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return candidates[a].match_start < candidates[b].match_start; });
  std::vector<Place> places(candidates.size());
  std::uint32_t line = 0;
  std::size_t line_start = 0;
  for (const std::size_t i : order) {
    const std::size_t target = candidates[i].match_start;
    for (std::size_t end = text.find('\n', line_start); end < target; end = text.find('\n', line_start)) {
      line_start = end + 1;
      ++line;
    }
    places[i] = {line, static_cast<std::uint32_t>(target - line_start)};
  }
  return places;
}

std::uint32_t distance(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : b - a; }

class Joiner {
 public:
  Joiner(const RuleSet::Impl& inside, std::string_view text, std::vector<Candidate>& candidates,
         std::vector<Joined>& joined)
      : inside_(inside), text_(text), candidates_(candidates), joined_(joined), gone_(candidates.size(), false) {}

  void run() {
    places_ = find_places(text_, candidates_);
    for (std::size_t i = 0; i < candidates_.size(); ++i) by_rule_.push_back(i);
    std::stable_sort(by_rule_.begin(), by_rule_.end(),
                     [&](std::size_t a, std::size_t b) { return candidates_[a].rule < candidates_[b].rule; });
    // What is required is decided on all candidates, then the parts of what remains are taken.
    std::vector<bool> lacking(candidates_.size(), false);
    for (std::size_t i = 0; i < candidates_.size(); ++i) lacking[i] = lacks_companion(i);
    gone_ = std::move(lacking);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!gone_[i]) take_parts(i);
    }
    remove_gone();
  }

 private:
  bool near(std::size_t a, std::size_t b, const Companion& companion) const {
    const Place x = places_[a], y = places_[b];
    return (companion.within_lines < 0 ||
            distance(x.line, y.line) <= static_cast<std::uint32_t>(companion.within_lines)) &&
           (companion.within_columns < 0 ||
            distance(x.column, y.column) <= static_cast<std::uint32_t>(companion.within_columns));
  }

  // Candidates of `rule` from the nearest on, at most kMaxNeighbours on either side of candidate `i`.
  template <class Use>
  void each_neighbour(std::size_t i, std::uint16_t rule, Use use) const {
    const auto before = [&](std::size_t other, std::size_t) {
      return candidates_[other].rule != rule ? candidates_[other].rule < rule : other < i;
    };
    const auto middle = std::lower_bound(by_rule_.begin(), by_rule_.end(), i, before);
    const auto of_rule = [&](auto at) { return candidates_[*at].rule == rule; };
    auto left = middle, right = middle;
    for (std::size_t n = 0; n < 2 * kMaxNeighbours; ++n) {
      const bool can_left = left != by_rule_.begin() && of_rule(std::prev(left));
      const bool can_right = right != by_rule_.end() && of_rule(right);
      if (!can_left && !can_right) return;
      const bool go_left =
          can_left && (!can_right || distance(candidates_[i].start, candidates_[*std::prev(left)].start) <=
                                         distance(candidates_[*right].start, candidates_[i].start));
      const std::size_t other = go_left ? *--left : *right++;
      if (other != i && !use(other)) return;
    }
  }

  bool lacks_companion(std::size_t i) const {
    for (const ResolvedCompanion& companion : inside_.filters[candidates_[i].rule].companions) {
      if (!companion.given->required) continue;
      bool found = false;
      if (companion.rule) {
        each_neighbour(i, *companion.rule,
                       [&](std::size_t other) { return !(found = near(i, other, *companion.given)); });
      }
      if (!found) return true;
    }
    return false;
  }

  std::string_view secret(std::size_t i) const { return text_.substr(candidates_[i].start, candidates_[i].length); }

  void take_parts(std::size_t i) {
    for (const ResolvedCompanion& companion : inside_.filters[candidates_[i].rule].companions) {
      if (companion.given->name.empty() || !companion.rule) continue;
      std::optional<std::size_t> part;
      each_neighbour(i, *companion.rule, [&](std::size_t other) {
        if (!near(i, other, *companion.given)) return true;
        if (!part) part = other;
        if (secret(other) == secret(*part)) gone_[other] = true;
        return true;
      });
      if (part) joined_.push_back({candidates_[i].start, companion.given, candidates_[*part]});
    }
  }

  void remove_gone() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!gone_[i] && !inside_.rules[candidates_[i].rule].skip_report) candidates_[kept++] = candidates_[i];
    }
    candidates_.resize(kept);
  }

  const RuleSet::Impl& inside_;
  std::string_view text_;
  std::vector<Candidate>& candidates_;
  std::vector<Joined>& joined_;
  std::vector<Place> places_;
  std::vector<std::size_t> by_rule_;  // indices of candidates, by rule and then by start
  std::vector<bool> gone_;
};

}  // namespace

void join_companions(const RuleSet::Impl& inside, std::string_view text, std::vector<Candidate>& candidates,
                     std::vector<Joined>& joined) {
  const bool wanted = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
    return !inside.filters[candidate.rule].companions.empty() || inside.rules[candidate.rule].skip_report;
  });
  if (wanted) Joiner(inside, text, candidates, joined).run();
}

}  // namespace tightship::detect
