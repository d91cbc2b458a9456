#pragma once

// --no-archives and --max-archive-depth, of every command that reads content.

#include <string_view>
#include <vector>

#include "cli/flag.h"
#include "unpack/unpack.h"

namespace tightship::cli {

// Both set `limits.depth`; the last one wins.
std::vector<Flag> archive_flags(unpack::Limits& limits, std::string_view group);

// Of a hook, which somebody waits for: small archives only (docs/limits.md).
unpack::Limits hook_archives();

}  // namespace tightship::cli
