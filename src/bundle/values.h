#pragma once

// Which values are traced, and where they come from: the project's env files as its own loaders read them, files
// that are named, variables of this process, a file of values.
//
// Traced is what is a secret by its format or its name, and what looks random while nothing says what it is. Left
// out: variables with a public prefix, stand-ins and references, encrypted values, numbers and switches, URLs
// without a password, what is public by design, and anything under kMinValue bytes. Of a URL with a password both
// the whole and the password are traced.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "bundle/traced_value.h"
#include "detect/rule.h"
#include "lint/project.h"

namespace tightship::bundle {

inline constexpr std::size_t kMinValue = 8;
inline constexpr std::size_t kMaxValues = 5'000;

struct ValueSources {
  std::vector<std::string> env_files;      // --env: instead of the project's own
  std::vector<std::string> process_names;  // --env-from-process: the user says that these are secret
  std::string values_file;                 // --values-file: NAME=VALUE a line, taken literally
};

struct Values {
  std::vector<TracedValue> traced;     // each value once
  std::vector<std::string> names;      // server-only variables, for the search of dumps
  std::vector<std::string> files;      // that were read, as shown
  std::uint64_t left_out = 0;          // variables that are not traced
  std::vector<std::string> too_short;  // names of given values that cannot be told from other text
};

// `project` may be null: then only what `sources` names is read. Fails with NotFound or Usage for a file or a
// variable that is not there.
Result<Values> gather_values(const lint::Project* project, const ValueSources& sources, const detect::RuleSet& rules,
                             Ledger& ledger);

}  // namespace tightship::bundle
