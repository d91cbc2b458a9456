#pragma once

// Which checks a file gets, by its path alone. Private to src/config.

#include <string_view>

#include "config/checks.h"

namespace tightship::config {

using CheckFunction = void (*)(Context& context, const File& file);

struct Dispatch {
  std::string_view name;  // for tests: "vite", "compose"
  bool (*matches)(std::string_view path, std::string_view name);
  CheckFunction check;
  std::uint64_t max_size;  // a larger file of this kind is not one: it is left out
  bool head_only = false;  // the first kHeadSize bytes are enough
};

inline constexpr std::size_t kHeadSize = 256 * 1024;

// All that may be about `path`, in the order of the table.
std::vector<const Dispatch*> checks_of(std::string_view path);

bool is_supabase_migration(std::string_view path);
// Declarative schemas, from which migrations are made.
bool is_supabase_schema(std::string_view path);
// Code in which tables of Supabase are asked for, and which is looked at for CORS and cookies.
bool is_javascript(std::string_view name);

}  // namespace tightship::config
