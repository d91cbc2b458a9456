#pragma once

#include <string>

namespace tightship::cli {

std::string version_number();  // "0.1.0"

// Name, version, rule set and the libraries. `full` also loads libgit2 to ask for its run-time version,
// which costs some 10 ms.
std::string version_text(bool full);

}  // namespace tightship::cli
