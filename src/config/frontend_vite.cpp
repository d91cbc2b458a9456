// Vite and everything that takes its configuration (Vitest, SvelteKit, Electron). Measured on Vite 8: with
// define: {'process.env': env} the whole .env lands in the bundle, at every use of process.env.

#include <fmt/format.h>

#include "config/frontend.h"

namespace tightship::config {
namespace {

constexpr std::string_view kFix =
    "take the key out of define and call the service from a server; variables that browsers may see are "
    "named VITE_...";

std::string where(const File& file) { return fmt::format("define of {}", file.name()); }

void check_define(Context& context, const File& file, const lint::JsFile& code, const std::set<std::string>& names) {
  for (const lint::JsProperty* define : code.find_path("define")) {
    if (code.path(*define).find("test/") != std::string::npos) continue;
    if (is_whole_environment(code, define->begin, define->end, names)) {
      whole_environment(context, file, code.at(define->key_token), "CFG-VITE-DEFINE", where(file), std::string(kFix));
    }
    const lint::JsObject* object = code.object_of(*define);
    if (object == nullptr) continue;
    for (const lint::JsProperty* one : code.properties_of(*object)) {
      if (one->spread) continue;
      const bool env = one->key == "process.env" || one->key == "process" || one->key == "import.meta.env";
      if (env && is_whole_environment(code, one->begin, one->end, names)) {
        whole_environment(context, file, code.at(one->key_token), "CFG-VITE-DEFINE", where(file), std::string(kFix));
      } else {
        check_replaced(context, file, code, *one, names, {"CFG-VITE-DEFINE", one->key, where(file), std::string(kFix)});
      }
    }
  }
}

void bad_prefix(Context& context, const File& file, At at, const std::string& prefix, const std::string& name,
                const Inlined& found) {
  Problem problem = context.problem(file, at, "CFG-VITE-PREFIX", found.severity, RiskClass::LaunchBlocker);
  problem.exposure = Exposure::Web;
  problem.title = fmt::format("envPrefix makes {} public", name);
  problem.why = fmt::format("every variable that begins with {} is given to the browser{}", prefix,
                            found.seen.empty() ? "" : fmt::format("; {} holds a secret ({})", name, found.seen));
  problem.breaks = "code of the site can read it, and one import.meta.env too many publishes it";
  problem.fix = fmt::format("take {} out of envPrefix; name what browsers may see VITE_...", prefix);
  problem.minutes = 15;
  problem.subject = name;
  problem.value_id = found.value_id;
  context.add(file, std::move(problem));
}

void check_prefix(Context& context, const File& file, const lint::JsFile& code, std::uint32_t token) {
  const std::string prefix = code.value(token);
  if (prefix.empty()) {
    Problem problem =
        context.problem(file, code.at(token), "CFG-VITE-PREFIX", Severity::Warning, RiskClass::ConversionBlocker);
    problem.title = "An empty envPrefix: Vite refuses to build";
    problem.why = "an empty prefix would make every variable public, so Vite stops";
    problem.breaks = "the build fails";
    problem.fix = "take the empty text out of envPrefix";
    problem.minutes = 5;
    problem.subject = "envPrefix";
    context.add(file, std::move(problem));
    return;
  }
  if (prefix == "VITE_") return;
  for (const auto& [name, value] : context.env_values()) {
    if (name.rfind(prefix, 0) != 0) continue;
    if (const auto found = context.held(name)) bad_prefix(context, file, code.at(token), prefix, name, *found);
  }
}

void check_maps(Context& context, const File& file, const lint::JsFile& code) {
  for (const lint::JsProperty* one : code.find_path("build/sourcemap")) {
    const std::string value = code.value(one->begin);
    const bool on = one->begin + 1 == one->end && (value == "true" || value == "inline" || value == "hidden");
    // Of a library, and of what runs on a server, nothing is published with a site.
    const lint::JsObject& build = code.objects()[one->object];
    const bool library = code.find(build, "lib") != nullptr || code.find(build, "ssr") != nullptr;
    if (!on || library || file.name().find("electron") != std::string_view::npos) continue;
    check_source_map(context, file, code.at(one->key_token), "build.sourcemap", value,
                     "set build.sourcemap to false, or to 'hidden' and keep the .map files off the server");
  }
}

}  // namespace

void check_vite(Context& context, const File& file) {
  const lint::JsFile code(file.text);
  const std::set<std::string> names = names_of_whole_environment(code);
  check_define(context, file, code, names);
  for (const lint::JsProperty* one : code.find_path("envPrefix")) {
    for (std::uint32_t i = one->begin; i < one->end; ++i) {
      if (code.is_string(i)) check_prefix(context, file, code, i);
    }
  }
  check_maps(context, file, code);
}

}  // namespace tightship::config
