#pragma once

// What the process says with its status. docs: README "Exit codes", `tightship help exit-codes`.
//
//                        findings at or over --severity      none
//   complete             1                                   0
//   incomplete           1 (3 with --require-complete)       3
//   could not run        2
//   interrupted          130
//
// --exit-code N replaces the 1; --exit-zero turns it into what the right column says.

#include "detect/finding.h"

namespace tightship::cli {

enum class ExitCode : int {
  Clean = 0,       // complete, and nothing at or over the threshold
  Findings = 1,    // at least one finding at or over the threshold
  CannotRun = 2,   // usage, configuration, no repository, output not writable
  Incomplete = 3,  // nothing found, but not everything could be read
  Interrupted = 130,
};

struct ExitPolicy {
  detect::Severity threshold = detect::Severity::Warning;
  bool require_complete = false;
  bool exit_zero = false;
  int findings_code = static_cast<int>(ExitCode::Findings);
};

int exit_status(const detect::ScanResult& result, const ExitPolicy& policy);
// `found`: whether there is anything at or over the threshold.
int exit_status(bool found, bool complete, const ExitPolicy& policy);

}  // namespace tightship::cli
