// Tokens and objects of JavaScript: every token lies in the text, every walk ends.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "lint/declared_env.h"
#include "lint/javascript_objects.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tightship;
  const std::string_view text = as_text(Bytes(data, size));
  const lint::JsFile file(text);
  for (const lint::JsProperty& property : file.properties()) {
    file.path(property);
    file.object_of(property);
    file.dotted(property.begin);
  }
  for (const lint::JsToken& token : file.tokens()) lint::js_value(text, token);
  for (const lint::DeclaredEnv& env : lint::read_declared_env(text, "env.ts")) {
    if (env.variables.empty()) std::abort();
  }
  return 0;
}
