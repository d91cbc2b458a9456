#pragma once

// Git's delta format (gitformat-pack(5), "Deltified representation"): instructions that build an
// object from copies out of a base and inserted bytes.

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship::git {

struct DeltaOp {
  std::uint32_t length = 0;
  std::uint32_t source = 0;  // offset in the base (copy) or in the delta (insert)
  bool copy = false;
};

struct DeltaSizes {
  std::uint64_t base = 0, result = 0;
};
// The two sizes at the head of a delta; `header_length` gets how many bytes they take.
// Fails with Corrupt.
Result<DeltaSizes> read_delta_sizes(Bytes delta, std::size_t& header_length);

// Decodes `delta` into `ops`, which is cleared first and keeps its capacity.
// Returns the size of the result in bytes.
//
// Fails with Corrupt when `delta` is truncated, was made for a base of another size, copies
// from outside [0, base_size), or does not fill the result exactly; with Limit when the result
// would exceed `max_result`. `ops` is unspecified after a failure.
//
// O(delta.size()); does not touch the base. Thread-safe: no shared state.
Result<std::uint32_t> decode_delta(Bytes delta, std::uint64_t base_size, std::uint32_t max_result,
                                   std::vector<DeltaOp>& ops);

// Writes the result of decoded operations to `out`, which has room for it. `ops` must come from
// decode_delta(delta, base.size(), ...).
void apply_delta(Bytes base, Bytes delta, const std::vector<DeltaOp>& ops, std::uint8_t* out);

}  // namespace tightship::git
