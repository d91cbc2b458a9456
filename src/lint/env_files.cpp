#include "lint/env_files.h"

#include <algorithm>
#include <array>
#include <map>

#include "detect/text_class.h"
#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

using Words = std::initializer_list<std::string_view>;

bool is_any(std::string_view word, Words words) { return std::find(words.begin(), words.end(), word) != words.end(); }

// The parts of ".env.production.local" or "my-app.prod.env", without "env" itself.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> out;
  std::string part;
  for (const char c : name) {
    if (c == '.' || c == '-' || c == '_' || c == '~') {
      if (!part.empty()) out.push_back(std::move(part));
      part.clear();
    } else {
      part += detect::to_lower(c);
    }
  }
  if (!part.empty()) out.push_back(std::move(part));
  return out;
}

bool is_code(std::string_view last) {
  return is_any(
      last, {"ts",  "js",   "mjs",  "cjs",  "tsx", "jsx", "json", "yaml", "yml", "toml", "py",   "rb",    "php",
             "md",  "mdx",  "sh",   "html", "rs",  "go",  "java", "kt",   "cs",  "css",  "scss", "vue",   "svelte",
             "xml", "lock", "snap", "txt",  "map", "d",   "zip",  "tf",   "nix", "ini",  "conf", "h",     "c",
             "cpp", "png",  "svg",  "log",  "csv", "ps1", "bat",  "erb",  "ejs", "hbs",  "j2",   "jinja", "jinja2"});
}

std::optional<EnvRole> role_of(std::string_view word) {
  if (is_any(word, {"development", "dev", "develop"})) return EnvRole::Development;
  if (is_any(word,
             {"test",     "testing",     "tests",    "e2e",     "ci",     "cypress", "playwright", "jest",   "vitest",
              "rspec",    "cucumber",    "dusk",     "phpunit", "pytest", "travis",  "jenkins",    "github", "gitlab",
              "circleci", "integration", "appveyor", "wercker", "drone",  "mock",    "mocks"}))
    return EnvRole::Test;
  if (is_any(word, {"staging", "stage", "preview", "uat", "qa"})) return EnvRole::Staging;
  if (is_any(word, {"production", "prod", "live", "release"})) return EnvRole::Production;
  return std::nullopt;
}

bool is_test_path(std::string_view path) {
  while (path.find('/') != std::string_view::npos) {
    const std::size_t slash = path.find('/');
    const std::string folder = detect::lowered(path.substr(0, slash));
    if (is_any(folder,
               {"test",         "tests",      "__tests__",   "testdata",      "test-data", "fixtures",    "fixture",
                "__fixtures__", "e2e",        "spec",        "specs",         "examples",  "example",     "samples",
                "sample",       "docs",       "doc",         "documentation", "templates", "template",    "demo",
                "demos",        "playground", "playgrounds", "starters",      "starter",   "boilerplate", "mocks",
                "__mocks__",    "ci",         ".ci",         ".github",       ".gitlab",   ".circleci"})) {
      return true;
    }
    path.remove_prefix(slash + 1);
  }
  return false;
}

std::vector<std::string> four_files(std::string_view mode, bool local_over_mode, bool skip_local) {
  const std::string name(mode);
  std::vector<std::string> out = {".env." + name + ".local"};
  if (!local_over_mode) out.push_back(".env." + name);
  if (!skip_local) out.push_back(".env.local");
  if (local_over_mode) out.push_back(".env." + name);
  out.push_back(".env");
  return out;
}

bool folder_uses(const Project& project, std::string_view folder, Framework framework) {
  return std::any_of(project.frameworks.begin(), project.frameworks.end(),
                     [&](const auto& use) { return use.first == folder && use.second == framework; });
}

// Vite merges all files first, then replaces references in what remains; the others read file by file.
void read_merged(EffectiveEnv& out, const TextOf& text_of) {
  EnvFile merged;
  std::map<std::string, std::size_t> place;
  std::vector<std::string> origin;
  for (auto file = out.files.rbegin(); file != out.files.rend(); ++file) {
    const auto text = text_of(*file);
    const EnvFile read = text ? read_env(*text, Loader::NodeEnvFile) : EnvFile{};
    for (const std::uint32_t i : read.effective) {
      const auto [at, added] = place.try_emplace(read.entries[i].key, merged.entries.size());
      if (added) {
        merged.effective.push_back(static_cast<std::uint32_t>(merged.entries.size()));
        merged.entries.push_back(read.entries[i]);
        origin.push_back(*file);
        out.variables.push_back({});
      } else {
        auto& shadowed = out.variables[at->second].shadowed;
        if (merged.entries[at->second].value != read.entries[i].value) shadowed.push_back(origin[at->second]);
        merged.entries[at->second] = read.entries[i];
        origin[at->second] = *file;
      }
    }
  }
  expand_vite(merged, {});
  for (std::size_t i = 0; i < merged.entries.size(); ++i) {
    const EnvEntry& entry = merged.entries[i];
    EffectiveVariable& variable = out.variables[i];
    variable.key = entry.key;
    variable.value = entry.value;
    variable.file = origin[i];
    variable.line = entry.line;
    variable.column = entry.column;
    variable.undefined = entry.undefined;
  }
}

