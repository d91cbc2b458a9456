#include "git/loose.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  constexpr std::uint64_t kMaxSize = 4u << 20;
  const auto content = parse_loose(tightship::Bytes(data, size), kMaxSize);
  if (content && content->bytes.size() > kMaxSize) std::abort();
  if (!content && content.error().kind == tightship::ErrorKind::Io) std::abort();
  return 0;
}
