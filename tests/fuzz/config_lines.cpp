// The small readers: INI, HCL, XML.

#include <cstdint>

#include "base/bytes.h"
#include "lint/hcl.h"
#include "lint/ini.h"
#include "lint/markup.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  lint::parse_ini(text);
  lint::parse_ini(text, true);
  lint::parse_hcl(text);
  lint::parse_xml(text);
  return 0;
}
