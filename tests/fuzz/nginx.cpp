// Directives of nginx.

#include <cstdint>

#include "base/bytes.h"
#include "lint/nginx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  static_cast<void>(lint::parse_nginx(text));
  return 0;
}
