#pragma once

// Which parts of a build are served to browsers. A value in `.next/server/chunks` is where it belongs; the same
// value in `.next/server/app/index.rsc`, beside it, is public. Told by names alone, as the frameworks write them.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::bundle {

enum class Audience : std::uint8_t {
  Public,    // any visitor can read it
  Private,   // stays on the server
  Workshop,  // caches and traces of the build tool: never deployed
};

// Folders of a project that build tools write, relative to it, in the order in which they are looked for.
std::vector<std::string_view> output_folders();

// Knows which folders are split in a client's and a server's half, which takes the names of all files.
class Layout {
 public:
  // `path` is relative to the project (or to the parent of the folder that is checked), separated by '/'.
  void add(std::string_view path);
  Audience audience(std::string_view path) const;

  // Whether `folder` ("dist") holds pages or the manifest of a page's assets, so that somebody's browser loads it.
  // Without either it is a server's build, or a library.
  bool serves_pages(std::string_view folder) const;

 private:
  std::set<std::string, std::less<>> clients_, servers_;  // "dist": has dist/client, dist/server
  std::set<std::string, std::less<>> with_pages_;         // top folders
};

// "html" of "a/index.html"; lower case; empty without one.
std::string extension_of(std::string_view path);

}  // namespace tightship::bundle
