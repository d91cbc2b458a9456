#pragma once

// What the files of a project tell a handover: variables by name, secret stores, where it runs and how it gets
// there. Reads a few dozen files by name; bounded as lint/project.h and kMaxTextFile say.

#include "base/ledger.h"
#include "launch/handover.h"
#include "lint/project.h"

namespace tightship::launch {

// Fills in variables, secret_stores, deploys and scripts. What cannot be read goes into `ledger`.
void add_project_facts(const lint::Project& project, Ledger& ledger, HandoverFacts& facts);

}  // namespace tightship::launch
