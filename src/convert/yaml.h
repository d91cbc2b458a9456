#pragma once

// YAML 1.1 as a tree, as far as rule files need it: no aliases (a few bytes of them expand to gigabytes),
// no tags, one document. libyaml reads the text; keys and values are texts, as they stand.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tightship::convert {

inline constexpr std::size_t kMaxYaml = 4 * 1024 * 1024;  // bytes
inline constexpr std::size_t kMaxYamlNodes = 200'000;
inline constexpr std::size_t kMaxYamlDepth = 64;

struct YamlNode {
  enum class Kind : std::uint8_t { Scalar, List, Map };
  Kind kind = Kind::Scalar;
  std::uint32_t line = 0;  // 1-based
  std::string text;        // of a Scalar
  std::vector<YamlNode> items;
  std::vector<std::pair<std::string, YamlNode>> members;

  const YamlNode* find(std::string_view key) const;      // of a Map; the first of that name
  std::string text_of(std::string_view key) const;       // of a member that is a Scalar; else empty
  std::vector<std::string> list_of(std::string_view key) const;  // of texts; a lone text is a list of it
};

// Fails with Config (where: "line N") for what is no YAML or beyond the above, with Limit for what is too
// large or deep.
Result<YamlNode> parse_yaml(std::string_view text);

}  // namespace tightship::convert
