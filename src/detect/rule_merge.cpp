#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "detect/rule_set.h"

// gitleaks' `extend`, by rule id: text that the file gives wins, lists are appended behind the base's.

namespace tightship::detect {
namespace {

void append(std::vector<std::string_view>& to, const std::vector<std::string_view>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// In gitleaks' words there are no generic rules as ours are, and no parts.
void drop_our_ways(Rule& rule) {
  if (rule.dialect != Dialect::Gitleaks) return;
  rule.generic = false;
  std::erase_if(rule.companions, [](const Companion& companion) { return !companion.required; });
}

void lay_over(const FileRule& entry, Rule& base) {
  const Rule& rule = entry.rule;
  if (!rule.regex.empty()) base.folders.clear(), base.off_below.clear();  // whose file comes last wins
  const auto text = [](std::string_view given, std::string_view& to) {
    if (!given.empty()) to = given;
  };
  text(rule.title, base.title), text(rule.provider, base.provider), text(rule.path, base.path);
  text(rule.prefix, base.prefix), text(rule.why, base.why), text(rule.impact, base.impact);
  text(rule.rotate, base.rotate), text(rule.rotate_url, base.rotate_url), text(rule.source, base.source);
  if (!rule.regex.empty()) {
    base.regex = rule.regex;
    base.anchors.clear();  // they belong to the old expression
    if (!entry.has("check")) base.check = {};
    if (!entry.has("examples")) base.examples.clear(), base.counterexamples.clear();
    base.dialect = rule.dialect;
  }
  if (entry.has("anchors")) base.anchors = rule.anchors;
  if (entry.has("check")) base.check = rule.check;
  if (entry.has("examples")) base.examples = rule.examples;
  if (entry.has("counterexamples")) base.counterexamples = rule.counterexamples;
  if (rule.secret_group != 0) base.secret_group = rule.secret_group;
  if (rule.entropy > 0) base.entropy = rule.entropy;
  if (entry.has("kind")) base.kind = rule.kind;
  if (entry.has("severity")) base.severity = rule.severity;
  if (entry.has("class")) base.risk_class = rule.risk_class;
  if (entry.has("generic")) base.generic = rule.generic;
  if (entry.has("specificity")) base.specificity = rule.specificity;
  append(base.tags, rule.tags);
  append(base.keywords, rule.keywords);
  // As in gitleaks, `required` and `skipReport` of the base stay; parts are taken over when given.
  if (entry.has("parts")) base.companions = rule.companions;
  base.allowlists.insert(base.allowlists.end(), rule.allowlists.begin(), rule.allowlists.end());
  drop_our_ways(base);
}

Rule* find_rule(std::vector<Rule>& rules, std::string_view id) {
  const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return at == rules.end() ? nullptr : &*at;
}

void drop_disabled(RuleFile& file, std::vector<Rule>& rules) {
  for (const std::string_view id : file.disabled_rules) {
    const auto gone = std::erase_if(rules, [&](const Rule& rule) { return rule.id == id; });
    if (gone == 0) {
      add_problem(file, {Severity::Warning,
                         fmt::format("disabledRules names the unknown rule '{}'", id),
                         "no inherited rule has this id",
                         "list them with: tightship rules list",
                         {1, 1, 1},
                         {}});
    }
  }
}

void merge_rule(RuleFile& file, FileRule& entry, std::vector<Rule>& rules) {
  if (entry.rule.id.empty()) return;  // reported by the parser
  entry.rule.dialect = file.dialect;
  drop_our_ways(entry.rule);
  if (Rule* base = find_rule(rules, entry.rule.id)) return lay_over(entry, *base);
  if (entry.rule.regex.empty() && entry.rule.path.empty()) {
    return add_problem(file, {Severity::Error,
                              fmt::format("rule '{}' has neither regex nor path", entry.rule.id),
                              "and no inherited rule has this id",
                              "",
                              entry.place,
                              {}});
  }
  rules.push_back(entry.rule);
  if (rules.back().title.empty()) rules.back().title = rules.back().id;
}

// The rules that `entry` names as companions must be in the set by now. gitleaks' rules are settled apart from
// ours, so that none of ours can stand beside them.
void check_companions(RuleFile& file, const FileRule& entry, std::vector<Rule>& rules) {
  for (const Companion& companion : entry.rule.companions) {
    const Rule* other = find_rule(rules, companion.id);
    if (other == nullptr) {
      add_problem(file, {Severity::Error,
                         fmt::format("rule '{}' names the unknown rule '{}'", entry.rule.id, companion.id),
                         "no rule has this id",
                         "list them with: tightship rules list",
                         entry.place,
                         {}});
    } else if (other->dialect != file.dialect) {
      add_problem(file, {Severity::Error,
                         fmt::format("rule '{}' requires the built-in rule '{}'", entry.rule.id, companion.id),
                         "a rule of gitleaks can require such rules only",
                         "write the rule that is required into the file",
                         entry.place,
                         {}});
    }
  }
}

void merge_allowlist(RuleFile& file, const FileAllowlist& entry, RuleSet::Impl& impl) {
  if (entry.target_rules.empty()) return impl.allowlists.push_back(entry.list);
  for (const std::string_view id : entry.target_rules) {
    if (Rule* rule = find_rule(impl.rules, id)) {
      rule->allowlists.push_back(entry.list);
    } else {
      add_problem(file, {Severity::Error,
                         fmt::format("targetRules names the unknown rule '{}'", id),
                         "no rule has this id",
                         "list them with: tightship rules list",
                         entry.place,
                         {}});
    }
  }
}

}  // namespace

void merge(RuleFile& file, RuleSet::Impl& impl) {
  if (!file.folder.empty()) return merge_folder(file, impl);
  drop_disabled(file, impl.rules);
  for (FileRule& entry : file.rules) merge_rule(file, entry, impl.rules);
  for (const FileRule& entry : file.rules) check_companions(file, entry, impl.rules);
  for (const FileAllowlist& entry : file.allowlists) merge_allowlist(file, entry, impl);
}

}  // namespace tightship::detect
