// Create React App publishes source maps unless GENERATE_SOURCEMAP is false when it builds; and SDKs of AI providers
// that are told to run in browsers.

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "config/frontend.h"
#include "detect/text_class.h"
#include "lint/json.h"

namespace tightship::config {
namespace {

using detect::contains;

constexpr std::uint64_t kMaxScript = std::uint64_t{1} << 20;
constexpr std::string_view kSwitch = "GENERATE_SOURCEMAP";

// Files in which a build's environment is set, or its output is cleaned.
bool may_set_environment(std::string_view path) {
  const std::string_view name = last_part(path);
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return name.starts_with("Dockerfile") || name == "Makefile" || name == "netlify.toml" || name == "vercel.json" ||
         ends(".sh") || ends(".yml") || ends(".yaml") || name.starts_with(".env");
}

// Set anywhere, somebody has thought of it: to what is not always to be seen.
bool is_switched_somewhere(const Context& context) {
  const auto& files = context.project().files;
  return std::any_of(files.begin(), files.end(), [&](const lint::ProjectFile& file) {
    if (file.symlink || file.size > kMaxScript || !may_set_environment(file.path)) return false;
    const auto text = read_file(context.project().absolute(file.path), kMaxScript);
    return text && contains(*text, kSwitch);
  });
}

// The script that builds with react-scripts; null when there is none, or when one sees to the maps itself.
const lint::Member* building_script(const lint::Node& package) {
  const lint::Node* scripts = package.find("scripts");
  if (scripts == nullptr || !scripts->is_map()) return nullptr;
  const lint::Member* found = nullptr;
  for (const lint::Member& script : scripts->members) {
    const std::string& command = script.value.text;
    if (contains(command, kSwitch) || contains(command, ".map")) return nullptr;
    if (contains(command, "react-scripts build") || contains(command, "craco build")) found = &script;
  }
  return found;
}

}  // namespace

void check_create_react_app(Context& context, const File& file) {
  if (!contains(file.text, "react-scripts")) return;
  const auto package = lint::parse_json(file.text);
  if (!package) return;  // npm says so first
  const lint::Member* script = building_script(*package);
  if (script == nullptr || is_switched_somewhere(context)) return;
  check_source_map(context, file, script->at, "GENERATE_SOURCEMAP", "not set, so react-scripts writes them",
                   "write GENERATE_SOURCEMAP=false into .env.production");
}

// new OpenAI({ apiKey, dangerouslyAllowBrowser: true }). A key that the visitor brings along is the visitor's.
void check_client_code(Context& context, const File& file) {
  if (!contains(file.text, "dangerouslyAllowBrowser")) return;
  const lint::JsFile code(file.text);
  for (const lint::JsProperty* one : code.find_path("dangerouslyAllowBrowser")) {
    if (one->begin + 1 != one->end || !code.is(one->begin, "true")) continue;
    const lint::JsObject& object = code.objects()[one->object];
    const lint::JsProperty* key = code.find(object, "apiKey");
    if (object.callee.empty() || key == nullptr) continue;
    std::uint32_t next = key->begin;
    const std::string given = code.dotted(key->begin, &next);
    const bool own = given.starts_with("import.meta.env.") || given.starts_with("process.env.") ||
                     (key->begin + 1 == key->end && code.is_string(key->begin) && code.value(key->begin).size() > 20);
    Problem it = context.problem(file, code.at(one->key_token), "CFG-BROWSER-KEY",
                                 own ? Severity::Warning : Severity::Note, RiskClass::LaunchBlocker);
    it.exposure = Exposure::Web;
    it.title = own ? fmt::format("Browsers get your key of {}", object.callee)
                   : fmt::format("{} runs in browsers with a secret key", object.callee);
    it.why = own ? "the SDK is told to run in browsers, and its key is put into the page by the build"
                 : "the SDK is told to run in browsers; whose key it is given cannot be seen here";
    it.breaks = "any visitor copies the key and spends on your account";
    it.fix = "call the provider from a route of your own server, which checks who asks and how often";
    it.minutes = 60;
    it.subject = object.callee;
    context.add(file, std::move(it));
  }
}

}  // namespace tightship::config
