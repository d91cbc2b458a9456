#include "lint/manifests.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "detect/text_class.h"
#include "lint/dotenv_parts.h"
#include "lint/javascript_objects.h"

namespace tightship::lint {
namespace {

using Json = nlohmann::json;
using detect::contains;

struct FrameworkRow {
  Framework framework;
  std::string_view name, package, prefix;  // prefix: of variables that reach the browser
};
// Sources: each framework's documentation of environment variables.
constexpr std::array<FrameworkRow, 25> kFrameworks = {{
    {Framework::Next, "Next.js", "next", "NEXT_PUBLIC_"},
    {Framework::Vite, "Vite", "vite", "VITE_"},
    {Framework::CreateReactApp, "Create React App", "react-scripts", "REACT_APP_"},
    {Framework::Expo, "Expo", "expo", "EXPO_PUBLIC_"},
    {Framework::Nuxt, "Nuxt", "nuxt", "NUXT_PUBLIC_"},
    {Framework::SvelteKit, "SvelteKit", "@sveltejs/kit", "PUBLIC_"},
    {Framework::Astro, "Astro", "astro", "PUBLIC_"},
    {Framework::Gatsby, "Gatsby", "gatsby", "GATSBY_"},
    {Framework::VueCli, "Vue CLI", "@vue/cli-service", "VUE_APP_"},
    {Framework::Remix, "Remix", "@remix-run/react", ""},
    {Framework::Angular, "Angular", "@angular/core", ""},
    {Framework::Storybook, "Storybook", "storybook", "STORYBOOK_"},
    {Framework::Parcel, "Parcel", "parcel", ""},
    {Framework::Rsbuild, "Rsbuild", "@rsbuild/core", "PUBLIC_"},
    {Framework::Express, "Express", "express", ""},
    {Framework::Rails, "Rails", "", ""},
    {Framework::Django, "Django", "", ""},
    {Framework::Flask, "Flask", "", ""},
    {Framework::FastApi, "FastAPI", "", ""},
    {Framework::Laravel, "Laravel", "", ""},
    {Framework::Go, "Go", "", ""},
    {Framework::Supabase, "Supabase", "@supabase/supabase-js", ""},
    {Framework::Prisma, "Prisma", "prisma", ""},
    {Framework::Docker, "Docker", "", ""},
    {Framework::Compose, "Docker Compose", "", ""},
}};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }
std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/') + 1)); }

// "apps/web/" + "../.env" as "apps/.env"; empty when it leads out of the project.
std::string joined(std::string folder, std::string_view relative) {
  while (!relative.empty()) {
    const std::size_t slash = std::min(relative.find('/'), relative.size());
    const std::string_view part = relative.substr(0, slash);
    const bool last = slash == relative.size();
    relative.remove_prefix(last ? slash : slash + 1);
    if (part == "..") {
      if (folder.empty()) return {};
      folder = folder_of(std::string_view(folder).substr(0, folder.size() - 1));
    } else if (!part.empty() && part != ".") {
      folder.append(part).append(last ? "" : "/");
    }
  }
  return folder;
}

// The same for a folder: "apps/", and "" for the root; nothing when it leads out of the project.
std::optional<std::string> folder_below(std::string folder, std::string_view relative) {
  while (!relative.empty()) {
    const std::size_t slash = std::min(relative.find('/'), relative.size());
    const std::string_view part = relative.substr(0, slash);
    relative.remove_prefix(std::min(slash + 1, relative.size()));
    if (part == "..") {
      if (folder.empty()) return std::nullopt;
      folder = folder_of(std::string_view(folder).substr(0, folder.size() - 1));
    } else if (!part.empty() && part != ".") {
      folder.append(part).append("/");
    }
  }
  return folder;
}

class Manifests {
 public:
  Manifests(Project& project, Ledger& ledger) : project_(project), ledger_(ledger) {}

  void run() {
    std::size_t read = 0;
    for (const ProjectFile& file : project_.files) {
      if (file.symlink || file.below_ignored || !is_manifest(base_name(file.path))) continue;
      if (++read > kMaxManifests) {
        ledger_.add({LossKind::LimitExceeded, "more than 4000 manifests: the others were not read", project_.root, {}});
        break;
      }
      const auto text = read_project_file(project_, file.path, ledger_);
      if (text) look_at(file.path, *text);
    }
    settle_prefixes();
  }

