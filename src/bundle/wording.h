#pragma once

// What the report says of the things that are no secrets, and how a value gets into a build.

#include <string>

#include "bundle/sighting.h"
#include "readiness/problem.h"

namespace tightship::bundle {

// The problem of a marker, a map, mixed content, names or a file, without spots; `count` places were seen.
readiness::Problem describe(const Sighting& sighting, std::size_t count);

// How the value came there, by the kind of file, and what to do: "a server component hands it ...".
std::string cause_of(const Sighting& sighting, bool deployed);

}  // namespace tightship::bundle
