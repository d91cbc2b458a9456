#pragma once

// `tightship env`: what is wrong with the env files of a project. Offline; reads the project's folder and its git
// repository, runs nothing, writes nothing (fixes: env/style_fix.h). Checks and their ids: docs/checks/env.md.
//
// Problems hold no values: a variable is named, values are told by kind and length.

#include <string>
#include <vector>

#include "base/result.h"
#include "readiness/problem.h"

namespace tightship::env {

struct EnvOptions {
  std::string path = ".";
  bool style = false;               // also the checks of form (env/style.h)
  std::string schema;               // a schema file, or empty
  std::vector<std::string> ignore;  // ids of checks, of ours or dotenv-linter's names: not made
  bool history = true;              // look for env files in the history of the repository
  std::string canonical_host;       // that the product is served from; empty: unknown
};

// Fails with NotFound when there is no such path, Config when the schema cannot be read. What else cannot be read
// is in the report's losses.
Result<readiness::Report> check_env(const EnvOptions& options);

}  // namespace tightship::env
