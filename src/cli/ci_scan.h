#pragma once

// What a ci::Plan says, done.

#include <string>

#include "base/result.h"
#include "ci/plan.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "git/repository.h"
#include "scan/changes.h"
#include "scan/worktree.h"

namespace tightship::cli {

// A range is scanned as commits; everything is every object that is here, and the files of the work tree
// (what was built or fetched beside git). Paths are relative to the root of the repository.
Result<detect::ScanResult> run_plan(const ci::Plan& plan, const git::Repository& repository,
                                    const scan::ChangeOptions& options, const detect::RuleSet& rules,
                                    scan::Progress& progress);

// In one line: "GitHub Actions, push to main: 8c1d2e3..77ab01c".
std::string plan_text(const ci::Plan& plan);

}  // namespace tightship::cli
