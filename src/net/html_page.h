#pragma once

// What a page loads (net/html_tags.h).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/url.h"

namespace tightship::net {

inline constexpr std::size_t kMaxResources = 2000;  // of one page; the rest is not looked at

enum class ResourceKind : std::uint8_t { Script, Style, Frame, Form, Object, Image, Media };
std::string_view resource_word(ResourceKind kind);  // "a script", "an image"
// What it loads can change the page, or send what is typed elsewhere; browsers block or warn.
bool is_active(ResourceKind kind);

struct Resource {
  ResourceKind kind = ResourceKind::Image;
  Url url;
};

struct Page {
  std::vector<Resource> resources;  // http and https only, in document order
  std::string canonical;            // of <link rel=canonical>, absolute; empty without one
};

// `url` is where it was loaded from; <base href> is honoured. Linear in `html`.
Page read_page(std::string_view html, const Url& url);

}  // namespace tightship::net
