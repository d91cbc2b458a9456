// Instructions of Dockerfiles.

#include <cstdint>

#include "base/bytes.h"
#include "lint/dockerfile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  const lint::Dockerfile file = lint::parse_dockerfile(text);
  for (const lint::DockerInstruction& one : file.instructions) {
    one.pairs();
    one.flag("mount");
    file.ships(one.stage);
  }
  return 0;
}
