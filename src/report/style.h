#pragma once

// The four roles of colour. Colour supports meaning and never carries it.

#include <string>
#include <string_view>

namespace tightship::report {

enum class Role { Plain, Error, Warning, Path, Help };

inline Role role_of_level(std::string_view level) {
  if (level == "error") return Role::Error;
  return level == "warning" ? Role::Warning : Role::Plain;
}

inline std::string paint(std::string_view text, Role role, bool color) {
  if (!color || role == Role::Plain || text.empty()) return std::string(text);
  constexpr std::string_view kStart[] = {"", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[1;32m"};
  return std::string(kStart[static_cast<int>(role)]).append(text).append("\x1b[0m");
}

}  // namespace tightship::report
