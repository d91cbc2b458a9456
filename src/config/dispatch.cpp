#include "config/dispatch.h"

#include <algorithm>
#include <array>

#include "detect/text_class.h"

namespace tightship::config {
namespace {

using detect::contains;
using View = std::string_view;

constexpr std::uint64_t kKilo = 1024, kMega = 1024 * 1024;

bool starts(View text, View with) { return text.substr(0, with.size()) == with; }
bool ends(View text, View with) { return text.size() >= with.size() && text.substr(text.size() - with.size()) == with; }

// In a folder of that name: in_folder("a/.github/workflows/x.yml", ".github/workflows/").
bool in_folder(View path, View folder) {
  const std::size_t at = path.find(folder);
  return at != View::npos && (at == 0 || path[at - 1] == '/');
}

bool is_yaml(View name) { return ends(name, ".yml") || ends(name, ".yaml"); }

bool is_code_of(View name, View stem) {
  if (!starts(name, stem)) return false;
  constexpr std::array<View, 6> kEnds = {"js", "ts", "mjs", "cjs", "mts", "cts"};
  const View end = name.substr(stem.size());
  return std::find(kEnds.begin(), kEnds.end(), end) != kEnds.end();
}

bool is_minified(View path, View name) {
  return contains(name, ".min.") || in_folder(path, "dist/") || in_folder(path, "build/") ||
         in_folder(path, "public/") || in_folder(path, ".next/") || in_folder(path, "out/") ||
         in_folder(path, "static/") || in_folder(path, "coverage/") || ends(name, ".d.ts");
}

bool is_nginx(View path, View name) {
  const bool conf = ends(name, ".conf") || ends(name, ".vhost");
  return (conf && (contains(name, "nginx") || in_folder(path, "nginx/"))) || in_folder(path, "sites-available/") ||
         in_folder(path, "sites-enabled/");
}

bool is_compose(View name) {
  return is_yaml(name) && (starts(name, "docker-compose") || starts(name, "compose.") || starts(name, "compose-") ||
                           contains(name, ".compose.") || contains(name, "-compose."));
}

bool is_workflow(View path, View name) { return is_yaml(name) && in_folder(path, ".github/workflows/"); }

bool is_private_name(View name) {
  constexpr std::array<View, 14> kEnds = {".pem", ".key",    ".p12",     ".pfx", ".jks", ".keystore", ".ppk",
                                          ".har", ".sqlite", ".sqlite3", ".db",  ".p8",  ".kdbx",     ".sql"};
  constexpr std::array<View, 5> kNames = {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".DS_Store"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         std::any_of(kEnds.begin(), kEnds.end(), [&](View end) { return ends(name, end); });
}

bool is_ai_text(View path, View name) {
  constexpr std::array<View, 10> kNames = {
      ".cursorrules", "CLAUDE.md",       "AGENTS.md",   "GEMINI.md", ".windsurfrules",
      ".clinerules",  "CLAUDE.local.md", ".goosehints", "llms.txt",  "copilot-instructions.md"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || in_folder(path, ".cursor/rules/") ||
         in_folder(path, ".claude/commands/") || in_folder(path, ".claude/agents/") ||
         in_folder(path, ".github/prompts/");
}

// clang-format off
constexpr Dispatch kTable[] = {
    {"vite", [](View, View n) { return is_code_of(n, "vite.config.") || is_code_of(n, "electron.vite.config.") || is_code_of(n, "astro.config."); }, check_vite, kMega},
    {"next", [](View, View n) { return is_code_of(n, "next.config."); }, check_next, kMega},
    {"nuxt", [](View, View n) { return is_code_of(n, "nuxt.config."); }, check_nuxt, kMega},
    {"webpack", [](View, View n) { return starts(n, "webpack") && (ends(n, ".js") || ends(n, ".ts") || ends(n, ".cjs") || ends(n, ".mjs")); }, check_webpack, kMega},
    {"expo", [](View, View n) { return n == "app.json" || n == "eas.json" || is_code_of(n, "app.config."); }, check_expo, kMega},
    {"angular", [](View, View n) { return n == "angular.json"; }, check_angular, kMega},
    {"create-react-app", [](View, View n) { return n == "package.json"; }, check_create_react_app, kMega},
    {"client-code", [](View p, View n) { return (is_javascript(n) || ends(n, ".vue") || ends(n, ".svelte")) && !is_minified(p, n) && !is_sample_path(p); }, check_client_code, kMega},
    {"vercel", [](View, View n) { return n == "vercel.json" || n == "now.json"; }, check_vercel, kMega},
    {"netlify", [](View, View n) { return n == "netlify.toml"; }, check_netlify, kMega},
    {"redirects", [](View, View n) { return n == "_redirects"; }, check_netlify_redirects, kMega},
    {"headers", [](View, View n) { return n == "_headers"; }, check_headers_file, kMega},
    {"wrangler", [](View, View n) { return n == "wrangler.toml" || n == "wrangler.json" || n == "wrangler.jsonc"; }, check_wrangler, kMega},
    {"dev-vars", [](View, View n) { return starts(n, ".dev.vars"); }, check_dev_vars, kMega},
    {"fly", [](View, View n) { return n == "fly.toml" || (starts(n, "fly.") && ends(n, ".toml")); }, check_fly, kMega},
    {"render", [](View, View n) { return n == "render.yaml" || n == "render.yml"; }, check_render, kMega},
    {"railway", [](View, View n) { return n == "railway.json" || n == "railway.toml"; }, check_railway, kMega},
    {"heroku", [](View, View n) { return n == "app.json"; }, check_heroku, kMega},
    {"procfile", [](View, View n) { return n == "Procfile" || starts(n, "Procfile."); }, check_procfile, kMega},
    {"supabase", [](View p, View n) { return n == "config.toml" && in_folder(p, "supabase/"); }, check_supabase_config, kMega},
    {"supabase-client", [](View p, View n) { return (is_javascript(n) || ends(n, ".vue") || ends(n, ".svelte")) && !is_minified(p, n); }, check_supabase_client, kMega},
    {"firestore", [](View, View n) { return n == "firestore.rules" || n == "storage.rules" || n == "firebase.rules"; }, check_firebase_rules, kMega},
    {"realtime", [](View, View n) { return n == "database.rules.json" || n == "database.rules.bolt.json"; }, check_realtime_rules, kMega},
    {"dockerfile", [](View, View n) { return (n == "Dockerfile" || starts(n, "Dockerfile.") || ends(n, ".Dockerfile") || ends(n, ".dockerfile") || n == "Containerfile") && !ends(n, ".dockerignore"); }, check_dockerfile, kMega},
    {"compose", [](View, View n) { return is_compose(n); }, check_compose, kMega},
    {"workflow", [](View p, View n) { return is_workflow(p, n); }, check_workflow, kMega},
    {"kubernetes", [](View p, View n) { return is_yaml(n) && !is_compose(n) && !is_workflow(p, n) && n != "pnpm-lock.yaml" && !in_folder(p, "locales/"); }, check_kubernetes, kMega},
    {"nginx", is_nginx, check_nginx, kMega},
    {"caddy", [](View, View n) { return n == "Caddyfile" || starts(n, "Caddyfile."); }, check_caddyfile, kMega},
    {"apache", [](View, View n) { return n == ".htaccess"; }, check_htaccess, kMega},
    {"server-js", [](View p, View n) { return is_javascript(n) && !is_minified(p, n) && !is_sample_path(p); }, check_javascript_server, kMega},
    {"server-py", [](View p, View n) { return ends(n, ".py") && !is_sample_path(p); }, check_python_server, kMega},
    {"rails", [](View p, View n) { return n == "production.rb" && in_folder(p, "config/environments/"); }, check_rails_environment, kMega},
    {"rails-settings", [](View p, View n) { return (n == "secrets.yml" || n == "database.yml") && in_folder(p, "config/"); }, check_rails_settings, kMega},
    {"rails-key", [](View p, View n) { return (n == "master.key" && in_folder(p, "config/")) || (ends(n, ".key") && in_folder(p, "config/credentials/")); }, check_rails_key, kKilo},
    {"laravel", [](View p, View n) { return (n == "session.php" || n == "cors.php" || n == "app.php") && in_folder(p, "config/"); }, check_laravel, kMega},
    {"npmrc", [](View, View n) { return n == ".npmrc" || n == "npmrc"; }, check_npmrc, kMega},
    {"yarnrc", [](View, View n) { return n == ".yarnrc.yml"; }, check_yarnrc, kMega},
    {"bunfig", [](View, View n) { return n == "bunfig.toml" || n == ".bunfig.toml"; }, check_bunfig, kMega},
    {"pypirc", [](View, View n) { return n == ".pypirc" || n == "pip.conf" || n == "pip.ini"; }, check_pypirc, kMega},
    {"netrc", [](View, View n) { return n == ".netrc" || n == "_netrc"; }, check_netrc, kMega},
    {"docker-auth", [](View p, View n) { return (n == "config.json" && in_folder(p, ".docker/")) || n == ".dockerconfigjson" || n == ".dockercfg"; }, check_docker_auth, kMega},
    {"nuget", [](View, View n) { return detect::lowered(n) == "nuget.config"; }, check_nuget, kMega},
    {"maven", [](View, View n) { return n == "settings.xml" || n == "settings-security.xml"; }, check_maven, kMega},
    {"composer", [](View, View n) { return n == "auth.json"; }, check_composer_auth, kMega},
    {"gem", [](View p, View n) { return n == "credentials" && in_folder(p, ".gem/"); }, check_gem_credentials, kMega},
    {"cargo", [](View p, View n) { return (n == "credentials" || n == "credentials.toml") && in_folder(p, ".cargo/"); }, check_cargo_credentials, kMega},
    {"terraform", [](View, View n) { return ends(n, ".tf") || ends(n, ".tfvars"); }, check_terraform, 4 * kMega},
    {"tfstate", [](View, View n) { return ends(n, ".tfstate") || ends(n, ".tfstate.backup"); }, check_terraform_state, 4 * kMega},
    {"mcp", [](View p, View n) { return n == ".mcp.json" || n == "mcp.json" || n == "claude_desktop_config.json" || n == "mcp_config.json" ||
                                        (n == "settings.json" && (in_folder(p, ".claude/") || in_folder(p, ".gemini/") || in_folder(p, ".vscode/"))); }, check_mcp_json, kMega},
    {"codex", [](View p, View n) { return n == "config.toml" && in_folder(p, ".codex/"); }, check_codex_toml, kMega},
    {"ai-text", is_ai_text, check_ai_text, kMega},
    {"service-account", [](View, View n) { return ends(n, ".json"); }, check_service_account, 8 * kKilo},
    {"private", [](View, View n) { return is_private_name(n); }, check_private_file, std::uint64_t{1} << 40, true},
};
// clang-format on

}  // namespace

bool is_supabase_migration(View path) { return ends(path, ".sql") && in_folder(path, "supabase/migrations/"); }
bool is_supabase_schema(View path) { return ends(path, ".sql") && in_folder(path, "supabase/schemas/"); }

bool is_javascript(View name) {
  constexpr std::array<View, 8> kEnds = {".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx"};
  return std::any_of(kEnds.begin(), kEnds.end(), [&](View end) { return ends(name, end); });
}

std::vector<const Dispatch*> checks_of(View path) {
  std::vector<const Dispatch*> found;
  const View name = last_part(path);
  for (const Dispatch& one : kTable) {
    if (one.matches(path, name)) found.push_back(&one);
  }
  return found;
}

}  // namespace tightship::config
