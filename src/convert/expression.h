#pragma once

// Expressions of other engines (Vectorscan, Hyperscan, Rust's regex) as RE2 takes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::convert {

struct PlainExpression {
  std::string text;
  std::uint32_t secret_group = 0;  // the group called TOKEN, else the first with a name, else 0: the first
  std::vector<std::string> names;  // of the groups that have one
};

// Free spacing, (?x), is written out: blanks and comments outside of classes go. Named groups become
// (?P<name>...). Nothing else is changed: what RE2 does not know it will refuse.
PlainExpression plain_expression(std::string_view expression);

}  // namespace tightship::convert
