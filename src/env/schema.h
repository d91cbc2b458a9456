#pragma once

// Schema of env files: dotenv-linter's JSON ({version, allow_other_keys, entries: {KEY: {required, type, regex}}}) with
// more types and facts: port, host, enum (choices), json, base64, hex (length); secret, public, envs, min_entropy.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::env {

enum class ValueType : std::uint8_t {
  String,
  Integer,
  Float,
  Boolean,
  Url,
  Email,
  Port,
  Host,
  Enum,
  Json,
  Base64,
  Hex
};

struct SchemaEntry {
  bool required = false, secret = false, is_public = false;
  ValueType type = ValueType::String;
  std::string regex;                 // RE2 syntax; it may match anywhere in the value, as in dotenv-linter
  std::vector<std::string> choices;  // of an Enum
  std::vector<std::string> envs;     // files it is required in, by role: "production"; empty: all
  std::size_t length = 0;            // of a Hex: digits; 0: any
  double min_entropy = 0;            // bits a character
};

struct Schema {
  std::string version;
  bool allow_other_keys = false;
  std::map<std::string, SchemaEntry, std::less<>> entries;
};

// Fails with Config; `where` is `path`, with the line where there is one.
Result<Schema> parse_schema(std::string_view text, const std::string& path);

// "" when the value is of the type, else what it should be: "a whole number".
std::string schema_fault(const SchemaEntry& entry, std::string_view value);

// A schema of what an example says: keys, types told from the values, `# required`, `# optional`, `# secret`,
// `# public`, `# type: url` and the decorators `# @required @sensitive @type=url` in comments. Sorted, as JSON.
std::string schema_of_example(std::string_view text);

}  // namespace tightship::env
