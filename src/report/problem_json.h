#pragma once

// Parts of the JSON form of problems, for reports that are made of several (launch/report.h).

#include <vector>

#include "readiness/problem.h"
#include "report/json_value.h"

namespace tightship::report {

Json problem_json(const readiness::Problem& problem);
Json passed_json(const std::vector<readiness::Passed>& passed);
Json losses_json(const std::vector<Loss>& losses);

}  // namespace tightship::report
