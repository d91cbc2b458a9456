#pragma once

// The built-in rules as the program embed_rules writes them: constant tables and the compiled
// engine. The generated file defines RuleSet::builtin() and RuleSet::load() by these functions; so
// nothing in the library tightship_detect refers to the tables, and embed_rules links without them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "detect/rule.h"

namespace tightship::detect {

using Strings = std::span<const std::string_view>;

struct EmbeddedAllowlist {
  bool all_must_match = false;
  Allowlist::Target regex_target = Allowlist::Target::Secret;
  Strings regexes, stopwords, paths, commits;
};

struct EmbeddedRule {
  std::string_view id, title, provider, regex;
  std::uint32_t secret_group = 0;
  Strings anchors, keywords;
  std::string_view path;
  double entropy = 0;
  Kind kind = Kind::Secret;
  Severity severity = Severity::Error;
  RiskClass risk_class = RiskClass::LaunchBlocker;
  std::string_view check;
  bool generic = false;
  std::string_view prefix, why, impact, rotate, rotate_url, source;
  Strings tags, examples, counterexamples;
  std::span<const EmbeddedAllowlist> allowlists;
  std::span<const Companion> companions;
  bool skip_report = false;
};

struct EmbeddedRules {
  std::span<const EmbeddedRule> rules;
  std::span<const EmbeddedAllowlist> allowlists;  // that hold for every rule
  std::string_view engine;                        // match::Engine::serialize()
  std::string_view version, content_hash;
};

// The set over `embedded`, which must have static storage. Parses nothing.
RuleSet open_embedded(const EmbeddedRules& embedded);

// Files that are for everything.
std::vector<RuleInput> inputs_of(const std::vector<std::string>& files);

// `files` over `base()`, which is asked only when no file switches the defaults off.
Result<RuleSet> load_rule_files(const std::vector<RuleInput>& files, const LoadOptions& options,
                                const RuleSet& (*base)());

}  // namespace tightship::detect
