// Next.js, Nuxt, webpack, Expo, Angular.

#include <fmt/format.h>

#include <algorithm>

#include "config/frontend.h"
#include "detect/text_class.h"
#include "lint/json.h"

namespace tightship::config {
namespace {

// Keys of the outermost configuration, whatever functions wrap it: "withSentry()/env/X" is "env/X".
std::string without_calls(const std::string& path) {
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string step = path.substr(at, end - at);
    at = end + 1;
    if (step.size() > 2 && step.compare(step.size() - 2, 2, "()") == 0) continue;
    out += (out.empty() ? "" : "/") + step;
  }
  return out;
}

void check_define_plugin(Context& context, const File& file, const lint::JsFile& code) {
  const std::string fix =
      "name the few variables that browsers need, one by one, and call services that need a key from a "
      "server";
  const std::string where = fmt::format("DefinePlugin of {}", file.name());
  for (const lint::JsObject& object : code.objects()) {
    const bool plugin = object.callee == "DefinePlugin" || object.callee == "EnvironmentPlugin";
    if (!plugin) continue;
    for (const lint::JsProperty* one : code.properties_of(object)) {
      const bool env = one->key == "process.env" || one->spread;
      if (env && is_whole_environment(code, one->begin, one->end, {})) {
        whole_environment(context, file, code.at(one->key_token), "CFG-WEBPACK-DEFINE", where, fix);
      } else if (one->key == "process.env" && code.object_of(*one) != nullptr) {
        for (const lint::JsProperty* inner : code.properties_of(*code.object_of(*one))) {
          check_replaced(context, file, code, *inner, {},
                         {"CFG-WEBPACK-DEFINE", "process.env." + inner->key, where, fix});
        }
      } else if (!one->spread) {
        check_replaced(context, file, code, *one, {}, {"CFG-WEBPACK-DEFINE", one->key, where, fix});
      }
    }
  }
  for (std::uint32_t i = 0; i + 4 < code.tokens().size(); ++i) {  // new EnvironmentPlugin(Object.keys(process.env))
    if (!code.is(i, "EnvironmentPlugin") || !code.is(i + 1, "(")) continue;
    std::uint32_t next = i + 2;
    if (code.dotted(i + 2, &next) == "Object.keys" && code.is(next, "(") && code.dotted(next + 1) == "process.env") {
      whole_environment(context, file, code.at(i), "CFG-WEBPACK-DEFINE",
                        fmt::format("EnvironmentPlugin of {}", file.name()), fix);
    }
  }
}

// A build for servers publishes nothing.
bool is_server_build(const lint::JsFile& code) {
  for (const lint::JsProperty* one : code.find_path("target")) {
    const std::string value = code.value(one->begin);
    if (value == "node" || value.rfind("async-node", 0) == 0 || value.find("electron-main") != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

void check_next(Context& context, const File& file) {
  const lint::JsFile code(file.text);
  for (const lint::JsProperty& one : code.properties()) {
    if (one.spread || one.key.empty()) continue;
    const std::string path = without_calls(code.path(one));
    if (path == "env/" + one.key) {
      check_replaced(context, file, code, one, {},
                     {"CFG-NEXT-ENV", "process.env." + one.key, fmt::format("env of {}", file.name()),
                      "take it out of env: code on the server reads process.env without it, code in the "
                      "browser must not"});
    }
    if (path == "productionBrowserSourceMaps" && code.is(one.begin, "true") && one.begin + 1 == one.end) {
      check_source_map(context, file, code.at(one.key_token), "productionBrowserSourceMaps", "true",
                       "take productionBrowserSourceMaps out; upload maps to the error tracker instead");
    }
  }
  for (const lint::JsProperty* env : code.find_path("env")) {
    if (without_calls(code.path(*env)) == "env" && is_whole_environment(code, env->begin, env->end, {})) {
      whole_environment(context, file, code.at(env->key_token), "CFG-NEXT-ENV", fmt::format("env of {}", file.name()),
                        "name in env only what browsers may see; better: NEXT_PUBLIC_ names and no env at all");
    }
  }
  check_define_plugin(context, file, code);
}

void check_nuxt(Context& context, const File& file) {
  const lint::JsFile code(file.text);
  for (const lint::JsProperty& one : code.properties()) {
    if (one.spread || one.key.empty()) continue;
    const std::string path = without_calls(code.path(one));
    const bool is_public = path.rfind("runtimeConfig/public/", 0) == 0 || path.rfind("publicRuntimeConfig/", 0) == 0;
    if (is_public) {
      check_replaced(context, file, code, one, {},
                     {"CFG-NUXT-PUBLIC", one.key, fmt::format("runtimeConfig.public of {}", file.name()),
                      "move it from runtimeConfig.public to runtimeConfig: server routes read it there"});
    }
    const bool map = path == "sourcemap/client" || path == "sourcemap" || path == "vite/build/sourcemap";
    if (map && (code.is(one.begin, "true") || code.value(one.begin) == "inline") && one.begin + 1 == one.end) {
      check_source_map(context, file, code.at(one.key_token), path == "sourcemap" ? "sourcemap" : "sourcemap.client",
                       code.value(one.begin), "set sourcemap: { server: true, client: false }");
    }
  }
}

void check_webpack(Context& context, const File& file) {
  const lint::JsFile code(file.text);
  if (is_server_build(code)) return;
  check_define_plugin(context, file, code);
  // A configuration for production says so by its name or its mode; others are used with a development
  // server.
  bool production = detect::contains(file.name(), "prod");
  for (const lint::JsProperty* mode : code.find_path("mode")) {
    production = production || (code.value(mode->begin) == "production" && mode->begin + 1 == mode->end);
  }
  if (!production) return;
  for (const lint::JsProperty* one : code.find_path("devtool")) {
    const std::string value = code.value(one->begin);
    const bool literal = code.is_string(one->begin) && one->begin + 1 == one->end;
    if (!literal || value == "none" || value == "nosources-source-map" || value.empty()) continue;
    check_source_map(
        context, file, code.at(one->key_token), "devtool", value,
        "set devtool to false or 'hidden-source-map' for production and keep the .map files off the server");
  }
}

namespace {

constexpr std::string_view kExpoFix =
    "take it out and call the service from a server: what an app holds can be read from the app";

void expo_tree(Context& context, const File& file, const lint::Node& node, const std::string& where, bool manifest) {
  for (const lint::Member& member : node.members) {
    if (member.value.is_map()) expo_tree(context, file, member.value, where, manifest);
    if (!member.value.is_scalar()) continue;
    LiteralPlace place{"CFG-EXPO-EXTRA", where, std::string(kExpoFix)};
    if (manifest) {
      place.public_web = true;
      place.breaks = "everyone who installs the app can read it from the app's manifest";
    } else {
      place.fix = "keep it out of eas.json: eas env:create --visibility secret, which builds read by name";
    }
    context.literal(file, place, member.key, member.value.text, member.value.at);
  }
}

}  // namespace

void check_expo(Context& context, const File& file) {
  if (file.name() == "app.json" || file.name() == "eas.json") {
    const auto root = lint::parse_json(file.text);
    if (!root) return context.loss(file, root.error());
    if (file.name() == "app.json") {
      const lint::Node* extra = root->at_path("expo/extra");
      if (extra != nullptr) expo_tree(context, file, *extra, "extra of app.json", true);
      return;
    }
    const lint::Node* builds = root->find("build");
    for (const lint::Member& build : builds == nullptr ? std::vector<lint::Member>() : builds->members) {
      const lint::Node* env = build.value.find("env");
      if (env != nullptr) expo_tree(context, file, *env, fmt::format("build {} of eas.json", build.key), false);
    }
    return;
  }
  const lint::JsFile code(file.text);
  if (!detect::contains(file.text, "expo") && !detect::contains(file.text, "extra")) return;
  for (const lint::JsProperty& one : code.properties()) {
    const std::string path = without_calls(code.path(one));
    const bool extra = path.rfind("extra/", 0) == 0 || path.rfind("expo/extra/", 0) == 0;
    if (!extra || one.spread || one.key.empty()) continue;
    check_replaced(context, file, code, one, {},
                   {"CFG-EXPO-EXTRA", one.key, fmt::format("extra of {}", file.name()), std::string(kExpoFix)});
  }
}

void check_angular(Context& context, const File& file) {
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const lint::Node* projects = root->find("projects");
  if (projects == nullptr) return;
  for (const lint::Member& project : projects->members) {
    const lint::Node* production = project.value.at_path("architect/build/configurations/production");
    const lint::Node* map = production == nullptr ? nullptr : production->find("sourceMap");
    if (map == nullptr) continue;
    const lint::Node* scripts = map->find("scripts");
    const bool hidden = map->text_of("hidden") == "true";
    if (map->text != "true" && (scripts == nullptr || scripts->text != "true")) continue;
    check_source_map(context, file, map->at, "sourceMap of the production configuration", hidden ? "hidden" : "true",
                     "set sourceMap to false in the production configuration");
  }
}

}  // namespace tightship::config
