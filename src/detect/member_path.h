#pragma once

// The path of what stands inside of a container: "app.zip!inner/.env" for people and for rules.
//
// A file's own name may hold '!', so between the functions of this program the two parts are joined by a
// byte that no path has. Rules and allow lists are asked about the member's path by itself ("^\\.env$" means
// the member as it means a file) and about the joined one; allow lists about the container's as well, so that
// what accepts a file accepts all that is in it.

#include <algorithm>
#include <string>
#include <string_view>

namespace tightship::detect {

inline constexpr char kMemberMark = '\0';

// The path that confirm() and settle() take. Unknown (empty) when the container's is.
inline std::string member_path(std::string_view container, std::string_view member) {
  if (container.empty() || member.empty()) return std::string(container);
  return std::string(container).append(1, kMemberMark).append(member);
}

struct PathParts {
  std::string_view container, member;  // member empty: no container
};

inline PathParts split_path(std::string_view path) {
  const std::size_t mark = path.find(kMemberMark);
  if (mark == 0 || mark == std::string_view::npos) return {path, {}};
  return {path.substr(0, mark), path.substr(mark + 1)};
}

// As it is shown, and as gitleaks writes it.
inline std::string shown_path(std::string_view container, std::string_view member) {
  if (member.empty()) return std::string(container);
  return std::string(container).append(1, '!').append(member);
}

// What tells the kind of a file: the member's path where there is one.
inline std::string_view naming_path(std::string_view path) {
  const PathParts parts = split_path(path);
  return parts.member.empty() ? path : parts.member;
}

// Whether `found` holds for the member's path or the joined one; of no member for the path.
template <class Found>
bool path_has(std::string_view path, const Found& found) {
  const PathParts parts = split_path(path);
  return parts.member.empty()
             ? found(path)
             : found(parts.member) || found(std::string_view(shown_path(parts.container, parts.member)));
}

}  // namespace tightship::detect
