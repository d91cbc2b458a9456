// Cloudflare Workers, Fly, Render, Railway, Heroku: hosts of servers.

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.h"
#include "config/commands.h"
#include "detect/text_class.h"
#include "lint/dotenv.h"
#include "lint/json.h"
#include "lint/toml.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

void check_variables(Context& context, const File& file, const lint::Node* map, const LiteralPlace& place) {
  if (map == nullptr) return;
  for (const lint::Member& one : map->members) {
    if (one.value.is_scalar()) context.literal(file, place, one.key, one.value.text, one.value.at);
  }
}

Result<lint::Node> parse_by_name(const File& file) {
  return detect::contains(file.name(), ".toml") ? lint::parse_toml(file.text) : lint::parse_json(file.text);
}

void check_worker(Context& context, const File& file, const lint::Node& worker, const std::string& prefix) {
  const LiteralPlace place{"CFG-WRANGLER",
                           fmt::format("[{}vars] of {}", prefix, file.name()),
                           "take it out of vars, which are plain text, make it a secret, then replace the key",
                           {"npx wrangler secret put NAME"}};
  check_variables(context, file, worker.find("vars"), place);
  const bool routed = worker.find("route") != nullptr || worker.find("routes") != nullptr;
  const lint::Node* open = worker.find("workers_dev");
  if (!routed || open == nullptr || open->text != "true") return;
  Problem problem = context.problem(file, open->at, "CFG-WRANGLER-DEV", Severity::Warning, RiskClass::ScaleRisk);
  problem.exposure = Exposure::Web;
  problem.title = "The worker also answers on its workers.dev address";
  problem.why = "workers_dev is true beside a route of your own domain";
  problem.breaks = "rules of your domain (firewall, access, rate limits) do not hold on the second address";
  problem.fix = "set workers_dev = false for what is in production";
  problem.minutes = 5;
  problem.subject = prefix + "workers_dev";
  context.add(file, std::move(problem));
}

}  // namespace

void check_wrangler(Context& context, const File& file) {
  const auto root = parse_by_name(file);
  if (!root) return context.loss(file, root.error());
  check_worker(context, file, *root, "");
  if (const lint::Node* environments = root->find("env")) {
    for (const lint::Member& one : environments->members) {
      // "wrangler dev --env local": its values are for a developer's machine.
      File seen = file;
      seen.sample = seen.sample || is_development_path(one.key);
      check_worker(context, seen, one.value, fmt::format("env.{}.", one.key));
    }
  }
}

void check_dev_vars(Context& context, const File& file) {
  if (!file.tracked) return;
  const LiteralPlace place{"CFG-DEV-VARS", fmt::format("{}, which git tracks", file.name()),
                           "stop tracking the file, ignore it, and replace what it held",
                           untrack(file.path, ".dev.vars*")};
  for (const lint::EnvEntry& one : lint::read_env_text(file.text).entries) {
    context.literal(file, place, one.key, one.literal, {one.value_line, one.value_column});
  }
}

void check_fly(Context& context, const File& file) {
  const auto root = lint::parse_toml(file.text);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace place{"CFG-FLY",
                           fmt::format("[env] of {}", file.name()),
                           "take it out of the file, make it a secret of the app, then replace the key",
                           {"fly secrets set NAME=..."}};
  check_variables(context, file, root->find("env"), place);
  LiteralPlace build = place;
  build.where = fmt::format("[build.args] of {}", file.name());
  build.fix = "take it out: build arguments stay in the image's history; use fly deploy --build-secret NAME=...";
  build.commands.clear();
  check_variables(context, file, root->at_path("build/args"), build);
  const lint::Node* https = root->at_path("http_service/force_https");
  if (https == nullptr || https->text != "false") return;
  Problem problem = context.problem(file, https->at, "CFG-FLY-HTTP", Severity::Warning, RiskClass::ConversionBlocker);
  problem.exposure = Exposure::Web;
  problem.title = "The site answers without encryption";
  problem.why = "force_https is false in [http_service]";
  problem.breaks = "passwords and cookies cross the network in the clear, browsers say \"not secure\"";
  problem.fix = "set force_https = true";
  problem.minutes = 5;
  problem.subject = "force_https";
  context.add(file, std::move(problem));
}

namespace {

void render_variables(Context& context, const File& file, const lint::Node* list) {
  const LiteralPlace place{"CFG-RENDER", "envVars of render.yaml",
                           "write sync: false (asked once in the dashboard), generateValue: true or "
                           "fromDatabase instead of value, "
                           "then replace the key"};
  if (list == nullptr) return;
  for (const lint::Node& one : list->items) {
    const lint::Node* value = one.find("value");
    if (value != nullptr && value->is_scalar())
      context.literal(file, place, one.text_of("key"), value->text, value->at);
  }
}

}  // namespace

void check_render(Context& context, const File& file) {
  const auto documents = lint::parse_yaml(file.text);
  if (!documents) return context.loss(file, documents.error());
  for (const lint::Node& root : *documents) {
    for (const std::string_view list : {"services", "envVarGroups"}) {
      const lint::Node* all = root.find(list);
      for (std::size_t i = 0; all != nullptr && i < all->items.size(); ++i) {
        render_variables(context, file, all->items[i].find("envVars"));
      }
    }
  }
}

namespace {

// Whatever stands below a key "variables" or "env", at any depth.
void check_any_variables(Context& context, const File& file, const lint::Node& node, const LiteralPlace& place) {
  for (const lint::Member& one : node.members) {
    if (one.key == "variables" || one.key == "env") check_variables(context, file, &one.value, place);
    check_any_variables(context, file, one.value, place);
  }
}

}  // namespace

void check_railway(Context& context, const File& file) {
  const auto root = parse_by_name(file);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace place{
      "CFG-RAILWAY",
      fmt::format("variables of {}", file.name()),
      "take it out of the file and set it in the service's variables, sealed; then replace the key",
      {"railway variables --set NAME=..."}};
  check_any_variables(context, file, *root, place);
}

void check_heroku(Context& context, const File& file) {
  const auto root = lint::parse_json(file.text);
  if (!root) return context.loss(file, root.error());
  const LiteralPlace place{
      "CFG-HEROKU",
      "env of app.json",
      "write \"required\": true or \"generator\": \"secret\" instead of the value, then replace the key",
      {"heroku config:set NAME=..."}};
  const lint::Node* env = root->find("env");
  if (env == nullptr) return;
  check_variables(context, file, env, place);
  for (const lint::Member& one : env->members) {
    const lint::Node* value = one.value.find("value");
    if (value != nullptr && value->is_scalar()) context.literal(file, place, one.key, value->text, value->at);
  }
}

void check_procfile(Context& context, const File& file) {
  const LiteralPlace place{"CFG-HEROKU",
                           "a command of the Procfile",
                           "set the variable in the platform's configuration instead, then replace the key",
                           {"heroku config:set NAME=..."}};
  std::uint32_t line = 1, column = 1;
  for (std::size_t at = 0; at < file.text.size();) {
    const std::size_t end = std::min(file.text.find_first_of(" \t\n", at), file.text.size());
    const std::string_view word = file.text.substr(at, end - at);
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos && equals > 0 && word[0] != '-') {
      const auto value_column = static_cast<std::uint32_t>(column + equals + 1);
      context.literal(file, place, word.substr(0, equals), word.substr(equals + 1), {line, value_column});
    }
    const bool newline = end < file.text.size() && file.text[end] == '\n';
    column = newline ? 1 : column + static_cast<std::uint32_t>(end - at + 1);
    line += newline ? 1 : 0;
    at = end + 1;
  }
}

}  // namespace tightship::config
