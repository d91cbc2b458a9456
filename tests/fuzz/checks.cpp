// Every offline check on foreign bytes: ends, reads nothing outside, says the same twice.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "detect/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  for (const std::string_view name : detect::check_names()) {
    const detect::Check check = detect::find_check(name);
    if (check(text, text).verdict != check(text, text).verdict) std::abort();
  }
  return 0;
}
