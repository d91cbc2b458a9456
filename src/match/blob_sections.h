#pragma once

// The bytes of a compiled form: a head, then the tables as they lie in memory, those of the widest
// alignment first.

#include "match/compiled.h"

namespace tightship::match {

std::vector<std::uint8_t> write_blob(const Compiled& compiled, std::uint64_t spec_hash);

struct BlobContent {
  std::uint64_t spec_hash = 0;
  Compiled compiled;  // views of the blob; numbers in it are unchecked
};
// Fails with Corrupt when the blob is not whole, or does not begin at a multiple of kBlobAlignment.
Result<BlobContent> read_blob(Bytes blob);

}  // namespace tightship::match
