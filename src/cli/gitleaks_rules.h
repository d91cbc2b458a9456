#pragma once

// Which configuration a command in gitleaks' manner uses.

#include <string>

#include "base/result.h"
#include "cli/gitleaks_flags.h"
#include "cli/rule_source.h"

namespace tightship::cli {

struct GitleaksRules {
  LoadedRules rules;
  std::string config_path;  // the file, as the scan may meet it; empty when there is none
};

// --config, else GITLEAKS_CONFIG, else GITLEAKS_CONFIG_TOML, else .gitleaks.toml of `source` when that is
// a folder, else the built-in rules. Problems are drawn on stderr; errors fail with Config.
Result<GitleaksRules> load_gitleaks_rules(const GitleaksFlags& flags, const std::string& source);

}  // namespace tightship::cli
