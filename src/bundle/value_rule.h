#pragma once

// What a provider's rule knows of a value, whatever variable holds it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detect/check.h"
#include "detect/rule.h"

namespace tightship::bundle {

struct Known {
  const detect::Rule* rule = nullptr;
  detect::Kind kind = detect::Kind::Secret;
  detect::Severity severity = detect::Severity::Error;
  std::string why;
};

// By the rule that found `secret` in `match`.
Known known_by(const detect::Rule& rule, std::string_view secret, std::string_view match);

// By the rule that takes all of `value` when it is assigned to `name`; nothing when none does. Generic rules, which
// judge by the name, are not asked. Costs a scan of a line, and the set-up of a scanner: not for hot loops.
std::optional<Known> known_value(const detect::RuleSet& rules, std::string_view name, std::string_view value);

}  // namespace tightship::bundle
