#include "git/delta.h"

#include <cstdlib>
#include <vector>

// A base of the size that the delta asks for, up to a bound; whatever is decoded must be safe to apply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  const tightship::Bytes delta(data, size);
  std::size_t header = 0;
  const auto sizes = read_delta_sizes(delta, header);
  if (!sizes || sizes->base > 1 << 16) return 0;
  const std::vector<std::uint8_t> base(sizes->base, 'b');
  std::vector<DeltaOp> ops;
  const auto length = decode_delta(delta, base.size(), 1 << 20, ops);
  if (!length) return 0;
  if (*length != sizes->result) std::abort();
  std::vector<std::uint8_t> result(*length);
  apply_delta(base, delta, ops, result.data());
  return 0;
}
