#include "git/pack_index.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  for (const HashKind hash : {HashKind::Sha1, HashKind::Sha256}) {
    const auto index = git::PackIndex::parse(Bytes(data, size), hash);
    if (!index) continue;
    for (std::uint32_t i = 0; i < index->count(); ++i) {
      (void)index->offset(i);
      const auto found = index->find(index->oid(i));  // may miss, when the oids are out of order
      if (found && *found >= index->count()) std::abort();
    }
  }
  return 0;
}
