#pragma once

// git's configuration syntax (git-config(1) "Syntax", git's config.c): sections, subsections, quotes,
// escapes, continued lines, comments, CRLF, a byte order mark. Includes are not followed: they name
// files outside of the repository.
//
// Keys are "section.subsection.name" with section and name in lower case. A name without "=" is a
// boolean that is on, and gets the value "true" (a name with "=" and nothing after it gets "").

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tightship::git {

using ConfigValues = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::uint64_t kMaxConfigSize = 16u << 20;

// What could be read, and every line that could not (Corrupt, `where` is "line 3"; at most
// kMaxConfigErrors of them). After a bad line, reading goes on with the next one.
struct ConfigContent {
  ConfigValues values;
  std::vector<Error> errors;
};
inline constexpr std::size_t kMaxConfigErrors = 100;
ConfigContent read_config(std::string_view content);

// git's booleans: true, yes, on, any number but 0; everything else is false.
bool config_is_true(std::string_view value);

}  // namespace tightship::git
