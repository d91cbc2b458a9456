#pragma once

// References as Docker Compose replaces them: $X, ${X}, ${X:-d}, ${X-d}, ${X:+d}, ${X+d}, ${X:?e}, ${X?e}, $$.
// Also used for compose files.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::lint {

using NameLookup = std::function<std::optional<std::string>(std::string_view)>;

struct Substituted {
  std::string text;
  bool expanded = false;
  std::vector<std::string> undefined;  // names without a value and without a default
  bool failed = false;                 // "${" that begins no reference, or a required variable that is missing
};
// O(size) for each of at most kMaxReferenceDepth levels of nesting; results are cut at kMaxExpanded bytes.
inline constexpr unsigned kMaxReferenceDepth = 32;
Substituted substitute_compose(std::string_view text, const NameLookup& lookup);

}  // namespace tightship::lint
