// Entries of a pack: headers, streams, deltas, bases, by way of making an index of it.

#include <cstdlib>

#include "git/pack_rebuild.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  if (size < 12 + 20) return 0;  // Pack::open refuses it
  const Bytes pack(data, size);
  const git::PackIndex index = git::rebuild_index(pack, HashKind::Sha1, nullptr);
  for (std::uint32_t i = 0; i < index.count(); ++i) {
    if (index.offset(i) >= size) std::abort();
  }
  return 0;
}
