#pragma once

// Line-based configuration: .npmrc, pip.conf, .pypirc, setup.cfg. `key = value` under `[section]`; comments begin
// a line with '#' or ';'.

#include <string>
#include <string_view>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

struct IniLine {
  std::string section, key, value;  // trimmed; a value in quotes without them
  At at, value_at;
};

inline constexpr std::size_t kMaxIniLines = 20'000;

// Linear; lines without '=' (and, unless `colon` is false, ':') are left out.
std::vector<IniLine> parse_ini(std::string_view text, bool colon = false);

}  // namespace tightship::lint