void read_in_order(EffectiveEnv& out, const TextOf& text_of) {
  std::map<std::string, std::size_t, std::less<>> place;
  ReadOptions options;
  options.environment = [&](std::string_view name) -> std::optional<std::string> {
    const auto at = place.find(name);
    if (at == place.end()) return std::nullopt;
    return out.variables[at->second].value;
  };
  for (const std::string& file : out.files) {
    const auto text = text_of(file);
    if (!text) continue;
    const EnvFile read = read_env(*text, out.loader, options);
    for (const std::uint32_t i : read.effective) {
      const EnvEntry& entry = read.entries[i];
      const auto at = place.find(entry.key);
      if (at != place.end()) {
        if (out.variables[at->second].value != entry.literal) out.variables[at->second].shadowed.push_back(file);
        continue;
      }
      EffectiveVariable variable;
      variable.key = entry.key;
      variable.value = entry.value;
      variable.file = file;
      variable.line = entry.line;
      variable.column = entry.column;
      variable.runs_command = entry.runs_command;
      variable.undefined = entry.undefined;
      out.variables.push_back(std::move(variable));
    }
    for (std::size_t i = place.size(); i < out.variables.size(); ++i) place.emplace(out.variables[i].key, i);
  }
}

}  // namespace

std::string_view role_name(EnvRole role) {
  switch (role) {
    case EnvRole::Base: return "base";
    case EnvRole::Local: return "local";
    case EnvRole::Development: return "development";
    case EnvRole::Test: return "test";
    case EnvRole::Staging: return "staging";
    case EnvRole::Production: return "production";
    case EnvRole::Example: return "example";
    case EnvRole::Keys: return "keys";
    case EnvRole::Encrypted: return "encrypted";
    case EnvRole::Other: break;
  }
  return "other";
}

std::string_view mode_name(EnvMode mode) {
  return mode == EnvMode::Production ? "production" : mode == EnvMode::Test ? "test" : "development";
}

std::optional<EnvName> env_name(std::string_view path) {
  const std::string name = detect::lowered(path.substr(path.rfind('/') + 1));
  if (name == ".flaskenv") return EnvName{EnvRole::Base, false, false, is_test_path(path)};
  std::vector<std::string> parts = parts_of(name);
  const auto env = std::find(parts.begin(), parts.end(), "env");
  const bool dotted = name == ".env" || name.starts_with(".env.") || name.starts_with(".env-") ||
                      name.starts_with(".env_") || name == ".env~";
  const bool ending = name.ends_with(".env") && name.size() > 4;
  const bool bare = name.starts_with("env.") && parts.size() == 2;  // "env.example", "env.sample"
  if (env == parts.end() || (!dotted && !ending && !bare)) return std::nullopt;
  EnvName out;
  out.test_path = is_test_path(path);
  out.local = name.ends_with(".local");
  parts.erase(env);
  const auto some = [&](Words words) {
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return is_any(part, words); });
  };
  if (some({"example", "examples", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults", "schema", "spec",
            "skeleton", "reference", "ref", "exemple", "demo", "placeholder", "dummy", "stub"})) {
    out.role = EnvRole::Example;
    return out;
  }
  if (bare) return std::nullopt;
  if (!parts.empty() && is_code(parts.back())) return std::nullopt;
  out.backup = name.ends_with('~') || some({"bak", "backup", "old", "orig", "save", "copy", "swp"});
  if (some({"vault", "gpg", "pgp", "enc", "encrypted", "sops"}) || (!parts.empty() && parts.back() == "age")) {
    out.role = EnvRole::Encrypted;
  } else if (name == ".env.keys" || name == ".env.me" || name.ends_with(".env.keys")) {
    out.role = EnvRole::Keys;
  } else {
    out.role = parts.empty() ? EnvRole::Base : out.local ? EnvRole::Local : EnvRole::Other;
    for (const std::string& part : parts) {
      if (const auto role = role_of(part)) out.role = *role;
    }
  }
  return out;
}

std::vector<std::string> load_order(const Project& project, std::string_view folder, Loader loader, EnvMode mode) {
  const bool test = mode == EnvMode::Test;
  if (loader == Loader::Next) return four_files(mode_name(mode), true, test);
  if (loader == Loader::Vite) return four_files(mode_name(mode), false, false);
  if (loader == Loader::RubyDotenv && folder_uses(project, folder, Framework::Rails))
    return four_files(mode_name(mode), true, test);
  const bool expo = folder_uses(project, folder, Framework::Expo);
  if (loader == Loader::NodeDotenv && (expo || folder_uses(project, folder, Framework::CreateReactApp))) {
    return four_files(mode_name(mode), true, test);
  }
  return {".env"};
}

const EffectiveVariable* EffectiveEnv::find(std::string_view key) const {
  const auto at =
      std::lower_bound(variables.begin(), variables.end(), key,
                       [](const EffectiveVariable& variable, std::string_view name) { return variable.key < name; });
  return at != variables.end() && at->key == key ? &*at : nullptr;
}

EffectiveEnv effective_env(const Project& project, const std::string& folder, Loader loader, EnvMode mode,
                           const TextOf& text_of) {
  EffectiveEnv out;
  out.loader = loader;
  out.mode = mode;
  for (const std::string& name : load_order(project, folder, loader, mode)) {
    const ProjectFile* file = project.find(folder + name);
    if (file != nullptr && !file->symlink) out.files.push_back(folder + name);
  }
  if (loader == Loader::Vite)
    read_merged(out, text_of);
  else
    read_in_order(out, text_of);
  std::sort(out.variables.begin(), out.variables.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return out;
}

}  // namespace tightship::lint
