// YAML, JSON and TOML of foreign repositories: whatever the bytes, a tree or an error.

#include <cstdint>

#include "base/bytes.h"
#include "lint/json.h"
#include "lint/toml.h"
#include "lint/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  static_cast<void>(lint::parse_yaml(text));
  static_cast<void>(lint::parse_json(text));
  static_cast<void>(lint::parse_toml(text));
  return 0;
}
