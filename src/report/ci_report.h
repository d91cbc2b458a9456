#pragma once

// Reports in the forms that CI services read. Formats: docs/formats/ci.md.
//
// All of them show what could not be read, and that nothing was there to be read: an empty list must not
// pass for clean.

#include <string>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

// Workflow commands of GitHub Actions: annotations, then what is over GitHub's limit as plain lines.
std::string render_github(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

// Markdown for the page of a job (GITHUB_STEP_SUMMARY), at most kMaxStepSummary bytes.
inline constexpr std::size_t kMaxStepSummary = std::size_t{256} << 10;  // GitHub takes 1 MiB a step
std::string render_step_summary(const detect::ScanResult& result, const Options& options);

// gl-secret-detection-report.json, schema kGitlabSchema. Times are options.started and options.ended.
inline constexpr std::string_view kGitlabSchema = "15.0.1";
std::string render_gitlab(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

// JUnit XML: a test case for coverage, and one for each finding.
std::string render_junit(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

}  // namespace tightship::report
