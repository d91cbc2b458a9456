#pragma once

// What the generic model looks at: whole numbers about name, form, value, line and file of one
// candidate (docs/decisions/0008-generic.md says what each group is worth). The same code gives them
// when the model is trained (bench/accuracy) and when it judges, so the two cannot drift apart.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "detect/generic_site.h"

namespace tightship::detect {

inline constexpr std::size_t kFeatureCount = 106;
using Features = std::array<std::int16_t, kFeatureCount>;

// Pure; O(size of value, name and line), a few microseconds.
Features generic_features(const Site& site);

// The three features that come of a path, as if the candidate stood in such a file.
void set_file(Features& features, FileKind kind, bool test_path);

// In the order of Features: "name.length", "shape.digits", ...
std::vector<std::string> feature_names();

}  // namespace tightship::detect
