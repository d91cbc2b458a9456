#pragma once

// The audit's report: one row a secret, what to rotate first on top.

#include <string>
#include <vector>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

// The findings that have a row, in the order of rows: errors, warnings, and with `show_notes` notes,
// each in the order of the result. Row N of `audit --show N` is element N - 1; rows of warnings, which
// are marked `?`, are counted too.
std::vector<const detect::Finding*> worklist_rows(const detect::ScanResult& result, const Options& options);

std::string worklist_table(const std::vector<const detect::Finding*>& rows, const Options& options,
                           const SecretMask& mask);

// "rotate 1 and 2 first: both are on origin. 3 has not left this machine: ..." Empty without errors.
std::string worklist_advice(const std::vector<const detect::Finding*>& rows, const SecretMask& mask);

// The whole report, last line included; or the row `options.only` in full.
std::string render_worklist(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

}  // namespace tightship::report
