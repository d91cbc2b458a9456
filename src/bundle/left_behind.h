#pragma once

// Files that no build writes and that should not be served: env files, dumps, backups.

#include <optional>
#include <string>
#include <string_view>

#include "bundle/sighting.h"

namespace tightship::bundle {

// `kind` as wording.cpp knows it: "environment file", "git folder", "database dump", "private key", "backup file".
Sighting left_behind(std::string path, std::string_view kind);

// By name and content, so that an answer of a server that says "index" for everything is none of them.
std::optional<Sighting> judge_left_behind(const std::string& path, std::string_view content);

// Whether the text is that of an env file: some line is NAME=value.
bool has_assignments(std::string_view content);

}  // namespace tightship::bundle
