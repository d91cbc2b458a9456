#include "lint/declared_env.h"

#include <algorithm>
#include <array>

#include "detect/text_class.h"
#include "lint/javascript_objects.h"

namespace tightship::lint {
namespace {

using detect::contains;

constexpr std::uint64_t kMaxFile = std::uint64_t{256} << 10;
constexpr std::size_t kMaxFiles = 200;

// The prefixes that the packages for a framework bring along.
std::string prefix_of_package(std::string_view text) {
  if (contains(text, "@t3-oss/env-nextjs")) return "NEXT_PUBLIC_";
  return contains(text, "@t3-oss/env-nuxt") ? "NUXT_PUBLIC_" : "";
}

void add_side(const JsFile& code, const JsObject& call, std::string_view key, Side side, DeclaredEnv& out) {
  const JsProperty* property = code.find(call, key);
  const JsObject* object = property == nullptr ? nullptr : code.object_of(*property);
  if (object == nullptr) return;
  for (const JsProperty* one : code.properties_of(*object)) {
    if (!one->spread && !one->key.empty()) out.variables.push_back({one->key, side, code.at(one->key_token)});
  }
}

bool may_declare(std::string_view path) {
  const std::string name = detect::lowered(path.substr(path.rfind('/') + 1));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  constexpr std::array<std::string_view, 5> kEndings = {".ts", ".js", ".mjs", ".mts", ".cjs"};
  const std::string_view ending = std::string_view(name).substr(dot);
  const bool code = std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
  return code && (contains(name, "env") || contains(name, "keys") || contains(name, "config"));
}

}  // namespace

std::vector<DeclaredEnv> read_declared_env(std::string_view text, const std::string& path) {
  std::vector<DeclaredEnv> out;
  if (!contains(text, "createEnv")) return out;
  const JsFile code(text);
  for (const JsObject& call : code.objects()) {
    if (call.callee != "createEnv" || call.property != kNoJs) continue;
    DeclaredEnv found;
    found.path = path;
    const JsProperty* prefix = code.find(call, "clientPrefix");
    const bool given = prefix != nullptr && prefix->begin + 1 == prefix->end && code.is_string(prefix->begin);
    if (given)
      found.client_prefix = code.value(prefix->begin);
    else if (prefix == nullptr)
      found.client_prefix = prefix_of_package(text);
    add_side(code, call, "server", Side::Server, found);
    add_side(code, call, "client", Side::Client, found);
    add_side(code, call, "shared", Side::Shared, found);
    if (!found.variables.empty()) out.push_back(std::move(found));
  }
  return out;
}

std::vector<DeclaredEnv> find_declared_env(const Project& project, Ledger& ledger) {
  std::vector<DeclaredEnv> out;
  std::size_t read = 0;
  for (const ProjectFile& file : project.files) {
    if (file.symlink || file.below_ignored || file.size > kMaxFile || !may_declare(file.path)) continue;
    if (++read > kMaxFiles) break;
    const auto text = read_project_file(project, file.path, ledger, kMaxFile);
    if (!text || !contains(*text, "@t3-oss/env")) continue;
    for (DeclaredEnv& found : read_declared_env(*text, file.path)) out.push_back(std::move(found));
  }
  return out;
}

}  // namespace tightship::lint
