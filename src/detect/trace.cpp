#include "detect/trace.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/generic.h"
#include "detect/judgement.h"
#include "detect/rule_set.h"
#include "detect/value_filter.h"

namespace tightship::detect {
namespace {

constexpr std::size_t kSlice = std::size_t{256} << 10;

std::string_view part(std::string_view text, std::uint32_t start, std::uint32_t length) {
  return text.substr(start, length);
}

// The rule file whose text the view points into; empty for the built-in rules. Files own the strings of
// their rules, and rules point into them.
std::string file_owning(const RuleSet::Impl& inside, std::string_view text) {
  for (const RuleFile& file : inside.files) {
    for (const std::string& owned : file.strings) {
      if (text.data() >= owned.data() && text.data() <= owned.data() + owned.size()) return file.path;
    }
  }
  return {};
}

std::string file_of(const RuleSet::Impl& inside, const Allowlist& list) {
  for (const auto* texts : {&list.regexes, &list.stopwords, &list.paths, &list.commits}) {
    if (!texts->empty()) return file_owning(inside, texts->front());
  }
  return {};
}

// One trace of one text.
class Tracer {
 public:
  Tracer(const RuleSet& rules, Bytes text, std::string_view path)
      : rules_(rules), inside_(rules.inside()), bytes_(text), text_(as_text(text)), path_(path) {}

  void find_matches(std::uint64_t begin, std::uint64_t end);
  void follow();
  std::vector<TracedMatch> take();
  bool truncated() const { return truncated_; }

 private:
  void judge_match(const match::Match& found);
  bool touches(const Candidate& c) const {
    const std::uint64_t first = std::min(c.start, c.match_start);
    const std::uint64_t last = std::max(c.start + c.length, c.match_start + c.match_length);
    return first < end_ && last > begin_;
  }
  void say(const Candidate& candidate, std::string reason, std::string file = {}) {
    traced_.push_back({candidate, false, std::move(reason), std::move(file)});
  }
  std::string_view secret(const Candidate& c) const { return part(text_, c.start, c.length); }
  std::string_view match(const Candidate& c) const { return part(text_, c.match_start, c.match_length); }
  void reject(const Candidate& candidate, Fault fault);
  void drop(const Candidate& candidate, Drop why);
  template <class Decides>
  void name_allowlist(const Candidate& candidate, std::string_view what, Decides decides);

