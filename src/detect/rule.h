#pragma once

// A rule: what one kind of secret looks like, how it is checked, and what its owner must do.
// Rules are written in TOML (docs/formats/rules.md; the keys are a superset of gitleaks'). The
// built-in ones are checked and compiled when tightship is built and embedded in the binary.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/engine.h"

namespace tightship::detect {

enum class Severity : std::uint8_t { Note, Warning, Error };
enum class Kind : std::uint8_t { Secret, PublicByDesign, Identifier, Test };
enum class RiskClass : std::uint8_t { LaunchBlocker, ConversionBlocker, ScaleRisk };

std::string_view severity_name(Severity severity);       // "note", "warning", "error"
std::string_view kind_name(Kind kind);                   // "secret", "public-by-design", ...
std::string_view risk_class_name(RiskClass risk_class);  // "launch-blocker", ...
std::optional<Severity> parse_severity(std::string_view name);
std::optional<Kind> parse_kind(std::string_view name);
std::optional<RiskClass> parse_risk_class(std::string_view name);

// When a candidate of this rule is dropped. As in gitleaks: any list that matches drops it, or all
// that are given must (`condition = "AND"`).
struct Allowlist {
  enum class Target : std::uint8_t { Secret, Match, Line };
  bool all_must_match = false;
  Target regex_target = Target::Secret;
  std::vector<std::string_view> regexes;    // RE2
  std::vector<std::string_view> stopwords;  // lower case; substring of the secret, caseless
  std::vector<std::string_view> paths;      // RE2 on the path
  std::vector<std::string_view> commits;    // full hexadecimal oids
  std::string_view folder = {};             // "services/api/": for what lies below it; empty: for everything
};

// Another rule whose candidates stand near: one that must be there (gitleaks' `required`), or one that is part
// of the same credential and is reported with it (`parts`).
struct Companion {
  std::string_view id;                                  // of the other rule
  std::string_view name;                                // of a part: "key id"; empty when it is only required
  bool required = false;                                // without it there is no finding
  std::int32_t within_lines = -1, within_columns = -1;  // between the matches' begins; -1: anywhere in the content
};

// How the rules of a file are to be understood.
enum class Dialect : std::uint8_t {
  Own,       // docs/formats/rules.md
  Gitleaks,  // to the letter: no built-in rules unless asked for, and none of our judgement of values
};

struct Rule {
  std::string_view id;        // "stripe-secret-key"
  std::string_view title;     // "Stripe live secret key": names the thing found (gitleaks: description)
  std::string_view provider;  // "Stripe"; empty for a generic rule
  std::string_view regex;     // RE2 syntax; group 1 (or secret_group) is the secret
  std::uint32_t secret_group = 0;
  std::vector<std::string_view> anchors;   // empty: chosen
  std::vector<std::string_view> keywords;  // gitleaks' prefilter; documentation in our own rules
  std::string_view path;                   // RE2 on the path, or empty; without a regex: files of that path
  double entropy = 0;                      // bits a character of the secret; at or below: dropped. 0: not tested
  Kind kind = Kind::Secret;
  Severity severity = Severity::Error;
  RiskClass risk_class = RiskClass::LaunchBlocker;
  std::string_view check;       // name of an offline check (detect/check.h), or empty
  bool generic = false;         // judged by detect/generic.h; a specific rule suppresses it
  std::string_view prefix;      // fixed prefix that may be shown when redacted: "sk_live_"
  std::string_view why;         // the caret label when no check says more: "format valid, live mode"
  std::string_view impact;      // what a finder can do with it, half a sentence
  std::string_view rotate;      // where and how to replace it, a sentence
  std::string_view rotate_url;  // or empty
  std::string_view source;      // where the format's facts are published
  std::vector<std::string_view> tags;
  std::vector<std::string_view> examples;         // templates (detect/token_template.h) that must match
  std::vector<std::string_view> counterexamples;  // templates that must not be reported
  std::vector<Allowlist> allowlists;
  std::vector<Companion> companions;
  bool skip_report = false;  // only a companion of other rules
  // By rule files in folders of the repository ("services/api/"):
  std::vector<std::string_view> folders = {};    // it is for what lies below one of them; empty: everywhere
  std::vector<std::string_view> off_below = {};  // folders below which it is switched off
  Dialect dialect = Dialect::Own;
  int specificity = 100;  // betterleaks: of overlapping secrets of Dialect::Gitleaks the higher one's is kept
  bool path_only() const { return regex.empty() && !path.empty(); }  // reports files by their path
};

// How rule files are loaded.
struct LoadOptions {
  Dialect dialect = Dialect::Own;
  std::optional<std::string> text;  // stands for one more file, of the name `text_name`, before the others
  std::string text_name;
  bool ignore_comments = false;   // `tightship:allow` and `gitleaks:allow` are of no effect
  std::vector<std::string> only;  // ids; not empty: all other rules are left out. Unknown ids are an error
};

// One file for RuleSet::load.
struct RuleInput {
  std::string path;
  // "services/api/": it only adds rules, switches rules off and allows things, for what lies below that
  // folder. Empty: for everything.
  std::string folder = {};
  std::optional<std::string> text = {};  // instead of what `path` holds
};

// Rules and the engine compiled from them; pattern i of the engine is rule i. All strings live as
// long as the set. Immutable, shared by threads.
class RuleSet {
 public:
  // The embedded rules. Cheap (well under a millisecond), made once in a process.
  static const RuleSet& builtin();
  // Built-in rules (unless `use_default` is off in them) and those of the given files, later files
  // winning by id. Fails with Config; Error::where is "path:line:column", `what` may have several
  // lines as drawn by the caller. See also detect/rule_file.h for all problems of a file at once.
  static Result<RuleSet> load(const std::vector<std::string>& files, const LoadOptions& options = {});
  static Result<RuleSet> load(const std::vector<RuleInput>& files, const LoadOptions& options = {});

  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  const std::vector<Rule>& rules() const;
  const Rule* find(std::string_view id) const;
  const match::Engine& engine() const;
  // Allow lists that hold for every rule.
  const std::vector<Allowlist>& global_allowlists() const;
  // Changes when any rule changes: part of cache keys and of `--version`. "2026.11 (163 rules, 5f3c9a12)".
  std::string version() const;
  std::string content_hash() const;  // 64 hexadecimal digits

  struct Impl;  // detect/rule_set.h
  explicit RuleSet(std::unique_ptr<Impl> impl);
  const Impl& inside() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::detect
