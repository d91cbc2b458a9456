// A template from a rule file expands to bounded text or to an error, the same one every time.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "detect/token_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  const auto first = detect::expand_template(text, 1);
  const auto second = detect::expand_template(text, 1);
  if (first.has_value() != second.has_value()) std::abort();
  if (first && (*first != *second || first->size() > 200 * 1024 + size)) std::abort();
  return 0;
}
