#pragma once

// Configuration of nginx as a tree of directives: words, `;` and `{}`, quotes, comments, blocks of Lua.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lint/tree.h"

namespace tightship::lint {

struct NginxDirective {
  std::string name;
  std::vector<std::string> arguments;
  At at;
  bool block = false;
  std::vector<NginxDirective> children;

  const NginxDirective* find(std::string_view child) const;
};

inline constexpr std::size_t kMaxNginx = 1024 * 1024;
inline constexpr std::size_t kMaxNginxDirectives = 50'000;
inline constexpr std::size_t kMaxNginxDepth = 32;

// Fails with Config (where: "line N") for a brace or a quote without its other half, with Limit for what is too
// large or too deep.
Result<std::vector<NginxDirective>> parse_nginx(std::string_view text);

}  // namespace tightship::lint
