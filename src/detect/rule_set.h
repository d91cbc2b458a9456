#pragma once

// Inside of a RuleSet: what the detector looks up for each rule. Private to src/detect.

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/check.h"
#include "detect/rule.h"
#include "detect/rule_file.h"

namespace re2 {
class RE2;
}

namespace tightship::detect {

inline constexpr std::size_t kMaxRules = 10'000;

// A regular expression over bytes, compiled when first asked. Thread-safe. One that does not compile
// (rule files are checked before) matches nothing.
class LazyRegex {
 public:
  explicit LazyRegex(std::string_view text);
  ~LazyRegex();
  bool found_in(std::string_view text) const;

 private:
  std::string_view text_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

// Words of which any, somewhere in a secret, drops it: gitleaks' generic rule has 1 400. Found by their
// first two letters.
class StopWords {
 public:
  StopWords() = default;
  explicit StopWords(const std::vector<std::string_view>& words);  // lower case
  bool found_in(std::string_view secret) const;                    // in any case

 private:
  static constexpr std::size_t kBuckets = 1024, kFew = 8;
  static std::size_t bucket(char first, char second) {
    return (static_cast<unsigned char>(first) * 31u + static_cast<unsigned char>(second)) % kBuckets;
  }
  std::vector<std::vector<std::string_view>> buckets_;
  std::vector<std::string_view> few_;
  std::string single_;
};

struct AllowlistFilter {
  const Allowlist* list = nullptr;
  std::vector<const LazyRegex*> regexes, paths;
  StopWords stopwords = {};
};

struct ResolvedCompanion {
  const Companion* given = nullptr;
  std::optional<std::uint16_t> rule;  // none: no rule of the set has this id
};

struct RuleFilter {
  Check check = nullptr;
  const LazyRegex* path = nullptr;
  bool name_only = false;  // of a rule of paths: the last part of a path decides
  std::vector<AllowlistFilter> allowlists;
  bool by_folder = false;  // the folder of what is scanned decides, too
  bool by_path = false;    // whether a candidate stays depends on its path in any way
  std::vector<ResolvedCompanion> companions;
};

struct RuleSet::Impl {
  std::vector<RuleFile> files;      // own the strings of custom rules
  std::deque<std::string> strings;  // own those that merging made
  std::vector<Rule> rules;
  std::vector<Allowlist> allowlists;
  std::optional<match::Engine> engine;
  std::string version, content_hash;

  // Derived by prepare().
  std::deque<LazyRegex> regexes;
  std::vector<RuleFilter> filters;  // of rule i
  std::vector<AllowlistFilter> global_filters;
  std::vector<std::uint16_t> path_rules;  // those of a path only
  bool names_commits = false;             // some allow list does
  bool ignore_comments = false;           // `tightship:allow` and `gitleaks:allow` are of no effect
  // Fixed prefixes of specific rules: a generic rule leaves such values to them.
  std::vector<std::string_view> prefixes;
};

// Whether a match of the path expression depends on the last part of the path alone. Errs towards no.
bool looks_at_name_only(std::string_view expression);

// Fills what is derived from rules and allow lists.
void prepare(RuleSet::Impl& impl);

std::vector<match::PatternSpec> pattern_specs(const std::vector<Rule>& rules);

// Hash over every field of every rule, and the version string that goes with it.
std::string content_hash(const std::vector<Rule>& rules, const std::vector<Allowlist>& allowlists);
std::string version_text(std::size_t rule_count, std::string_view hash);

// Compiles the engine of `impl`, whose rules and allow lists are set, and derives the rest.
Result<void> finish(RuleSet::Impl& impl);

// Lays the rules of `file` over `impl` as gitleaks' `extend` does: by id, what the file gives wins,
// tags, keywords and allow lists are appended; the file's disabledRules leave first. Problems go to
// file.problems.
void merge(RuleFile& file, RuleSet::Impl& impl);
// The same for a file of a folder (file.folder), in what it may do. See rule_folder.cpp.
void merge_folder(RuleFile& file, RuleSet::Impl& impl);

}  // namespace tightship::detect
