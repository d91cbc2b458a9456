#pragma once

// Boosted trees over Features, trained by bench/accuracy/train.py. Whole numbers only: the same
// verdict on every machine.

#include "detect/generic_features.h"

namespace tightship::detect {

// Above 0: the candidate reads like a secret. The scale is log odds in thousandths, less the
// threshold that was chosen for precision. A few hundred comparisons.
int generic_score(const Features& features);

}  // namespace tightship::detect
