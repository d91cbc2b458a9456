#pragma once

// Which rules a scan uses: the built-in ones, the repository's own, and those of --rules.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"
#include "detect/finding.h"
#include "detect/rule.h"

namespace tightship::cli {

// Where a repository keeps its rules, relative to its work tree.
inline constexpr std::string_view kRepositoryRules = ".tightship/rules.toml";

struct RuleOptions {
  std::vector<std::string> files;  // --rules
  bool no_repo_config = false;
};

std::vector<Flag> rule_flags(RuleOptions& options);

struct LoadedRules {
  std::optional<detect::RuleSet> custom;  // nothing: the built-in set
  std::vector<detect::Remark> remarks;    // names every file of rules that took part
  const detect::RuleSet& set() const { return custom ? *custom : detect::RuleSet::builtin(); }
};

// "services/api/" when `path` is the file of that folder of a repository; empty for any other file.
std::string rules_folder(const std::string& path);

// `scanned` are the paths that will be scanned (files, folders, repositories). For each the rules at
// the root of its work tree, or of the folder itself when it is in no repository, take part, unless
// told otherwise, and those in folders of the work tree (cli/nested_config.h) for what lies below them; a
// bare repository has none. Files of --rules come last and win.
// Fails with Config after having drawn every problem of the files on stderr.
Result<LoadedRules> load_rules(const RuleOptions& options, const std::vector<std::string>& scanned);

}  // namespace tightship::cli
