#pragma once

// Allow lists, told apart by what they look at. A list whose answer needs more than the value and
// its match (line, path) is left to settle(); the others are answered by confirm().

#include <optional>
#include <string_view>
#include <vector>

#include "detect/rule_set.h"

namespace tightship::detect {

// Whether one of the lists, by value and match alone, drops the candidate.
bool value_is_allowed(const std::vector<AllowlistFilter>& lists, std::string_view secret, std::string_view match);

struct Surroundings {
  std::string_view secret, match;
  std::string_view line;         // the whole lines of the match
  std::string_view path;         // empty: unknown
  std::string_view commit = {};  // that brings it, hexadecimal; empty: unknown
};

// Whether one of the lists drops the candidate. Commits that a list names are of no effect here: which
// commit brings a blob is known later.
bool place_is_allowed(const std::vector<AllowlistFilter>& lists, const Surroundings& around);

// Whether one of the lists that name commits drops what around.commit brings.
bool commit_is_allowed(const std::vector<AllowlistFilter>& lists, const Surroundings& around);

}  // namespace tightship::detect
