#pragma once

// What the files of a project tell a handover: variables by name, secret stores, where it runs and how it gets
// there. Reads a few dozen files by name; bounded as lint/project.h and kMaxTextFile say.

#include "base/ledger.h"
#include "launch/handover.h"
#include "lint/project.h"

namespace tightship::launch {

// Fills in variables, secret_stores, deploys and scripts. What cannot be read goes into `ledger`.
void add_project_facts(const lint::Project& project, Ledger& ledger, HandoverFacts& facts);

// Fills in env_files and variables: which file sets what, and where two have the same value. Files that are read
// somewhere, no examples and no backups; at most kMaxMatrixFiles of them, in the order of their paths.
inline constexpr std::size_t kMaxMatrixFiles = 10;
void add_variable_matrix(const lint::Project& project, Ledger& ledger, Report& report);

}  // namespace tightship::launch
