#pragma once

// Which files are env files, what each is for by its name, and in which order a framework reads them: the effective
// environment of a build or a server. Orders as documented by Next.js, Vite, Create React App, Expo, Nuxt, dotenv of
// Rails; measured on @next/env 16 and vite 8.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/dotenv.h"
#include "lint/project.h"

namespace tightship::lint {

enum class EnvRole : std::uint8_t {
  Base,   // ".env"
  Local,  // ".env.local": of one machine
  Development,
  Test,
  Staging,
  Production,  // ".env.production", "prod.env", ".env.production.local"
  Example,     // ".env.example", "sample.env", ".env.dist", ".env.schema": documents, never read
  Keys,        // ".env.keys", ".env.me": opens encrypted ones
  Encrypted,   // ".env.vault", ".env.gpg"
  Other        // ".env.docker", "worker.env", ".env.bak"
};
std::string_view role_name(EnvRole role);  // "production", "example": in sentences

struct EnvName {
  EnvRole role = EnvRole::Base;
  bool local = false;      // ends in ".local": of one machine, whatever its mode
  bool backup = false;     // ".env.bak", ".env.old", ".env~": a copy that nobody reads
  bool test_path = false;  // below a folder of tests, fixtures, examples or documentation
};
// Nothing when the file is no env file: ".envrc", "env.ts", ".env.json".
std::optional<EnvName> env_name(std::string_view path);

enum class EnvMode : std::uint8_t { Development, Test, Production };
std::string_view mode_name(EnvMode mode);  // "development", ...

// Names of the files that are read, the one that wins first. `loader` and the frameworks of `folder` decide.
std::vector<std::string> load_order(const Project& project, std::string_view folder, Loader loader, EnvMode mode);

struct EffectiveVariable {
  std::string key, value;
  std::string file;  // that gives it
  std::uint32_t line = 0, column = 0;
  std::vector<std::string> shadowed;  // other files of the order that set it as well, with another value
  bool runs_command = false;
  std::vector<std::string> undefined;
};
struct EffectiveEnv {
  Loader loader = Loader::NodeDotenv;
  EnvMode mode = EnvMode::Production;
  std::vector<std::string> files;            // that exist, the one that wins first; paths in the project
  std::vector<EffectiveVariable> variables;  // sorted by key
  const EffectiveVariable* find(std::string_view key) const;
};

// Text of a project's file, or nothing; so that a caller reads each file once.
using TextOf = std::function<std::optional<std::string_view>(const std::string& path)>;
// `folder` is "" or "apps/web/". The environment of the process is not asked.
EffectiveEnv effective_env(const Project& project, const std::string& folder, Loader loader, EnvMode mode,
                           const TextOf& text_of);

}  // namespace tightship::lint
