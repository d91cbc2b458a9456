// Rule files are foreign text: parsing and compiling them must end, whatever they hold, and every
// problem must have a place inside the file.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "detect/rule_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  auto file = detect::parse_rule_file("rules.toml", std::string(as_text(Bytes(data, size))));
  detect::check_expressions(file);
  for (const detect::Problem& problem : file.problems) {
    if (problem.place.line == 0 || problem.place.column == 0) std::abort();
    if (problem.place.column > problem.source.size() + 1) std::abort();
  }
  return 0;
}
