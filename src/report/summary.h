#pragma once

// What was covered and whether that was everything: the parts of render_summary.

#include <string>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

// Losses without a count, or counted without an entry, make a result incomplete all the same.
bool is_complete(const detect::ScanResult& result);
std::uint64_t loss_count(const detect::ScanResult& result);

// "complete: ..." or "incomplete: ..." with the losses, bounded, and what to do about them.
std::string completeness_text(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

// "complete" alone says nothing when nothing was there to be read.
bool nothing_was_scanned(const detect::ScanResult& result);

// "1 234 files, 12.3 MB in 0.2 s"; of commits "2 commits, 9 blobs, 41 kB in 11 ms".
std::string covered_text(const detect::ScanResult& result);
std::string extent_text(const detect::ScanResult& result);  // the same without the time

// "2 errors, 1 warning (3 notes hidden, -v shows them)", "no secrets found".
std::string found_text(const detect::ScanResult& result, const Options& options);

// "error: ..." and its help for each remark.
std::string remarks_text(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

}  // namespace tightship::report
