// Rules of other tools are foreign text: reading and converting them must end, and what comes out must be
// a rule file without errors.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "convert/rules.h"
#include "detect/rule_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  if (size > 64 * 1024) return 0;
  const auto imported = convert::import_rules(as_text(Bytes(data, size)), "fuzz");
  if (!imported) return 0;
  const detect::RuleFile file = detect::parse_rule_file("rules.toml", imported->toml);
  // Twice the same id is the input's mistake.
  for (const detect::Problem& problem : file.problems) {
    if (problem.severity == detect::Severity::Error && problem.message.find("twice") == std::string::npos) std::abort();
  }
  return 0;
}
