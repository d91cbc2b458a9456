#pragma once

// Rules of Kingfisher (1.x) and Nosey Parker, which are YAML, as rules of ours, which are TOML
// (docs/formats/rules.md). What has no counterpart is left out, and a note says so.
// Formats: Kingfisher docs/RULES.md, Nosey Parker's data/default/builtin/rules.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::convert {

struct ImportNote {
  std::string rule;  // its id; empty for the file
  std::string text;  // "validation is left out: nothing is verified over the network"
};

struct Imported {
  std::string toml;  // of all rules that could be converted
  std::size_t rules = 0, refused = 0;
  std::vector<ImportNote> notes;
};

// `name` is what the first line of the result says of its origin. Each rule is compiled and tried on its
// examples: one that cannot be used is not in the result, an example that is not found is a note.
// Fails with Config or Limit as parse_yaml, and for YAML without rules.
Result<Imported> import_rules(std::string_view yaml, std::string_view name);

}  // namespace tightship::convert
