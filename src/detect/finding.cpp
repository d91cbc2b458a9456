#include "detect/finding.h"

#include <array>

namespace tightship::detect {

std::string_view place_name(Place place) {
  constexpr std::array<std::string_view, 12> kNames = {"file",     "file-name", "symlink-target", "commit-message",
                                                       "author",   "committer", "tag-message",    "tagger",
                                                       "ref-name", "reflog",    "git-config",     "stdin"};
  return kNames[static_cast<std::size_t>(place)];
}

std::string_view reach_name(Reach reach) {
  constexpr std::array<std::string_view, 5> kNames = {"unknown", "head", "ref", "reflog-only", "unreachable"};
  return kNames[static_cast<std::size_t>(reach)];
}

}  // namespace tightship::detect
