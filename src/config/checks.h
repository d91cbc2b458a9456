#pragma once

// The checks, one function a kind of file. Private to src/config.

#include "config/context.h"

namespace tightship::config {

// Build tools of frontends (frontend_*.cpp).
void check_vite(Context& context, const File& file);
void check_next(Context& context, const File& file);
void check_nuxt(Context& context, const File& file);
void check_webpack(Context& context, const File& file);
void check_expo(Context& context, const File& file);              // app.json, app.config.*, eas.json
void check_angular(Context& context, const File& file);           // angular.json
void check_create_react_app(Context& context, const File& file);  // package.json
void check_client_code(Context& context, const File& file);       // SDKs with a secret key in browsers

// Hosting platforms (platform_*.cpp).
void check_vercel(Context& context, const File& file);
void check_netlify(Context& context, const File& file);            // netlify.toml
void check_netlify_redirects(Context& context, const File& file);  // _redirects
void check_headers_file(Context& context, const File& file);       // _headers
void check_wrangler(Context& context, const File& file);
void check_dev_vars(Context& context, const File& file);
void check_fly(Context& context, const File& file);
void check_render(Context& context, const File& file);
void check_railway(Context& context, const File& file);
void check_heroku(Context& context, const File& file);  // app.json
void check_procfile(Context& context, const File& file);

// Databases.
void check_supabase_config(Context& context, const File& file);
void check_supabase_client(Context& context, const File& file);  // code
void check_firebase_rules(Context& context, const File& file);   // firestore.rules, storage.rules
void check_realtime_rules(Context& context, const File& file);   // database.rules.json

// Containers, workflows, clusters.
void check_dockerfile(Context& context, const File& file);
void check_compose(Context& context, const File& file);
void check_workflow(Context& context, const File& file);
void check_kubernetes(Context& context, const File& file);

// Servers and server code.
void check_nginx(Context& context, const File& file);
void check_caddyfile(Context& context, const File& file);
void check_htaccess(Context& context, const File& file);
void check_javascript_server(Context& context, const File& file);  // CORS, cookies
void check_python_server(Context& context, const File& file);      // CORS, cookies, debug
void check_rails_environment(Context& context, const File& file);  // config/environments/production.rb
void check_rails_settings(Context& context, const File& file);     // config/secrets.yml, database.yml
void check_rails_key(Context& context, const File& file);          // config/master.key, config/credentials/*.key
void check_laravel(Context& context, const File& file);            // config/session.php, cors.php, app.php

// Registries and infrastructure.
void check_npmrc(Context& context, const File& file);
void check_yarnrc(Context& context, const File& file);
void check_bunfig(Context& context, const File& file);
void check_pypirc(Context& context, const File& file);  // .pypirc, pip.conf
void check_netrc(Context& context, const File& file);
void check_docker_auth(Context& context, const File& file);
void check_nuget(Context& context, const File& file);
void check_maven(Context& context, const File& file);
void check_composer_auth(Context& context, const File& file);
void check_gem_credentials(Context& context, const File& file);
void check_cargo_credentials(Context& context, const File& file);
void check_terraform(Context& context, const File& file);  // *.tf, *.tfvars
void check_terraform_state(Context& context, const File& file);

// AI tools, private files.
void check_mcp_json(Context& context, const File& file);
void check_codex_toml(Context& context, const File& file);
void check_ai_text(Context& context, const File& file);
void check_service_account(Context& context, const File& file);  // *.json
void check_private_file(Context& context, const File& file);     // by name and first bytes; text may be cut

// Supabase's migrations are one history: folded when all are there. (supabase_*.cpp)
struct Migration {
  File file;
  std::string text;
};
void check_supabase_migrations(Context& context, std::vector<Migration> migrations,
                               const std::set<std::string>& client_tables);
// Tables that client code reads: .from('x').
void collect_client_tables(const File& file, std::set<std::string>& tables);

// Headers that platforms' files set for a path.
struct HeaderRule {
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  At at;
};
void check_header_rule(Context& context, const File& file, const HeaderRule& rule);

}  // namespace tightship::config
