#pragma once

// --no-cache of every command that may read a whole history.

#include <string>

#include "cli/flag.h"

namespace tightship::cli {

struct CacheOptions {
  bool off = false;
  // Where results are remembered; empty: nowhere.
  std::string folder() const;
};

Flag cache_flag(CacheOptions& options, std::string_view group);

}  // namespace tightship::cli