 private:
  static bool is_compose(std::string_view name) {
    return (name.starts_with("docker-compose") || name.starts_with("compose")) &&
           (name.ends_with(".yml") || name.ends_with(".yaml"));
  }
  static bool is_script(std::string_view name) {
    return name.ends_with(".sh") || name.ends_with(".bash") || name == "Makefile" || name == "makefile" ||
           name == "justfile" || name == "Procfile";
  }
  static bool is_requirements(std::string_view name) {
    return (name.starts_with("requirements") && (name.ends_with(".txt") || name.ends_with(".in"))) ||
           name == "pyproject.toml" || name == "Pipfile" || name == "setup.py" || name == "setup.cfg" ||
           name == "environment.yml";
  }
  static bool is_manifest(std::string_view name) {
    return name == "package.json" || name == "Gemfile" || name == "go.mod" || name == "composer.json" ||
           name == "manage.py" || name == "Dockerfile" || name.starts_with("vite.config.") || is_compose(name) ||
           is_script(name) || is_requirements(name);
  }

  void look_at(const std::string& path, std::string_view text) {
    const std::string_view name = base_name(path);
    folder_ = folder_of(path);
    if (name == "package.json")
      look_at_package(text);
    else if (name == "Gemfile")
      look_at_gemfile(text);
    else if (name == "go.mod")
      look_at_go(text);
    else if (name == "manage.py" && contains(text, "django"))
      add(Framework::Django);
    else if (name == "composer.json" && contains(text, "\"laravel/framework\""))
      add(Framework::Laravel);
    else if (name == "Dockerfile")
      add(Framework::Docker);
    else if (name.starts_with("vite.config."))
      look_at_vite(text);
    else if (is_compose(name))
      look_at_compose(text);
    else if (is_requirements(name))
      look_at_requirements(name, text);
    if (is_script(name)) look_at_commands(text, std::string(name));
  }

  void add(Framework framework) { project_.frameworks.emplace_back(folder_, framework); }
  void use(Loader loader, std::string why, std::string file = {}) {
    project_.loaders.push_back({loader, folder_, std::move(why), std::move(file)});
  }

  void look_at_package(std::string_view text) {
    const Json package = Json::parse(text, nullptr, false, true);
    if (!package.is_object()) return;
    const auto has = [&](const std::string& name) {
      for (const char* list : {"dependencies", "devDependencies", "peerDependencies"}) {
        const auto at = package.find(list);
        if (at != package.end() && at->is_object() && at->contains(name)) return true;
      }
      return false;
    };
    for (const FrameworkRow& row : kFrameworks) {
      if (!row.package.empty() && has(std::string(row.package))) add(row.framework);
    }
    const auto in = [](const char* name) { return std::string(name) + " in package.json"; };
    if (has("next")) use(Loader::Next, in("next"));
    for (const char* name : {"vite", "@sveltejs/kit", "astro"}) {
      if (!has(name)) continue;
      use(Loader::Vite, in(name));
      break;
    }
    for (const char* name : {"dotenv", "react-scripts", "nuxt"}) {
      if (!has(name)) continue;
      use(Loader::NodeDotenv, in(name));
      break;
    }
    if (has("@dotenvx/dotenvx")) use(Loader::Dotenvx, in("@dotenvx/dotenvx"));
    const auto scripts = package.find("scripts");
    if (scripts == package.end() || !scripts->is_object()) return;
    for (const auto& [script, command] : scripts->items()) {
      if (command.is_string())
        look_at_commands(command.get_ref<const std::string&>(), "the script " + script + " of package.json");
    }
  }

  // envPrefix: 'APP_' or ['VITE_', 'APP_']: more names that reach the browser. envDir: where the env files are.
  void look_at_vite(std::string_view text) {
    if (!contains(text, "envPrefix") && !contains(text, "envDir")) return;
    const JsFile code(text);
    for (const JsProperty* property : code.find_path("envPrefix")) {
      for (std::uint32_t i = property->begin; i < property->end; ++i) {
        const std::string prefix = code.is_string(i) ? code.value(i) : std::string();
        // An empty one Vite refuses.
        if (!prefix.empty()) extra_prefixes_.push_back(prefix);
      }
    }
    for (const JsProperty* property : code.find_path("envDir")) {
      if (const auto folder = folder_given(code, *property))
        project_.loaders.push_back({Loader::Vite, *folder, "envDir of the Vite configuration", {}});
    }
  }

