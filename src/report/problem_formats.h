#pragma once

// The machine forms of report/problems.h, one function a format.

#include <string>

#include "readiness/problem.h"

namespace tightship::report {

struct Options;

// ".env:4:1", escaped for a terminal; without zeros.
std::string spot_text(const readiness::Spot& spot);

std::string problems_json(const readiness::Report& report);
std::string problems_jsonl(const readiness::Report& report);
std::string problems_sarif(const readiness::Report& report, const Options& options);
std::string problems_github(const readiness::Report& report, const Options& options);
std::string problems_junit(const readiness::Report& report, const Options& options);

}  // namespace tightship::report
