#pragma once

// XML of package managers (NuGet.Config, Maven's settings.xml) as a list of elements. No entities but the five of
// XML, no DTD: nothing is ever fetched or expanded.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

struct XmlElement {
  std::vector<std::string> path;  // names of the elements around it, and its own
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  // directly in it, trimmed
  At at, text_at;

  std::string attribute(std::string_view name) const;  // empty without it
};

inline constexpr std::size_t kMaxXml = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxXmlElements = 50'000;
inline constexpr std::size_t kMaxXmlDepth = 16;

// Linear; never fails, stops at what is no XML.
std::vector<XmlElement> parse_xml(std::string_view text);

}  // namespace tightship::lint
