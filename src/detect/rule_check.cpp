#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "detect/check.h"
#include "detect/detector.h"
#include "detect/rule_set.h"
#include "detect/source_text.h"
#include "detect/token_template.h"
#include "match/pattern.h"
#include "match/regex.h"

namespace tightship::detect {
namespace {

std::optional<std::size_t> byte_index(std::string_view where) {  // "byte N"
  constexpr std::string_view kWord = "byte ";
  std::size_t index = 0;
  if (!where.starts_with(kWord)) return std::nullopt;
  where.remove_prefix(kWord.size());
  const auto parsed = std::from_chars(where.data(), where.data() + where.size(), index);
  return parsed.ec == std::errc{} ? std::optional(index) : std::nullopt;
}

void complain(RuleFile& file, const FilePlace& place, std::string message, std::string label, std::string help = {}) {
  add_problem(file, {Severity::Error, std::move(message), std::move(label), std::move(help), place, {}});
}

void check_pattern(RuleFile& file, const FileRule& entry, Strictness strictness) {
  const Rule& rule = entry.rule;
  if (rule.regex.empty()) return;
  const std::vector<std::string> anchors(rule.anchors.begin(), rule.anchors.end());
  const std::vector<std::string> keywords(rule.keywords.begin(), rule.keywords.end());
  const auto info = strictness == Strictness::Bounded ? match::analyse_pattern(rule.regex, anchors)
                                                      : match::analyse_any_pattern(rule.regex, anchors, keywords);
  if (!info) {
    const auto index = byte_index(info.error().where);
    const FilePlace place = index ? place_in_value(file.text, entry.regex_place, *index) : entry.regex_place;
    return complain(file, place, fmt::format("cannot compile the pattern of rule '{}'", rule.id), info.error().what,
                    fmt::format("mend it, then run: tightship rules check {}", file.path));
  }
  const auto groups = match::regex::count_groups(rule.regex);
  if (groups && rule.secret_group > *groups) {
    complain(file, entry.regex_place,
             fmt::format("secretGroup of rule '{}' is {}, and its pattern has {} groups", rule.id, rule.secret_group,
                         *groups),
             "no such group");
  }
}

void check_plain(RuleFile& file, const FilePlace& place, std::string_view text, std::string_view what,
                 std::string_view owner) {
  const auto groups = match::regex::count_groups(text);
  if (groups) return;
  complain(file, place, fmt::format("cannot compile {} of {}", what, owner), groups.error().what);
}

void check_allowlist(RuleFile& file, const FilePlace& place, const Allowlist& list, std::string_view owner) {
  for (const std::string_view text : list.regexes)
    check_plain(file, place, text, fmt::format("the allow-list expression '{}'", text), owner);
  for (const std::string_view text : list.paths)
    check_plain(file, place, text, fmt::format("the allow-list path '{}'", text), owner);
}

void check_name(RuleFile& file, const FileRule& entry) {
  if (entry.rule.check.empty() || find_check(entry.rule.check) != nullptr) return;
  const auto names = check_names();
  const std::string_view nearest = nearest_name(entry.rule.check, names);
  complain(file, entry.check_place,
           fmt::format("rule '{}' names the unknown check '{}'", entry.rule.id, entry.rule.check), "no such check",
           nearest.empty() ? "" : fmt::format("a similar one is {}", nearest));
}

struct Scan {
  std::string text;
  std::vector<Candidate> found;
};

Scan scan_text(const RuleSet& rules, std::string text) {
  Scan scan{std::move(text), {}};
  auto scratch = rules.engine().make_scratch();
  std::vector<match::Anchor> anchors;
  std::vector<match::Match> matches;
  const Bytes data = as_bytes(scan.text);
  rules.engine().find_anchors(data, scratch, anchors);
  std::vector<std::uint8_t> seen(rules.engine().literal_count());
  for (const match::Anchor anchor : anchors) {
    seen[anchor.literal] = 1;
    confirm(rules, data, anchor, matches, scan.found);
  }
  search(rules, data, seen, matches, scan.found);
  settle(rules, data, kNoFile, scan.found);
  return scan;
}

// What is wrong with one expansion of an example; empty when it is as it should be.
std::string example_fault(const RuleSet& rules, const Rule& rule, const Scan& scan) {
  bool reported = false;
  for (const Candidate& candidate : scan.found) {
    const Rule& by = rules.rules()[candidate.rule];
    if (by.id != rule.id) {
      // A pair (key id and secret, say) may have a rule for each half.
      if (!by.generic && by.provider == rule.provider) continue;
      return fmt::format("rule '{}' reports it too", by.id);
    }
    reported = true;
    const auto secret = std::string_view(scan.text).substr(candidate.start, candidate.length);
    if (!secret.starts_with(rule.prefix)) return fmt::format("its secret does not begin with '{}'", rule.prefix);
  }
  return reported ? "" : "the rule does not report it";
}

std::string counterexample_fault(const RuleSet& rules, const Rule& rule, const Scan& scan) {
  const bool reported = std::any_of(scan.found.begin(), scan.found.end(), [&](const Candidate& candidate) {
    return rules.rules()[candidate.rule].id == rule.id;
  });
  return reported ? "the rule reports it" : "";
}

using Judge = std::string (*)(const RuleSet&, const Rule&, const Scan&);

void check_templates(RuleFile& file, const RuleSet& rules, const Rule& rule, Judge judge, std::string_view what,
                     const std::vector<std::string_view>& templates, const std::vector<FilePlace>& places,
                     unsigned seeds) {
  for (std::size_t i = 0; i < templates.size(); ++i) {
    for (unsigned seed = 0; seed < seeds; ++seed) {
      auto text = expand_template(templates[i], seed);
      std::string fault = text ? judge(rules, rule, scan_text(rules, std::move(*text))) : text.error().what;
      if (fault.empty()) continue;
      complain(file, places[i], fmt::format("{} {} of rule '{}' fails with seed {}", what, i + 1, rule.id, seed),
               std::move(fault));
      break;
    }
  }
}

}  // namespace

void check_expressions(RuleFile& file, Strictness strictness) {
  for (const FileRule& entry : file.rules) {
    const std::string owner = fmt::format("rule '{}'", entry.rule.id);
    if (strictness != Strictness::AllButPatterns) check_pattern(file, entry, strictness);
    if (!entry.rule.path.empty()) check_plain(file, entry.path_place, entry.rule.path, "the path", owner);
    for (const Allowlist& list : entry.rule.allowlists) check_allowlist(file, entry.place, list, owner);
    check_name(file, entry);
  }
  for (const FileAllowlist& entry : file.allowlists) check_allowlist(file, entry.place, entry.list, "the file");
}

void check_examples(RuleFile& file, const RuleSet& rules, unsigned seeds) {
  for (const FileRule& entry : file.rules) {
    const Rule* rule = rules.find(entry.rule.id);
    if (rule == nullptr) continue;
    check_templates(file, rules, *rule, example_fault, "example", entry.rule.examples, entry.example_places, seeds);
    check_templates(file, rules, *rule, counterexample_fault, "counterexample", entry.rule.counterexamples,
                    entry.counterexample_places, seeds);
  }
}

void check_completeness(RuleFile& file) {
  struct Want {
    std::string_view key;
    std::string_view Rule::*field;
  };
  constexpr Want kWanted[] = {{"description", &Rule::title},
                              {"why", &Rule::why},
                              {"impact", &Rule::impact},
                              {"rotate", &Rule::rotate},
                              {"source", &Rule::source}};
  for (const FileRule& entry : file.rules) {
    const auto missing = [&](std::string_view key) {
      complain(file, entry.place, fmt::format("built-in rule '{}' has no {}", entry.rule.id, key), "wanted");
    };
    for (const Want& want : kWanted) {
      if ((entry.rule.*want.field).empty()) missing(want.key);
    }
    if (entry.rule.provider.empty() && !entry.rule.generic) missing("provider");
    if (entry.rule.examples.empty()) missing("examples");
  }
}

}  // namespace tightship::detect
