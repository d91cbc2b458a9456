#include "cli/cache_flag.h"

#include "scan/cache.h"

namespace tightship::cli {

std::string CacheOptions::folder() const { return off ? std::string() : scan::default_cache_folder(); }

Flag cache_flag(CacheOptions& options, std::string_view group) {
  return {"no-cache",
          0,
          "",
          group,
          "read everything anew, and keep nothing for the next time",
          "The answer is the same. See tightship cache --help.",
          set_true(options.off)};
}

}  // namespace tightship::cli
