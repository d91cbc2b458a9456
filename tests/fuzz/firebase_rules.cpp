// Security rules of Firebase.

#include <cstdint>

#include "base/bytes.h"
#include "lint/firebase_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  static_cast<void>(lint::parse_firebase_rules(text));
  return 0;
}
