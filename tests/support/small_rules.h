#pragma once

// A rule set of two made-up kinds of keys, so that tests of the scanner do not depend on the
// built-in rules: `shp_live_` + 24 and `shp_test_` + 24 letters and digits.

#include <stdexcept>
#include <string>

#include "detect/rule.h"
#include "detect/token_template.h"
#include "support/git_fixture.h"

namespace tightship::test {

inline const detect::RuleSet& small_rules() {
  static const detect::RuleSet rules = [] {
    const TempDir dir;
    write_file(dir.path + "/rules.toml", R"(
[extend]
useDefault = false

[[rules]]
id = "ship-live-key"
description = "Ship live key"
regex = '''(shp_live_[0-9a-z]{24})'''
prefix = "shp_live_"
why = "format valid, live"

[[rules]]
id = "ship-test-key"
description = "Ship test key"
regex = '''(shp_test_[0-9a-z]{24})'''
prefix = "shp_test_"
severity = "note"
kind = "test"
why = "format valid, test"

[[rules.allowlists]]
paths = ['''^vendor/''']
)");
    auto loaded = detect::RuleSet::load({dir.path + "/rules.toml"});
    if (!loaded) throw std::runtime_error(loaded.error().what + " " + loaded.error().where);
    return std::move(*loaded);
  }();
  return rules;
}

inline std::string live_key(std::uint64_t seed) {
  return detect::expand_template("shp_live_{loweralnum:24}", seed).value();
}
inline std::string test_key(std::uint64_t seed) {
  return detect::expand_template("shp_test_{loweralnum:24}", seed).value();
}

}  // namespace tightship::test
