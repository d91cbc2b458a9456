#pragma once

// One thing seen in one place of a build: what the sweep of a file gives, before things of one kind become one
// problem.

#include <cstdint>
#include <string>

#include "readiness/problem.h"

namespace tightship::bundle {

enum class Sight : std::uint8_t {
  Value,      // a traced value; `index` is it
  Rule,       // what a provider's rule knows; `index` is the rule
  Marker,     // bundle/marker.h; `index` is the kind
  Map,        // a source map that is published
  InlineMap,  // a source map inside of the file
  Mixed,      // a page loads something over http
  Names,      // many names of server-only variables, close together
  File,       // the file itself should not be there
};

struct Sighting {
  Sight sight = Sight::Value;
  std::uint32_t index = 0;
  std::string secret, match;  // Rule: the value and the whole match; in memory only
  std::string subject;        // Marker, Mixed, File: what it is about
  std::string how;            // Value: "base64-encoded"; empty when it stands as it is
  bool exact = true;          // Value: all of it; Names: with values; Mixed: active content
  readiness::Spot spot;
  std::string original;  // "src/pay.js:4:27", by the source map; empty without one
};

}  // namespace tightship::bundle
