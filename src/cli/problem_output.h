#pragma once

// How the quick checks end: their report is written as the flags of cli/output.h say.

#include "base/result.h"
#include "cli/output.h"
#include "readiness/problem.h"

namespace tightship::cli {

// Fails with Usage when a target has a form that only findings of secrets have (gitlab). To be asked before
// anything is read.
Result<void> check_problem_formats(const OutputPlan& plan);

// Sorts the problems, writes every report and, on stderr, what was read; returns the exit status: the table of
// cli/exit_code.h with problems for findings.
Result<int> deliver(readiness::Report report, const OutputPlan& plan);

}  // namespace tightship::cli
