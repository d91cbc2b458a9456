#include "cli/archive_flag.h"

namespace tightship::cli {

std::vector<Flag> archive_flags(unpack::Limits& limits, std::string_view group) {
  return {
      {"no-archives", 0, "", group, "do not look into archives and compressed files",
       "They are counted as skipped, as pictures are.",
       [&limits](const std::string&) -> Result<void> {
         limits.depth = 0;
         return {};
       }},
      {"max-archive-depth", 0, "N", group, "archives in archives that are opened (default 4)",
       "0 is --no-archives. What lies deeper makes the scan incomplete.",
       set_number(limits.depth, 0, unpack::kMaxDepth)},
  };
}

unpack::Limits hook_archives() {
  unpack::Limits limits;
  limits.packed = std::uint64_t{16} << 20;
  limits.member = std::uint64_t{32} << 20;
  limits.total = std::uint64_t{64} << 20;
  limits.members = 10'000;
  return limits;
}

}  // namespace tightship::cli
