#pragma once

// The files of hooks/, put into the program when it is built (cmake/EmbedHooks.cmake).

#include <string_view>

namespace tightship::hook {

// The whole file hooks/`name`; empty when there is none.
std::string_view embedded_script(std::string_view name);

}  // namespace tightship::hook
