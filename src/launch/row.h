#pragma once

// What `tightship launch` ranks: every problem of every check, one row for each secret value however many
// checks saw it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/finding.h"
#include "readiness/problem.h"

namespace tightship::launch {

struct Row {
  readiness::Problem head;               // the worst of those that say the same; its spots are those of all
  std::vector<std::string> sources;      // commands that saw it, the head's first: "bundle", "env", "history"
  std::vector<readiness::Problem> rest;  // the others, as they were
};

// Findings of a scan or an audit in the words of a launch report; `source` is "code" or "history". Masked: no
// value and no line of a file is in them. Findings of severity Note stay notes.
std::vector<readiness::Problem> from_findings(const detect::ScanResult& result, const std::string& source);

// The class that counts: a secret that anyone on the web can read is a step worse than its rule says; what is
// only a warning never blocks a launch, since it needs a look first.
detect::RiskClass effective_class(const readiness::Problem& problem);

// What a project says of its own checks (tightship.toml, [launch]).
struct Settings {
  std::vector<std::string> off;                      // ids whose problems do not count
  std::map<std::string, detect::RiskClass> classes;  // of an id, instead of its own
};

// Takes out the problems of checks that are off, and gives the others the class that the project wants. Returns
// the ids of `off` that took something out.
std::vector<std::string> apply_settings(const Settings& settings, std::vector<readiness::Problem>& problems);

// One row for each value and for each problem without a value; ranked by readiness::sort_problems. The heads
// have their effective class. Linear but for the sort.
std::vector<Row> rows_of(std::vector<readiness::Problem> problems);

// Rows that count: severity Warning or Error.
bool counts(const Row& row);

}  // namespace tightship::launch
