// Env files are foreign text: every loader's reader must end, stay inside of the text, and give the same twice; the
// checks of form must end, and a mended file must be left as it is.

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "env/code_use.h"
#include "env/schema.h"
#include "env/style.h"
#include "env/unified_diff.h"
#include "lint/docker_ignore.h"
#include "lint/dotenv.h"
#include "lint/manifests.h"
#include "lint/secret_value.h"

namespace {

using namespace tightship;

void check_loader(std::string_view text, lint::Loader loader) {
  const lint::EnvFile file = lint::read_env(text, loader);
  for (const lint::EnvEntry& entry : file.entries) {
    const bool inside = entry.raw.empty() || (entry.raw.data() >= text.data() &&
                                              entry.raw.data() + entry.raw.size() <= text.data() + text.size());
    if (!inside || entry.line == 0 || entry.column == 0 || entry.offset > text.size() ||
        entry.value_offset > text.size())
      std::abort();
    if (entry.value.size() > 4 * lint::kMaxExpanded) std::abort();
  }
  for (const std::uint32_t i : file.effective) {
    if (i >= file.entries.size() || file.find(file.entries[i].key) == nullptr) std::abort();
  }
}

void check_style(std::string_view text) {
  for (const auto& note : env::check_style(text, nullptr, {})) {
    if (note.line == 0) std::abort();
  }
  const std::string once = env::fixed_style(text, {});
  if (env::fixed_style(once, {}) != once) std::abort();
  if (env::unified_diff("x", text, text) != "") std::abort();
  (void)env::unified_diff("x", text, once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(Bytes(data, size));
  for (const lint::Loader loader : lint::kLoaders) check_loader(text, loader);
  (void)lint::read_env_text(text);
  check_style(text);
  env::CodeUse use;
  env::add_uses(text, "x.ts", use);
  env::add_uses(text, "x.py", use);
  (void)lint::DockerIgnore::parse(text).excludes("apps/web/.env");
  (void)lint::compose_env_files(text);
  (void)lint::split_url(text);
  (void)env::parse_schema(text, "schema");
  (void)env::schema_of_example(text);
  return 0;
}