  // '../..', and the text in resolve(__dirname, '../..'); nothing for what is put together in another way.
  std::optional<std::string> folder_given(const JsFile& code, const JsProperty& property) const {
    std::optional<std::string> given;
    for (std::uint32_t i = property.begin; i < property.end; ++i) {
      if (!code.is_string(i)) continue;
      if (given) return std::nullopt;
      given = code.value(i);
    }
    const bool plain = property.begin + 1 == property.end;
    const std::string_view source =
        property.begin < property.end
            ? code.source().substr(code.tokens()[property.begin].begin,
                                   code.tokens()[property.end - 1].end - code.tokens()[property.begin].begin)
            : std::string_view();
    const bool here =
        contains(source, "__dirname") || contains(source, "import.meta") || contains(source, "process.cwd");
    if (!given || (!plain && !here) || given->starts_with('/')) return std::nullopt;
    return folder_below(folder_, *given);
  }

  void look_at_gemfile(std::string_view text) {
    bool rails = false, dotenv = false;
    for_lines(text, [&](std::string_view line) {
      line = trim_ascii(line);
      if (!line.starts_with("gem ") && !line.starts_with("gem(")) return;
      rails |= contains(line, "\"rails\"") || contains(line, "'rails'");
      dotenv |= contains(line, "\"dotenv") || contains(line, "'dotenv");
    });
    if (rails) add(Framework::Rails);
    if (dotenv) use(Loader::RubyDotenv, "dotenv in Gemfile");
  }

  void look_at_go(std::string_view text) {
    add(Framework::Go);
    if (contains(text, "github.com/joho/godotenv")) use(Loader::Godotenv, "godotenv in go.mod");
  }

  void look_at_requirements(std::string_view name, std::string_view text) {
    const std::string lower = detect::lowered(text);
    const auto mentions = [&](std::string_view package) {
      for (std::size_t at = lower.find(package); at != std::string::npos; at = lower.find(package, at + 1)) {
        const char before = at == 0 ? '\n' : lower[at - 1];
        const std::size_t end = at + package.size();
        const char after = end < lower.size() ? lower[end] : '\n';
        const auto joins = [](char c) {
          return detect::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
        };
        if (!joins(before) && (!joins(after) || after == '.')) return true;
      }
      return false;
    };
    if (mentions("django")) add(Framework::Django);
    if (mentions("flask")) add(Framework::Flask);
    if (mentions("fastapi")) add(Framework::FastApi);
    for (const std::string_view package : {"python-dotenv", "pydantic-settings", "environs"}) {
      if (!mentions(package)) continue;
      use(Loader::PythonDotenv, std::string(package) + " in " + std::string(name));
      break;
    }
  }

  void look_at_compose(std::string_view text) {
    add(Framework::Compose);
    for (const ComposeEnvFile& named : compose_env_files(text)) {
      const std::string file = joined(folder_, named.path);
      if (!file.empty()) use(Loader::Compose, "env_file in a compose file, line " + std::to_string(named.line), file);
    }
    // Beside the compose file .env gives the values of ${...} in it.
    if (contains(text, "${")) use(Loader::Compose, "a compose file beside it", folder_ + ".env");
  }

  // `. .env`, `source .env`, `node --env-file=.env`, `docker run --env-file .env`.
  void look_at_commands(std::string_view text, const std::string& where) {
    for_lines(text, [&](std::string_view line) {
      if (!contains(line, "env")) return;
      if (trim_ascii(line).starts_with("#")) return;
      std::string_view rest = line, before;
      bool docker = false, node = false;
      while (!(rest = trim_ascii(rest)).empty()) {
        std::size_t end = 0;
        while (end < rest.size() && !is_ascii_space(rest[end]) && rest[end] != ';') ++end;
        std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        docker |= word == "docker" || word == "podman";
        node |= word == "node" || word == "tsx" || word == "nodemon";
        const bool sourced = before == "." || before == "source";
        const bool flag = before == "--env-file" || word.starts_with("--env-file=");
        if (word.starts_with("--env-file=")) word.remove_prefix(11);
        while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
        while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
        const bool env = contains(base_name(word), ".env") && word.find('$') == std::string_view::npos;
        const std::string file = env ? joined(folder_, word) : std::string();
        if (!file.empty() && sourced) use(Loader::Bash, where + " sources it", file);
        if (!file.empty() && flag && docker) use(Loader::DockerRun, where + " hands it to docker", file);
        if (!file.empty() && flag && node && !docker) use(Loader::NodeEnvFile, where + " hands it to node", file);
        before = word;
      }
    });
  }

