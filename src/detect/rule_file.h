#pragma once

// One rule file: what it says, and everything that is wrong with it.
// Format: docs/formats/rules.md, a superset of gitleaks' TOML.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/rule.h"

namespace tightship::detect {

inline constexpr std::size_t kMaxRuleFile = 4 * 1024 * 1024;  // bytes; a larger file is refused
inline constexpr std::size_t kMaxProblems = 200;              // kept of one file

// Where something stands in a file. Lines and columns are 1-based; columns count bytes.
struct FilePlace {
  std::uint32_t line = 0, column = 0;
  std::uint32_t width = 1;  // bytes of the line that are meant
};

// `message` names what is wrong ("cannot compile the pattern of rule 'acme-token'"), `label` why, at
// the caret ("group is not closed"), `help` what mends it.
struct Problem {
  Severity severity = Severity::Error;
  std::string message, label, help;
  FilePlace place;
  std::string source;  // the line
};

// A rule as it stands in a file; its views point into RuleFile::strings.
struct FileRule {
  Rule rule;
  FilePlace place;                      // of its id, or of the table
  std::vector<std::string_view> given;  // keys that it gives, lower case
  FilePlace regex_place, path_place, check_place;
  std::vector<FilePlace> example_places, counterexample_places;
  bool has(std::string_view key) const;
};

struct FileAllowlist {
  Allowlist list;
  std::vector<std::string_view> target_rules;  // empty: every rule
  FilePlace place;
};

struct RuleFile {
  std::string path;
  std::string text;
  std::vector<FileRule> rules;
  std::vector<FileAllowlist> allowlists;
  Dialect dialect = Dialect::Own;
  bool use_default = true;  // [extend] useDefault; when the file does not say: not with Dialect::Gitleaks
  std::string extend_path;  // [extend] path, relative to the working directory, as in gitleaks
  std::vector<std::string_view> disabled_rules;
  FilePlace extend_place;         // of [extend]
  std::string_view folder = {};   // as RuleInput says
  std::vector<Problem> problems;  // in file order
  // Owns every string that the views point at. A list's elements never move, so a RuleFile may be
  // moved; a copy's views would point into the original.
  std::list<std::string> strings;

  RuleFile() = default;
  RuleFile(RuleFile&&) noexcept = default;
  RuleFile& operator=(RuleFile&&) noexcept = default;

  bool ok() const;  // no problem is an Error
};

// Parses `text`. Never fails: what is wrong is in `problems`, and everything else is there.
// Names, types, keys and values are checked; expressions are compiled by check_expressions.
RuleFile parse_rule_file(std::string path, std::string text, Dialect dialect = Dialect::Own);

// Reads and parses. Fails with NotFound, Io or Limit when the file cannot be read.
Result<RuleFile> read_rule_file(const std::string& path, Dialect dialect = Dialect::Own);

// Compiles every expression and adds what is wrong with it to `problems`: the pattern (syntax; of the
// built-in rules, which must be fast, width and literals too), path and allow lists, the group of the
// secret, the name of the check.
enum class Strictness : std::uint8_t { AllButPatterns, Any, Bounded };
void check_expressions(RuleFile& file, Strictness strictness = Strictness::Any);

// Expands every example over `seeds` seeds and scans it with `rules`, in which the file takes part:
// an example must be reported by its rule, a counterexample must not.
void check_examples(RuleFile& file, const RuleSet& rules, unsigned seeds);

// What only a built-in rule must have: title, provider, why, impact, rotate, source, at least one
// example, and examples that begin with the prefix.
void check_completeness(RuleFile& file);

// All of the above but the last for one file laid over `base` (RuleSet::builtin()), as `tightship
// rules check` wants it. Fails with NotFound, Io or Limit when the file cannot be read.
// `folder` as RuleInput has it.
Result<RuleFile> check_rule_file(const std::string& path, const RuleSet& base, const std::string& folder = {});

// The files that the set was loaded from, in order; views into the set.
std::vector<const RuleFile*> files_of(const RuleSet& rules);

// The first problem as an Error: where is "path:line:column". Only for a file that is not ok().
Error first_error(const RuleFile& file);

// The problem at `where`, with the source line filled in.
void add_problem(RuleFile& file, Problem problem);

}  // namespace tightship::detect
