#include "detect/detector.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/assigned_value.h"
#include "detect/codec.h"
#include "detect/folded.h"
#include "detect/generic.h"
#include "detect/gitleaks_judge.h"
#include "detect/judgement.h"
#include "detect/placeholder.h"
#include "detect/published_sample.h"
#include "detect/rule_set.h"
#include "detect/value_filter.h"

namespace tightship::detect {
namespace {

// Beyond this the value is a structure (key, JWT) whose own check knows placeholders.
constexpr std::size_t kMaxPlaceholder = 256;

std::string_view random_part(const Rule& rule, std::string_view secret) {
  return secret.starts_with(rule.prefix) ? secret.substr(rule.prefix.size()) : secret;
}

// A value with another rule's fixed prefix was or will be judged by that rule.
bool belongs_to_another(const RuleSet::Impl& inside, std::string_view secret) {
  return std::any_of(inside.prefixes.begin(), inside.prefixes.end(),
                     [&](std::string_view prefix) { return secret.starts_with(prefix); });
}

std::string generic_label(std::string_view secret, std::string_view match) {
  return fmt::format("entropy {:.1f} near \"{}\"", shannon_entropy(secret),
                     telling_word(split_assignment(match, secret).name));
}

}  // namespace

Candidate candidate_of(const RuleSet::Impl& inside, std::string_view text, match::Match found) {
  const Rule& rule = inside.rules[found.pattern];
  if (rule.dialect == Dialect::Gitleaks) cut_as_gitleaks(inside, text, found);
  Candidate candidate{.start = found.secret_start,
                      .length = found.secret_end - found.secret_start,
                      .match_start = found.start,
                      .match_length = found.end - found.start,
                      .rule = static_cast<std::uint16_t>(found.pattern),
                      .verdict = Verdict::Rejected};
  if (!rule.generic || candidate.length != candidate.match_length) return candidate;
  // The expression takes no more of the value than it must; its window has room for the rest.
  const std::string_view value = assigned_value(text.substr(found.start, inside.engine->max_width(found.pattern)));
  candidate.length = static_cast<std::uint32_t>(value.size());
  if (value.empty()) return candidate;
  candidate.start = static_cast<std::uint32_t>(value.data() - text.data());
  candidate.match_length = candidate.start + candidate.length - candidate.match_start;
  return candidate;
}

Judgement judge(const RuleSet::Impl& inside, std::size_t index, std::string_view secret, std::string_view match) {
  const Rule& rule = inside.rules[index];
  const RuleFilter& filter = inside.filters[index];
  const auto no = [](Fault fault) { return Judgement{Verdict::Rejected, fault}; };
  if (rule.dialect == Dialect::Gitleaks) return judge_as_gitleaks(inside, index, secret, match);
  if (secret.empty()) return no(Fault::Empty);
  if (rule.entropy > 0 && shannon_entropy(secret) <= rule.entropy) return no(Fault::Entropy);
  if (rule.generic && belongs_to_another(inside, secret)) return no(Fault::OtherPrefix);
  if (rule.generic && !value_fault(split_assignment(match, secret)).empty()) return no(Fault::Generic);
  // A seed phrase may hold any word of its list: its check knows the samples.
  const bool is_phrase = filter.check != nullptr && secret.find(' ') != std::string_view::npos;
  if (!is_phrase && secret.size() <= kMaxPlaceholder && is_placeholder(random_part(rule, secret))) {
    return no(Fault::Placeholder);
  }
  if (!rule.prefix.empty() && spells_text(random_part(rule, secret))) return no(Fault::Placeholder);
  if (is_published_sample(secret)) return no(Fault::Sample);
  if (value_is_allowed(filter.allowlists, secret, match) || value_is_allowed(inside.global_filters, secret, match)) {
    return no(Fault::Allowlist);
  }
  if (filter.check == nullptr) return {Verdict::Plausible, Fault::None};
  const Verdict verdict = filter.check(secret, match).verdict;
  return {verdict, verdict == Verdict::Rejected ? Fault::Refuted : Fault::None};
}

namespace {

void keep_believed(const RuleSet& rules, std::string_view text, const std::vector<match::Match>& matches,
                   std::vector<Candidate>& out) {
  for (const match::Match& found : matches) {
    Candidate candidate = candidate_of(rules.inside(), text, found);
    const std::string_view match = text.substr(candidate.match_start, candidate.match_length);
    const std::string_view secret = text.substr(candidate.start, candidate.length);
    candidate.verdict = judge(rules.inside(), found.pattern, secret, match).verdict;
    if (candidate.verdict != Verdict::Rejected) out.push_back(candidate);
  }
}

}  // namespace

bool confirm(const RuleSet& rules, Bytes data, match::Anchor anchor, std::vector<match::Match>& scratch,
             std::vector<Candidate>& out, std::span<const std::uint8_t> left_out) {
  scratch.clear();
  const bool open = rules.engine().confirm(data, anchor, scratch, left_out);
  keep_believed(rules, as_text(data), scratch, out);
  return open;
}

void search(const RuleSet& rules, Bytes data, const std::vector<std::uint8_t>& seen, std::vector<match::Match>& scratch,
            std::vector<Candidate>& out) {
  if (!rules.engine().searches()) return;
  scratch.clear();
  rules.engine().search(data, seen, scratch);
  keep_believed(rules, as_text(data), scratch, out);
}

bool names_commits(const RuleSet& rules) { return rules.inside().names_commits; }

bool commit_is_allowed(const RuleSet& rules, Bytes blob, std::string_view path, const Candidate& candidate,
                       std::string_view commit) {
  const RuleSet::Impl& inside = rules.inside();
  if (!inside.names_commits) return false;
  const std::string_view text = as_text(blob);
  // Of a rule of paths there is no content; positions of transcoded content may lie outside of it.
  const auto part = [&](std::uint32_t begin, std::uint32_t size) {
    return begin > text.size() ? std::string_view() : text.substr(begin, size);
  };
  const Surroundings around{
      part(candidate.start, candidate.length), part(candidate.match_start, candidate.match_length),
      candidate.match_start > text.size() ? std::string_view() : lines_of(text, candidate), path, commit};
  return commit_is_allowed(inside.global_filters, around) ||
         commit_is_allowed(inside.filters[candidate.rule].allowlists, around);
}

CheckResult explain(const Rule& rule, std::string_view secret, std::string_view match) {
  return explain_at(rule, secret, match, now_seconds());
}

CheckResult explain_at(const Rule& rule, std::string_view secret, std::string_view match, std::int64_t now) {
  CheckResult result;
  const Check check = rule.check.empty() ? nullptr : find_check(rule.check);
  if (check != nullptr) result = check(secret, match);
  if (result.why.empty()) result.why = rule.generic ? generic_label(secret, match) : std::string(rule.why);
  if (result.expires && *result.expires <= now) {
    result.why += ", expired";
    if (!result.severity || *result.severity == Severity::Error) result.severity = Severity::Warning;
  }
  return result;
}

std::string fingerprint(std::string_view rule_id, std::string_view secret) {
  constexpr std::string_view kDomain = "tightship fingerprint v1";
  std::string text(kDomain);
  text.push_back('\0');
  text += rule_id;
  text.push_back('\0');
  text += unfolded(secret);
  return encode_hex(sha256(text).substr(0, 8));
}

}  // namespace tightship::detect
