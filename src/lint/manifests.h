#pragma once

// What the manifests of a project say about it: frameworks, prefixes of public variables, loaders of env files.
// package.json, Gemfile, requirements, pyproject.toml, Pipfile, go.mod, composer.json, Dockerfile, compose files,
// shell scripts and Makefiles.

#include "lint/project.h"

namespace tightship::lint {

inline constexpr std::size_t kMaxManifests = 4'000;  // read in one project; beyond that a loss

// Fills in frameworks, public_prefixes and loaders. A manifest that cannot be parsed says nothing.
void read_manifests(Project& project, Ledger& ledger);

struct ComposeEnvFile {
  std::string path;  // as written
  std::uint32_t line = 0;
};
// The files that `env_file:` of a compose file names. By lines: no YAML is needed for it.
std::vector<ComposeEnvFile> compose_env_files(std::string_view text);

}  // namespace tightship::lint
