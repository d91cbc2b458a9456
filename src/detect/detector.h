#pragma once

// From anchors to believed candidates.
//
// Two steps, told apart by what they may look at:
//   confirm  sees only the anchor's window. Expression, entropy, value stop words, offline check,
//            generic judgement of name, form and value. Its verdicts can be inherited along a delta.
//   settle   sees the whole blob and its path: inline `tightship:allow`, line and path allow lists,
//            precedence of overlapping candidates. It is run on every blob that has candidates.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "detect/check.h"
#include "detect/rule.h"

namespace tightship::detect {

struct Candidate {
  std::uint32_t start = 0, length = 0;              // the secret's bytes
  std::uint32_t match_start = 0, match_length = 0;  // the whole match, which contains them
  std::uint16_t rule = 0;                           // index into RuleSet::rules()
  Verdict verdict = Verdict::Plausible;
  friend bool operator==(const Candidate&, const Candidate&) = default;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

// Appends what is confirmed at `anchor`. `scratch` is cleared and keeps its capacity.
// A pure function of the rules and of the bytes in engine().reach(anchor.literal), unless it returns
// true: then of all of the data (match::Engine::confirm). Rules with a non-zero byte in `left_out` are not tried.
bool confirm(const RuleSet& rules, Bytes data, match::Anchor anchor, std::vector<match::Match>& scratch,
             std::vector<Candidate>& out, std::span<const std::uint8_t> left_out = {});

// The same for the rules whose expression has no literal, in all of the data. `seen` as for
// match::Engine::search.
void search(const RuleSet& rules, Bytes data, const std::vector<std::uint8_t>& seen, std::vector<match::Match>& scratch,
            std::vector<Candidate>& out);

// The path of what is no file: messages, author lines, names of refs.
inline constexpr std::string_view kNoFile{"\0", 1};

// Rules that report a file by its path alone: those of them that hold for `path`, by index.
std::vector<std::uint16_t> rules_of_path(const RuleSet& rules, std::string_view path);

bool has_path_rules(const RuleSet& rules);
// Whether rules_of_path may have an answer for a path whose last part is `name`.
bool name_may_matter(const RuleSet& rules, std::string_view name);

// Whether an allow list drops the candidate because `commit` (hexadecimal) brings it. Lists that name no
// commits are settle's. Cheap where no list names any.
bool commit_is_allowed(const RuleSet& rules, Bytes blob, std::string_view path, const Candidate& candidate,
                       std::string_view commit);

bool names_commits(const RuleSet& rules);  // some allow list does

// Whether a comment (`tightship:allow`) on the lines of the match takes the candidate out. settle() asks that
// itself; this is for those whose text was decoded from other lines.
bool comment_allows(const RuleSet& rules, Bytes blob, const Candidate& candidate);

// A candidate that became part of another's finding (Rule::companions).
struct Joined {
  std::uint32_t start = 0;        // of the candidate that has it as a part
  const Companion* as = nullptr;  // of the RuleSet
  Candidate part;
};

// Drops from `candidates` (of one blob, any order) those that the blob's other bytes or its path
// speak against, keeps one of several on the same bytes (Certain over Plausible, specific over
// generic, longer over shorter, a fixed prefix over none, then rule order), joins those that belong together,
// and sorts by start. Rules of Dialect::Gitleaks stand beside one another as there: each reports, a generic
// one gives way on its line, and only what is required is asked for.
// `path` is relative to the repository; of what stands in an archive it is member_path(). It is empty when unknown: path rules then neither drop nor keep
// anything, and where a candidate whose rule asks for the path is among them all are kept and none is joined,
// since which goes before which depends on it. What was joined is appended to `joined` when
// that is given.
void settle(const RuleSet& rules, Bytes blob, std::string_view path, std::vector<Candidate>& candidates,
            std::vector<Joined>* joined = nullptr);

// The check's result once more, for reports: label, facts, severity. Pure.
CheckResult explain(const Rule& rule, std::string_view secret, std::string_view match);

// The same at a given time (seconds since 1970 UTC): an expired token is a Warning at most. explain()
// asks the clock, which SOURCE_DATE_EPOCH pins.
CheckResult explain_at(const Rule& rule, std::string_view secret, std::string_view match, std::int64_t now);

// 16 hexadecimal digits: truncated SHA-256 over a domain, the rule's id and the value. Independent
// of place, so that moves and rebases do not change it; of folded base64 the same as on one line.
std::string fingerprint(std::string_view rule_id, std::string_view secret);

}  // namespace tightship::detect
