#pragma once

// The variables that a TypeScript project declares with t3-env: createEnv({ server: {...}, client: {...}, shared:
// {...}, clientPrefix }). Read from the object literal; nothing is evaluated, and what is spread in from elsewhere is
// not seen.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "lint/lines.h"
#include "lint/project.h"

namespace tightship::lint {

enum class Side : std::uint8_t { Server, Client, Shared };

struct DeclaredVariable {
  std::string name;
  Side side = Side::Server;
  At at;
};

struct DeclaredEnv {
  std::string path;           // of the file, as the project shows it
  std::string client_prefix;  // given, or the one of the package that is imported; empty: not known
  std::vector<DeclaredVariable> variables;
};

// Of one file; nothing for text without such a call. Linear.
std::vector<DeclaredEnv> read_declared_env(std::string_view text, const std::string& path);

// Of the files of a project whose names say env, keys or config: bounded in number and size.
std::vector<DeclaredEnv> find_declared_env(const Project& project, Ledger& ledger);

}  // namespace tightship::lint
