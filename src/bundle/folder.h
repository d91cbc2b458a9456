#pragma once

// The files of a build in a folder: which folders are looked at, which files in them are public, and their sweep.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "bundle/sighting.h"
#include "bundle/sweep.h"

namespace tightship::bundle {

struct BuildFolder {
  std::string path;     // as shown and opened: "shop/.next"
  std::string context;  // what stands before its files in paths for Layout: ".next"
  bool asked = false;   // named by the user: taken as public where the layout says nothing else
};

// Whether a folder that no build tool is known to write may be taken for a build: when a person named it.
enum class Wanted : std::uint8_t { Anything, Outputs };

// `path` itself when it is an output, or what build tools wrote below it when it is a project: also in the packages
// of a workspace. Fails with NotFound when there is nothing.
Result<std::vector<BuildFolder>> find_builds(const std::string& path, Wanted wanted = Wanted::Anything);

struct FolderCounts {
  std::uint64_t files = 0, bytes = 0;      // swept
  std::uint64_t private_files = 0;         // stay on the server: not swept
  std::uint64_t media = 0;                 // pictures, fonts, archives: not swept
  std::uint64_t twins = 0;                 // .gz and .br with the same content as the file beside them
  std::uint64_t symlinks = 0;              // not followed
  std::vector<std::string> server_builds;  // folders without a page: a server's build, or a library
};

// Sweeps the public files of `builds` with `threads` threads (0: one a processor) and appends what is seen, in no
// particular order.
FolderCounts sweep_folders(const std::vector<BuildFolder>& builds, const Sweep& sweep, unsigned threads, Ledger& ledger,
                           std::vector<Sighting>& out);

}  // namespace tightship::bundle