  const RuleSet& rules_;
  const RuleSet::Impl& inside_;
  Bytes bytes_;
  std::string_view text_, path_;
  std::uint64_t begin_ = 0, end_ = 0;
  std::vector<Candidate> candidates_;
  std::vector<TracedMatch> traced_;
  bool truncated_ = false;
};

void Tracer::find_matches(std::uint64_t begin, std::uint64_t end) {
  begin_ = begin;
  end_ = end;
  const match::Engine& engine = rules_.engine();
  match::Engine::Scratch scratch = engine.make_scratch();
  const std::size_t width = std::max<std::size_t>(engine.max_anchor_width(), 1);
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  std::vector<std::uint8_t> seen(engine.literal_count());
  for (std::size_t at = 0; at < bytes_.size() && !truncated_; at += kSlice) {
    const std::size_t stop = std::min(bytes_.size(), at + kSlice);
    anchors.clear();
    engine.find_anchors(bytes_.subspan(at, std::min(bytes_.size(), stop + width - 1) - at), scratch, anchors);
    for (match::Anchor anchor : anchors) {
      if (anchor.position >= stop - at) continue;
      anchor.position += static_cast<std::uint32_t>(at);
      seen[anchor.literal] = 1;
      matches.clear();
      engine.confirm(bytes_, anchor, matches);
      for (const match::Match& found : matches) judge_match(found);
    }
  }
  matches.clear();
  if (engine.searches()) engine.search(bytes_, seen, matches);
  for (const match::Match& found : matches) judge_match(found);
}

void Tracer::judge_match(const match::Match& found) {
  Candidate candidate = candidate_of(inside_, text_, found);
  const Judgement judgement = judge(inside_, found.pattern, secret(candidate), match(candidate));
  candidate.verdict = judgement.verdict;
  if (candidates_.size() + traced_.size() >= kMaxTraced) {
    truncated_ = true;
  } else if (candidate.verdict != Verdict::Rejected) {
    candidates_.push_back(candidate);
  } else if (touches(candidate)) {
    reject(candidate, judgement.fault);
  }
}

// Names the first allow list that `decides`.
template <class Decides>
void Tracer::name_allowlist(const Candidate& candidate, std::string_view what, Decides decides) {
  const std::pair<const std::vector<AllowlistFilter>*, std::string_view> kinds[] = {
      {&inside_.global_filters, "an allow list for all rules"},
      {&inside_.filters[candidate.rule].allowlists, "an allow list of the rule"}};
  for (const auto& [filters, name] : kinds) {
    for (const AllowlistFilter& filter : *filters) {
      if (decides(std::vector<AllowlistFilter>{filter})) {
        return say(candidate, fmt::format("{} accepts its {}", name, what), file_of(inside_, *filter.list));
      }
    }
  }
  say(candidate, fmt::format("an allow list accepts its {}", what));
}

void Tracer::reject(const Candidate& candidate, Fault fault) {
  const Rule& rule = inside_.rules[candidate.rule];
  switch (fault) {
    case Fault::Empty: return say(candidate, "the value is empty");
    case Fault::Entropy:
      return say(candidate, fmt::format("its entropy is at most the rule's {:g} bits a character", rule.entropy));
    case Fault::Placeholder: return say(candidate, "the value is a placeholder");
    case Fault::Sample: return say(candidate, "the value is published by its vendor for development");
    case Fault::OtherPrefix: return say(candidate, "the value begins as those of a more specific rule");
    case Fault::Generic:
      return say(candidate, fmt::format("the value does not look like a secret: {}",
                                        value_fault(split_assignment(match(candidate), secret(candidate)))));
    case Fault::Allowlist:
      return name_allowlist(candidate, "value", [&](const std::vector<AllowlistFilter>& list) {
        return value_is_allowed(list, secret(candidate), match(candidate));
      });
    case Fault::Refuted: return say(candidate, fmt::format("the check {} says that it cannot be one", rule.check));
    case Fault::None: break;
  }
}

void Tracer::drop(const Candidate& candidate, Drop why) {
  const Rule& rule = inside_.rules[candidate.rule];
  switch (why) {
    case Drop::Folder:
      return say(candidate, fmt::format("the rule is for {} only", rule.folders.front()),
                 file_owning(inside_, rule.id));
    case Drop::Off: {
      const std::string_view folder = folder_holding(rule.off_below, path_);
      return say(candidate, fmt::format("the rule is switched off below {}", folder), file_owning(inside_, folder));
    }
    case Drop::Path: return say(candidate, "the rule is for other paths", file_owning(inside_, rule.path));
    case Drop::Generic:
      return say(candidate, fmt::format("where it stands, the value does not look like a secret: {}",
                                        generic_fault(read_site(text_, path_, candidate))));
    case Drop::Comment: return say(candidate, "a comment on its line allows it");
    case Drop::Allowlist:
      return name_allowlist(candidate, "line or path", [&](const std::vector<AllowlistFilter>& list) {
        return place_is_allowed(list, {secret(candidate), match(candidate), lines_of(text_, candidate), path_});
      });
    case Drop::Keyword: return say(candidate, "none of the rule's keywords is in the file");
    case Drop::None: break;
  }
}

void Tracer::follow() {
  std::sort(candidates_.begin(), candidates_.end());
  candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
  std::vector<Candidate> kept = candidates_;
  std::vector<Joined> joined;
  settle(rules_, bytes_, path_, kept, &joined);
  for (const Candidate& candidate : candidates_) {
    if (!touches(candidate)) continue;
    if (std::find(kept.begin(), kept.end(), candidate) != kept.end()) {
      traced_.push_back({candidate, true, {}, {}});
      continue;
    }
    const Drop why = why_dropped(inside_, text_, path_, candidate);
    if (why != Drop::None) {
      drop(candidate, why);
      continue;
    }
    const auto other = std::find_if(kept.begin(), kept.end(), [&](const Candidate& c) {
      return c.start < candidate.start + candidate.length && candidate.start < c.start + c.length;
    });
    const auto whole = std::find_if(joined.begin(), joined.end(), [&](const Joined& j) { return j.part == candidate; });
    if (whole != joined.end()) {
      say(candidate, fmt::format("it is reported as the {} of a secret near it", whole->as->name));
      continue;
    }
    if (inside_.rules[candidate.rule].skip_report) {
      say(candidate, "its rule is only asked by other rules");
      continue;
    }
    say(candidate, other == kept.end()
                       ? "another candidate on the same bytes goes before it"
                       : fmt::format("the same bytes are {}'s, which goes before it", inside_.rules[other->rule].id));
  }
}

std::vector<TracedMatch> Tracer::take() {
  const auto same = [](const TracedMatch& a, const TracedMatch& b) { return a.candidate == b.candidate; };
  std::stable_sort(traced_.begin(), traced_.end(),
                   [](const TracedMatch& a, const TracedMatch& b) { return a.candidate < b.candidate; });
  traced_.erase(std::unique(traced_.begin(), traced_.end(), same), traced_.end());
  return std::move(traced_);
}

}  // namespace

std::vector<TracedMatch> trace_matches(const RuleSet& rules, Bytes text, std::string_view path, std::uint64_t begin,
                                       std::uint64_t end, bool& truncated) {
  Tracer tracer(rules, text, path);
  tracer.find_matches(begin, end);
  tracer.follow();
  truncated = tracer.truncated();
  return tracer.take();
}

}  // namespace tightship::detect
