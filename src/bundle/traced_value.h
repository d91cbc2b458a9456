#pragma once

// A value that must not reach a browser, and where it is set.

#include <string>

#include "readiness/problem.h"

namespace tightship::bundle {

// How sure it is that the value is a secret: what the report says when it stands in public code.
enum class Weight : unsigned char {
  Certain,   // a known format, or named as a secret and made like one
  Possible,  // looks random, and nothing says what it is
};

struct TracedValue {
  std::string name;      // "STRIPE_SECRET_KEY"
  std::string value;     // in memory only
  readiness::Spot spot;  // of the assignment; an empty path for what the environment gave
  Weight weight = Weight::Certain;
  std::string part;  // "password": only this part of the variable; empty for all of it
};

}  // namespace tightship::bundle
