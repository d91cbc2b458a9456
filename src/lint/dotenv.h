#pragma once

// Env files as each loader reads them. The same line has other values under other loaders: `A=abc#def` is "abc"
// for Next.js and "abc#def" for Docker Compose; so there is no one parser of env files, but one a loader.
//
// Measured on the loaders themselves (fixtures/env/loaders.json, bench/env/loaders.py): node dotenv 18, node 20
// --env-file, @next/env 16, vite 8, dotenvx 2, python-dotenv 1.2, ruby dotenv 2.4, compose-go 2, docker 29,
// godotenv 1.5, bash 5.
//
// Text is raw bytes of any content. Nothing is ever run: a command substitution gives an empty text, unless the
// caller knows better (ReadOptions::run). O(size of the text) and of the values made by expansion, which are
// bounded by kMaxExpanded. Pure but for what ReadOptions calls; thread-safe.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::lint {

enum class Loader : std::uint8_t {
  NodeDotenv,
  NodeEnvFile,
  Next,
  Vite,
  Dotenvx,
  PythonDotenv,
  RubyDotenv,
  Compose,
  DockerRun,
  Godotenv,
  Bash
};
inline constexpr std::array<Loader, 11> kLoaders = {
    Loader::NodeDotenv, Loader::NodeEnvFile, Loader::Next,      Loader::Vite,     Loader::Dotenvx, Loader::PythonDotenv,
    Loader::RubyDotenv, Loader::Compose,     Loader::DockerRun, Loader::Godotenv, Loader::Bash};

std::string_view loader_id(Loader loader);    // "node-dotenv", "next", ...: stable
std::string_view loader_name(Loader loader);  // "node dotenv", "Next.js": in sentences

// What a loader can do with a line; the table is in dotenv.cpp.
struct Grammar {
  enum class Shape : std::uint8_t { DotenvLine, NodeBuiltin, Python, Ruby, Go, Compose, DockerRun, Shell };
  Shape shape = Shape::DotenvLine;
  bool hash_cuts = false;          // a # without a blank before it begins a comment
  bool expands = false;            // $X in unquoted values
  bool expands_in_single = false;  // ... and between single quotes
  bool runs_commands = false;      // $(command)
  bool keeps_quotes = false;       // quotes are part of the value
};
const Grammar& grammar(Loader loader);

inline constexpr std::size_t kMaxExpanded = std::size_t{1} << 20;  // bytes of one value after expansion

struct EnvEntry {
  std::string key;
  std::string value;      // what the program gets
  std::string literal;    // the value before expansion of $X and commands: quotes and escapes are done
  std::string_view raw;   // as written, quotes included, without blanks and comment around; a view into the text
  char quote = 0;         // that surrounds it, or 0
  bool has_value = true;  // false: a key alone (python gives None, compose and docker the shell's value)
  bool exported = false;  // behind "export"
  bool expanded = false;  // a reference was replaced, `value` differs from `literal` by it
  bool runs_command = false;
  std::vector<std::string> undefined;              // names that were referred to and are not defined
  std::uint32_t line = 0, column = 0;              // of the key, 1-based, in bytes
  std::uint32_t value_line = 0, value_column = 0;  // of `raw`; where the value would stand when it is empty
  std::uint32_t offset = 0, value_offset = 0;      // the same in bytes from the begin of the text
};

struct EnvFile {
  std::vector<EnvEntry> entries;         // every assignment, in order; the last one of a key counts
  std::vector<std::uint32_t> effective;  // indexes of those that count, by first occurrence of the key
  // Why the loader gives up, and where: a key that it does not allow, an open quote. What was read before is in
  // `entries`; the loader itself gives nothing then, but for bash.
  std::optional<std::string> error;
  std::uint32_t error_line = 0;
  const EnvEntry* find(std::string_view key) const;  // that counts; O(number of variables)
};

struct ReadOptions {
  // Variables that are defined outside of the file: of the process, or of files that are read before.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  // Output of a command. Never called for anything but loaders that run commands.
  std::function<std::string(std::string_view command)> run;
};

inline constexpr std::size_t kMaxEnvFile = std::size_t{16} << 20;  // bytes; a longer text is an error, unread

EnvFile read_env(std::string_view text, Loader loader, const ReadOptions& options = {});

// A file's lines as its author means them, for checks that are about the file and not about one loader: keys,
// values between their quotes, comments. Lenient (as node dotenv, but a # needs a blank before it, and a broken
// line costs only itself), and nothing is expanded.
struct EnvComment {
  std::string_view text;  // without the # and blanks around
  std::uint32_t line = 0;
  bool trailing = false;  // behind a value
};
struct EnvText {
  std::vector<EnvEntry> entries;
  std::vector<EnvComment> comments;
};
EnvText read_env_text(std::string_view text);

}  // namespace tightship::lint
