#pragma once

// The reports of the quick checks (readiness/problem.h), in the formats of scans: text, concise, json, jsonl,
// sarif, github and junit. There is no gitlab form: its report type is for secrets only.
//
// Pure functions; the same report gives the same bytes. Problems hold no secret values by contract; what they
// quote from a repository or a server is escaped here. Notes are shown with Options::show_notes only, in
// the machine formats always.

#include <string>

#include "readiness/problem.h"
#include "report/report.h"

namespace tightship::report {

std::string render(const readiness::Report& report, Format format, const Options& options);

// The last line (stderr): "env: 14 files; 3 launch blockers, 1 scale risk (2 notes: -v); complete".
std::string render_summary(const readiness::Report& report, const Options& options);

// "launch blocker", "conversion blocker", "scale risk".
std::string_view risk_class_words(detect::RiskClass risk_class);

}  // namespace tightship::report
