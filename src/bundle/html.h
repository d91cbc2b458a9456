#pragma once

// What a page loads, by its start tags (net/html_tags.h). Linear in the page; never fails.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::bundle {

enum class LoadKind : std::uint8_t {
  Script,   // script src, modulepreload, preload as script
  Active,   // stylesheet, iframe, object, embed, form action: can change the page, or carries its data away
  Passive,  // images, sound, video
  Other,    // manifest, alternate pages
};

struct Load {
  LoadKind kind = LoadKind::Other;
  std::string url;           // as written, character references decoded
  std::uint64_t offset = 0;  // of the tag's < in the page
  std::string element;       // "script", "img": lower case
};

struct Page {
  std::vector<Load> loads;         // in order; at most kMaxLoads
  std::string base;                // of <base href>; empty without one
  bool upgrades_insecure = false;  // a meta policy has browsers load http over https
};

inline constexpr std::size_t kMaxLoads = 20'000;

Page read_page(std::string_view html);

// Whether the name or the content is one of a page: "<!doctype html" or "<html" at the begin.
bool is_page(std::string_view path, std::string_view content);

}  // namespace tightship::bundle
