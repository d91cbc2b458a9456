#pragma once

// Which environment variables the code of a project reads: process.env.X, import.meta.env.X, Deno.env.get("X"),
// Bun.env.X, os.environ["X"], os.getenv("X"), ENV["X"], ENV.fetch("X"), env("X") of Prisma and Laravel,
// os.Getenv("X"), env::var("X"). By tokens, not by types: a name that is put together at run time is not seen.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "lint/project.h"

namespace tightship::env {

struct Use {
  std::string path;
  std::uint32_t line = 0, column = 0;
  bool optional = false;  // the code goes on without it: ?? "x", || "x", a default argument
};

struct CodeUse {
  std::map<std::string, std::vector<Use>, std::less<>> uses;  // by name; at most kMaxUses of each
  std::set<std::string, std::less<>> mentioned;  // of the wanted names: those that stand in some file as a word
  std::uint64_t files = 0;
  bool whole = false;  // the code also takes the environment as a whole: names are not all known
};
inline constexpr std::size_t kMaxUses = 20;
inline constexpr std::size_t kMaxCodeFiles = 50'000;
inline constexpr std::uint64_t kMaxCodeFile = std::uint64_t{1} << 20;

// Reads files that git tracks, or that it would not ignore; all where there is no git.
// `wanted`: names that are also looked for as words, in configuration and scripts too.
CodeUse find_code_use(const lint::Project& project, const std::set<std::string, std::less<>>& wanted, Ledger& ledger);

// Adds the uses in one text; `kind` is the ending of the file's name. Linear. For tests and fuzzing too.
void add_uses(std::string_view text, const std::string& path, CodeUse& out);

// Set by platforms, runtimes, shells and test runners: nobody writes it into an env file.
bool is_platform_name(std::string_view name);

}  // namespace tightship::env
