#include "git/index_file.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  using tightship::HashKind;
  const tightship::Bytes bytes(data, size);
  for (const auto hash : {HashKind::Sha1, HashKind::Sha256}) {
    (void)parse_index(bytes, hash);
    auto content = parse_index_content(bytes, hash);
    if (!content || !content->link) continue;
    // Against itself: as good a shared index as any.
    std::vector<IndexEntry> base = content->entries;
    const auto merged = merge_split_index(std::move(base), std::move(*content));
    if (!merged) continue;
    for (std::size_t i = 1; i < merged->size(); ++i) {
      if ((*merged)[i].path < (*merged)[i - 1].path) std::abort();
    }
  }
  return 0;
}
