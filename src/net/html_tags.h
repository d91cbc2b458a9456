#pragma once

// The start tags of a page with their attributes, as the tokenizer of the HTML standard (13.2.5) finds them:
// comments, and the text of scripts, styles, text areas and the like, hold none. No tree is built: what a page loads
// does not depend on it, browsers' own preload scanners work so, and a hostile page (a hundred thousand open tags)
// makes tree builders quadratic. gumbo took a minute for such a page of 1 MB.
//
// Linear in the page; never fails.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tightship::net {

inline constexpr std::size_t kMaxAttributes = 100;  // of one tag; the rest is dropped

struct HtmlTag {
  std::string name;  // lower case
  // Names in lower case; in values character references by number are decoded, and those by name that stand in URLs.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::size_t offset = 0;  // of its <
  // The first of that name; null without one.
  const std::string* attribute(std::string_view name) const;
};

void for_each_tag(std::string_view html, const std::function<void(const HtmlTag&)>& take);

}  // namespace tightship::net
