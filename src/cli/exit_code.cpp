#include "cli/exit_code.h"

#include <algorithm>

namespace tightship::cli {

int exit_status(const detect::ScanResult& result, const ExitPolicy& policy) {
  const bool found = std::any_of(result.findings.begin(), result.findings.end(),
                                 [&](const auto& finding) { return finding.severity >= policy.threshold; });
  return exit_status(found, result.complete(), policy);
}

int exit_status(bool found, bool complete, const ExitPolicy& policy) {
  const bool must_be_complete = policy.require_complete && !complete;
  if (found && !policy.exit_zero && !must_be_complete) return policy.findings_code;
  return static_cast<int>(complete ? ExitCode::Clean : ExitCode::Incomplete);
}

}  // namespace tightship::cli
