#include "bundle/source_map.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"

// First byte: line and column that are asked for; the rest is the map.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship::bundle;
  if (size == 0) return 0;
  const std::string_view text = tightship::as_text({data + 1, size - 1});
  source_map_reference(text);
  const auto map = SourceMap::open(text);
  if (!map) return 0;
  if (map->source_count() == 0) std::abort();
  for (const auto& position : {map->original(1u + data[0] % 4, 1u + data[0] / 4), map->original(1, 1),
                               map->inside(data[0]), map->inside(text.size() / 2), map->inside(~std::uint64_t{0})}) {
    // A name stands in the map, decoded; a root may come before it.
    if (position && (position->source.empty() || position->line == 0 || position->column == 0 ||
                     position->source.size() > 3 * text.size() + 1)) {
      std::abort();
    }
  }
  return 0;
}
