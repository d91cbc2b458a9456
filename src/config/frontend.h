#pragma once

// What the checks of build tools share. Private to src/config.

#include <set>
#include <string>
#include <vector>

#include "config/checks.h"
#include "lint/javascript_objects.h"

namespace tightship::config {

// Names that hold every variable of the environment: results of loadEnv(mode, dir, '').
std::set<std::string> names_of_whole_environment(const lint::JsFile& code);

// Whether the tokens are the whole environment: process.env, such a name, JSON.stringify of it, { ...it }.
bool is_whole_environment(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end,
                          const std::set<std::string>& names);

// The variable that the tokens read: X of process.env.X, env.X, JSON.stringify(process.env.X), process.env.X || 'y';
// empty for anything else.
std::string variable_of(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end,
                        const std::set<std::string>& names);

// The literal that the tokens are: 'x', JSON.stringify('x'), '"x"'; the token of it, or kNoJs.
std::uint32_t literal_of(const lint::JsFile& code, std::uint32_t begin, std::uint32_t end);

// One key that a build tool replaces in public code by its value: a literal, or a variable.
struct Replaced {
  std::string_view id;
  std::string key;    // as the code uses it: "process.env.API_KEY"
  std::string where;  // "define of vite.config.ts"
  std::string fix;
};
void check_replaced(Context& context, const File& file, const lint::JsFile& code, const lint::JsProperty& property,
                    const std::set<std::string>& names, const Replaced& what);

void whole_environment(Context& context, const File& file, At at, std::string_view id, const std::string& where,
                       const std::string& fix);

// Source maps of production builds. `value` is "true", "inline", "hidden" ...
void check_source_map(Context& context, const File& file, At at, std::string_view key, std::string_view value,
                      const std::string& fix);
// Whether something removes the maps after they were uploaded to an error tracker.
bool deletes_source_maps(std::string_view text);

}  // namespace tightship::config
