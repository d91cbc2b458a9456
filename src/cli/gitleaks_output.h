#pragma once

// What a command in gitleaks' manner prints and writes, and its status.

#include <string>

#include "base/result.h"
#include "cli/gitleaks_flags.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "report/gitleaks.h"

namespace tightship::cli {

struct GitleaksReport {
  std::string path;  // "-": standard output; empty: none
  report::GitleaksFormat format = report::GitleaksFormat::Json;
  report::GitleaksOptions options;
};

// Fails with Usage for a format that is not told, not known or not supported, with Io or NotFound when the
// report could not be written where it shall go.
Result<GitleaksReport> plan_gitleaks_report(const GitleaksFlags& flags);

// Writes the report and, on stderr, the summary; returns the exit status.
Result<int> deliver_gitleaks(const detect::ScanResult& result, const std::vector<detect::Rule>& rules,
                             const GitleaksFlags& flags, const GitleaksReport& report, bool interrupted);

}  // namespace tightship::cli
