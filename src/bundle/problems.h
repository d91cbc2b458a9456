#pragma once

// What the sightings of a build mean: one problem for each value or thing, with every place where it is seen.

#include <string>
#include <vector>

#include "bundle/sighting.h"
#include "bundle/traced_value.h"
#include "detect/rule.h"
#include "readiness/problem.h"

namespace tightship::bundle {

inline constexpr std::size_t kMaxSpots = 50;  // kept in a problem

struct ProblemContext {
  const std::vector<TracedValue>& values;
  const detect::RuleSet& rules;
  bool deployed = false;  // seen on a server, not in a folder
};

// `sightings` in any order; they are sorted by place. Equal sightings give equal problems.
std::vector<readiness::Problem> build_problems(std::vector<Sighting> sightings, const ProblemContext& context);

}  // namespace tightship::bundle
