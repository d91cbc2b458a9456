#include "git/object.h"

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
    TreeReader reader(bytes, hash);
    std::size_t end = 0;
    for (TreeEntry entry; reader.next(entry);) {
      // Entries follow one another and lie within the input.
      const std::size_t next = entry.name_offset + entry.name.size() + 1 + entry.oid.size();
      if (entry.name.empty() || entry.name_offset <= end || next > size) std::abort();
      end = next;
    }
    if (!reader.broken() && end != size) std::abort();
  }
  return 0;
}
