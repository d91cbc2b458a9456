#include "launch/project_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "lint/env_files.h"
#include "lint/json.h"
#include "lint/secret_value.h"
#include "report/words.h"

namespace tightship::launch {
namespace {

using lint::Project;
using lint::ProjectFile;

// Files that are named so in every project that has them. The commands are those that the platforms document.
struct Platform {
  std::string_view file, what, command, rollback;
};
constexpr std::array kPlatforms = {
    Platform{"fly.toml", "Fly.io app", "fly deploy", "fly releases --image, then fly deploy --image IMAGE"},
    Platform{"vercel.json", "Vercel project", "vercel deploy --prod", "vercel rollback"},
    Platform{"netlify.toml", "Netlify site", "netlify deploy --prod",
             "publish an earlier deploy in the Netlify dashboard"},
    Platform{"wrangler.toml", "Cloudflare Worker", "wrangler deploy", "wrangler rollback"},
    Platform{"wrangler.json", "Cloudflare Worker", "wrangler deploy", "wrangler rollback"},
    Platform{"wrangler.jsonc", "Cloudflare Worker", "wrangler deploy", "wrangler rollback"},
    Platform{"render.yaml", "Render blueprint", "", "roll back to an earlier deploy in the Render dashboard"},
    Platform{"railway.json", "Railway service", "railway up",
             "redeploy an earlier deployment in the Railway dashboard"},
    Platform{"Procfile", "Heroku-style processes", "git push heroku main", "heroku releases, then heroku rollback"},
    Platform{"app.yaml", "App Engine service", "gcloud app deploy",
             "gcloud app services set-traffic to an earlier version"},
    Platform{"firebase.json", "Firebase project", "firebase deploy", "roll back in the Firebase console (Hosting)"},
    Platform{"serverless.yml", "Serverless Framework service", "serverless deploy",
             "serverless rollback --timestamp TIME"},
    Platform{"samconfig.toml", "AWS SAM application", "sam deploy", ""},
    Platform{"Pulumi.yaml", "Pulumi program", "pulumi up", ""},
    Platform{"Chart.yaml", "Helm chart", "helm upgrade --install", "helm rollback RELEASE"},
    Platform{"Dockerfile", "container image", "docker build .", ""},
    Platform{"docker-compose.yml", "Compose services", "docker compose up -d", ""},
    Platform{"compose.yaml", "Compose services", "docker compose up -d", ""},
};
constexpr std::array<std::string_view, 7> kScripts = {"build",   "start",      "deploy", "release",
                                                      "migrate", "db:migrate", "test"};
constexpr std::size_t kMaxFacts = 100;  // of each kind; a document of more is read by nobody

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

VariableFact& fact_of(std::vector<VariableFact>& facts, const std::string& name) {
  const auto at = std::lower_bound(facts.begin(), facts.end(), name,
                                   [](const VariableFact& fact, const std::string& key) { return fact.name < key; });
  if (at != facts.end() && at->name == name) return *at;
  return *facts.insert(at, VariableFact{name, {}, false, false});
}

void add_variables(const Project& project, Ledger& ledger, std::vector<VariableFact>& facts) {
  lint::ValueJudge judge;
  for (const ProjectFile& file : project.files) {
    const auto role = lint::env_name(file.path);
    if (!role || role->backup || role->test_path || file.below_ignored) continue;
    const auto text = lint::read_project_file(project, file.path, ledger);
    if (!text) continue;
    for (const lint::EnvEntry& entry : lint::read_env_text(*text).entries) {
      VariableFact& fact = fact_of(facts, entry.key);
      if (std::find(fact.files.begin(), fact.files.end(), file.path) == fact.files.end())
        fact.files.push_back(file.path);
      fact.is_public = fact.is_public || project.public_prefix_of(entry.key) != nullptr;
      fact.is_secret =
          fact.is_secret || lint::is_secret_name(entry.key) || judge.judge(entry.key, entry.literal).secret_like();
    }
  }
  for (VariableFact& fact : facts) fact.is_secret = fact.is_secret && !fact.is_public;
}

bool is_read_somewhere(const ProjectFile& file) {
  const auto name = lint::env_name(file.path);
  if (!name || name->backup || name->test_path || file.below_ignored || file.symlink) return false;
  return name->role != lint::EnvRole::Example && name->role != lint::EnvRole::Keys &&
         name->role != lint::EnvRole::Encrypted;
}

bool is_workflow(std::string_view path) {
  return path.starts_with(".github/workflows/") && (path.ends_with(".yml") || path.ends_with(".yaml"));
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// NAME of every "secrets.NAME". GITHUB_TOKEN is made for each run by GitHub itself.
std::set<std::string> named_secrets(std::string_view text) {
  constexpr std::string_view kStart = "secrets.";
  std::set<std::string> names;
  for (std::size_t at = text.find(kStart); at != std::string_view::npos; at = text.find(kStart, at + 1)) {
    if (at > 0 && is_name_char(text[at - 1])) continue;
    std::size_t end = at + kStart.size();
    while (end < text.size() && is_name_char(text[end])) ++end;
    const std::string name(text.substr(at + kStart.size(), end - at - kStart.size()));
    if (!name.empty() && name != "GITHUB_TOKEN") names.insert(name);
  }
  return names;
}

void add_workflow(const Project& project, const ProjectFile& file, Ledger& ledger, HandoverFacts& facts) {
  const auto text = lint::read_project_file(project, file.path, ledger);
  if (!text) return;
  const std::set<std::string> names = named_secrets(*text);
  if (!names.empty()) {
    facts.secret_stores.push_back(
        fmt::format("GitHub Actions secrets: {} ({})", report::join({names.begin(), names.end()}, ", "), file.path));
  }
  if (text->find("deploy") != std::string::npos)
    facts.deploys.push_back({file.path, "GitHub Actions workflow", "", ""});
}

void add_platform(const ProjectFile& file, HandoverFacts& facts) {
  const std::string_view name = base_name(file.path);
  for (const Platform& platform : kPlatforms) {
    const bool same = name == platform.file ||
                      (platform.file == "docker-compose.yml" && name == "docker-compose.yaml") ||
                      (platform.file == "compose.yaml" && name == "compose.yml");
    if (!same) continue;
    facts.deploys.push_back(
        {file.path, std::string(platform.what), std::string(platform.command), std::string(platform.rollback)});
    return;
  }
}

void add_scripts(const Project& project, const ProjectFile& file, Ledger& ledger, HandoverFacts& facts) {
  const auto text = lint::read_project_file(project, file.path, ledger);
  const auto json = text ? lint::parse_json(*text) : fail(ErrorKind::NotFound, "");
  if (!json) return;
  const lint::Node* scripts = json->find("scripts");
  if (scripts == nullptr) return;
  for (const std::string_view name : kScripts) {
    if (scripts->find(name) != nullptr) facts.scripts.push_back(fmt::format("npm run {} ({})", name, file.path));
  }
}

}  // namespace

void add_project_facts(const Project& project, Ledger& ledger, HandoverFacts& facts) {
  add_variables(project, ledger, facts.variables);
  for (const ProjectFile& file : project.files) {
    if (file.below_ignored || file.symlink) continue;
    if (is_workflow(file.path))
      add_workflow(project, file, ledger, facts);
    else if (base_name(file.path) == "package.json")
      add_scripts(project, file, ledger, facts);
    else
      add_platform(file, facts);
  }
  if (facts.deploys.size() > kMaxFacts) facts.deploys.resize(kMaxFacts);
  if (facts.scripts.size() > kMaxFacts) facts.scripts.resize(kMaxFacts);
}

void add_variable_matrix(const Project& project, Ledger& ledger, Report& report) {
  std::map<std::string, std::vector<std::string>> values;  // of each file before this one; dropped at the end
  std::map<std::string, Variable> variables;
  for (const ProjectFile& file : project.files) {
    if (report.env_files.size() == kMaxMatrixFiles) break;
    if (!is_read_somewhere(file)) continue;
    const auto text = lint::read_project_file(project, file.path, ledger);
    if (!text) continue;
    const std::size_t column = report.env_files.size();
    report.env_files.push_back(file.path);
    for (const lint::EnvEntry& entry : lint::read_env_text(*text).entries) {
      Variable& variable = variables[entry.key];
      variable.settings.resize(column + 1, Setting::Missing);
      std::vector<std::string>& known = values[entry.key];
      const bool same = std::find(known.begin(), known.end(), entry.literal) != known.end();
      variable.settings[column] = entry.literal.empty() ? Setting::Empty : same ? Setting::Same : Setting::Set;
      known.push_back(entry.literal);
    }
  }
  for (auto& [name, variable] : variables) {
    variable.name = name;
    variable.is_public = project.public_prefix_of(name) != nullptr;
    variable.settings.resize(report.env_files.size(), Setting::Missing);
    report.variables.push_back(std::move(variable));
  }
}

}  // namespace tightship::launch