  template <class F>
  static void for_lines(std::string_view text, F f) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      f(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void settle_prefixes() {
    std::sort(project_.frameworks.begin(), project_.frameworks.end());
    project_.frameworks.erase(std::unique(project_.frameworks.begin(), project_.frameworks.end()),
                              project_.frameworks.end());
    for (const FrameworkRow& row : kFrameworks) {
      if (row.prefix.empty() || !project_.uses(row.framework)) continue;
      const bool known = std::any_of(project_.public_prefixes.begin(), project_.public_prefixes.end(),
                                     [&](const auto& p) { return p.prefix == row.prefix; });
      if (!known) project_.public_prefixes.push_back({std::string(row.prefix), row.name});
    }
    for (const std::string& prefix : extra_prefixes_) {
      const bool known = std::any_of(project_.public_prefixes.begin(), project_.public_prefixes.end(),
                                     [&](const auto& p) { return p.prefix == prefix; });
      if (!known) project_.public_prefixes.push_back({prefix, "envPrefix of Vite"});
    }
    // Env files without the manifest of what reads them: these prefixes mean one thing only.
    const bool manifest = std::any_of(project_.files.begin(), project_.files.end(),
                                      [](const ProjectFile& file) { return base_name(file.path) == "package.json"; });
    for (const FrameworkRow& row : kFrameworks) {
      if (!manifest && row.prefix.size() >= 5 && row.prefix != "PUBLIC_" && row.prefix != "GATSBY_" &&
          row.prefix != "STORYBOOK_") {
        project_.public_prefixes.push_back({std::string(row.prefix), row.name});
      }
    }
  }

  Project& project_;
  Ledger& ledger_;
  std::string folder_;
  std::vector<std::string> extra_prefixes_;  // of configurations of Vite
};

std::string_view unquoted(std::string_view text) {
  text = trim_ascii(text);
  const std::size_t hash = text.find(" #");
  text = trim_ascii(text.substr(0, hash));
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

std::string_view framework_name(Framework framework) { return kFrameworks[static_cast<std::size_t>(framework)].name; }

void read_manifests(Project& project, Ledger& ledger) { Manifests(project, ledger).run(); }

// env_file: .env | env_file: [a, b] | a list of - a, or of - path: a.
std::vector<ComposeEnvFile> compose_env_files(std::string_view text) {
  std::vector<ComposeEnvFile> out;
  std::uint32_t number = 0;
  std::size_t list_indent = std::string_view::npos;  // of an open list
  const auto add = [&](std::string_view path) {
    path = unquoted(path);
    if (!path.empty() && path.find("${") == std::string_view::npos) out.push_back({std::string(path), number});
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    std::string_view rest = trim_ascii(line);
    if (rest.empty() || rest.front() == '#') continue;
    if (list_indent != std::string_view::npos) {
      const bool item = rest.starts_with("- ") && indent >= list_indent;
      const bool member = indent > list_indent && !rest.starts_with("- ");
      if (item) rest = trim_ascii(rest.substr(2));
      if (item || member) {
        if (rest.starts_with("path:"))
          add(rest.substr(5));
        else if (item && !contains(rest, ": "))
          add(rest);
        continue;
      }
      list_indent = std::string_view::npos;
    }
    if (!rest.starts_with("env_file:")) continue;
    rest = trim_ascii(rest.substr(9));
    if (rest.empty() || rest.front() == '#') {
      list_indent = indent;
    } else if (rest.front() == '[') {
      rest = rest.substr(1, std::min(rest.find(']'), rest.size()) - 1);
      while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        add(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    } else {
      add(rest);
    }
  }
  return out;
}

}  // namespace tightship::lint
