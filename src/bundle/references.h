#pragma once

// Which further files a script or a manifest names: what a crawler of a site's own code follows. No JavaScript is
// run; references are the string literals that look like files of the same build, and the tables from which
// webpack puts file names together.

#include <string>
#include <string_view>
#include <vector>

namespace tightship::bundle {

inline constexpr std::size_t kMaxReferences = 5'000;  // of one file

struct Reference {
  std::string text;                 // "./chunk-abc.js", "assets/x.js", "static/chunks/1.js": as written, unescaped
  bool relative_to_script = false;  // begins with ./ or ../: relative to the file, not to the site or its base
  friend auto operator<=>(const Reference&, const Reference&) = default;
};

// String literals that end in .js, .mjs or a manifest's name, sorted, each once; bounded in number and length.
std::vector<Reference> script_references(std::string_view script);

// File names of webpack's chunk tables: "static/js/" + {"12":"ab34"}[e] + ".chunk.js" gives "static/js/ab34.chunk.js"
// and, with ((e)+"."+{...}[e]), "static/js/12.ab34.chunk.js".
std::vector<std::string> webpack_chunks(std::string_view script);

}  // namespace tightship::bundle
