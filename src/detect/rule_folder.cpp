// A rule file in a folder of the repository. It speaks of what lies below its folder, and of nothing else:
// new rules are for that folder, rules it disables are off there, its allow lists hold there. It never
// changes a rule of another file, since one rule cannot be two; settle() asks for the folder, so that what
// confirm() says stays a function of the bytes alone.

#include <fmt/format.h>

#include <algorithm>

#include "detect/rule_set.h"

namespace tightship::detect {
namespace {

Rule* find_rule(std::vector<Rule>& rules, std::string_view id) {
  const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return at == rules.end() ? nullptr : &*at;
}

void complain(RuleFile& file, const FilePlace& place, std::string message, std::string label, std::string help) {
  add_problem(file, {Severity::Error, std::move(message), std::move(label), std::move(help), place, {}});
}

void switch_off(RuleFile& file, std::vector<Rule>& rules) {
  if (!file.use_default) {
    for (Rule& rule : rules) rule.off_below.push_back(file.folder);
  }
  for (const std::string_view id : file.disabled_rules) {
    if (Rule* rule = find_rule(rules, id)) {
      rule->off_below.push_back(file.folder);
      continue;
    }
    add_problem(file, {Severity::Warning,
                       fmt::format("disabledRules names the unknown rule '{}'", id),
                       "no inherited rule has this id",
                       "list them with: tightship rules list",
                       {1, 1, 1},
                       {}});
  }
}

std::vector<Allowlist> in_folder(std::vector<Allowlist> lists, std::string_view folder) {
  for (Allowlist& list : lists) list.folder = folder;
  return lists;
}

void append(std::vector<Allowlist> lists, std::vector<Allowlist>& to) {
  to.insert(to.end(), lists.begin(), lists.end());
}

// Whether the entry gives nothing of a rule but what it allows.
bool only_allows(const FileRule& entry) {
  return std::all_of(entry.given.begin(), entry.given.end(),
                     [](std::string_view key) { return key == "id" || key == "allowlist" || key == "allowlists"; });
}

// The same rule in another folder, as when two parts of a repository have a kind of key in common.
bool is_same(const Rule& a, const Rule& b) {
  return !a.folders.empty() && a.regex == b.regex && a.secret_group == b.secret_group && a.path == b.path &&
         a.entropy == b.entropy && a.check == b.check && a.generic == b.generic && a.kind == b.kind &&
         a.severity == b.severity && a.risk_class == b.risk_class && a.prefix == b.prefix && a.anchors == b.anchors;
}

void add_rule(RuleFile& file, const FileRule& entry, std::vector<Rule>& rules) {
  if (entry.rule.id.empty()) return;  // reported by the parser
  Rule* known = find_rule(rules, entry.rule.id);
  if (known != nullptr && (only_allows(entry) || is_same(*known, entry.rule))) {
    append(in_folder(entry.rule.allowlists, file.folder), known->allowlists);
    if (!only_allows(entry)) known->folders.push_back(file.folder);
    return;
  }
  if (known != nullptr) {
    return complain(file, entry.place, fmt::format("rule '{}' is there already", entry.rule.id),
                    "the file of a folder cannot change it",
                    "give yours another id, and name this one in [extend] disabledRules");
  }
  if (entry.rule.regex.empty()) {
    if (entry.has("path")) return;  // reported by the parser
    return complain(file, entry.place, fmt::format("rule '{}' has no regex", entry.rule.id),
                    "and no inherited rule has this id", "");
  }
  Rule& rule = rules.emplace_back(entry.rule);
  if (rule.title.empty()) rule.title = rule.id;
  rule.folders.push_back(file.folder);
}

void add_allowlist(RuleFile& file, const FileAllowlist& entry, RuleSet::Impl& impl) {
  if (entry.target_rules.empty()) return append(in_folder({entry.list}, file.folder), impl.allowlists);
  for (const std::string_view id : entry.target_rules) {
    if (Rule* rule = find_rule(impl.rules, id)) {
      append(in_folder({entry.list}, file.folder), rule->allowlists);
    } else {
      complain(file, entry.place, fmt::format("targetRules names the unknown rule '{}'", id), "no rule has this id",
               "list them with: tightship rules list");
    }
  }
}

}  // namespace

void merge_folder(RuleFile& file, RuleSet::Impl& impl) {
  if (!file.extend_path.empty()) {
    complain(file, file.extend_place, "[extend] path is not for the file of a folder",
             "it adds to the rules of the root and extends no other file", "name that file in the rules of the root");
  }
  switch_off(file, impl.rules);
  for (const FileRule& entry : file.rules) add_rule(file, entry, impl.rules);
  for (const FileAllowlist& entry : file.allowlists) add_allowlist(file, entry, impl);
}

}  // namespace tightship::detect
