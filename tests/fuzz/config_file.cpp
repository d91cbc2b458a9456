#include "git/config_file.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::git;
  const ConfigContent content = read_config(tightship::as_text({data, size}));
  std::size_t total = 0;
  for (const auto& [key, value] : content.values) {
    if (key.empty()) std::abort();
    total += value.size();
  }
  // Values come from the input; "true" stands for a name without one.
  if (total > 4 * size || content.errors.size() > kMaxConfigErrors) std::abort();
  return 0;
}
