#pragma once

// toml++ with its parser compiled here instead of taken from the shared library, whose build turns
// assertions into assumptions: version 3.3 has some that malformed text breaks (a table header
// without a name, a value that is only a bracket), and rule files come from repositories. Here a
// broken assertion throws TomlAssertion. To be included by one .cpp file.

#include <stdexcept>

namespace tightship::detect {

struct TomlAssertion : std::logic_error {
  TomlAssertion() : std::logic_error("malformed text") {}
};
[[noreturn]] inline void throw_toml_assertion() { throw TomlAssertion(); }

}  // namespace tightship::detect

#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_SHARED_LIB 0
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : ::tightship::detect::throw_toml_assertion())
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
