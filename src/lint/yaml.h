#pragma once

// YAML 1.1 as a tree (lint/tree.h); libyaml reads the text. Aliases are copies of what they name and merge keys
// (`<<`) are carried out, both within kMaxTreeNodes, so that a few bytes cannot stand for gigabytes.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "lint/tree.h"

namespace tightship::lint {

struct YamlOptions {
  bool aliases = true;         // false: an alias is refused
  bool many_documents = true;  // false: a second document is refused
};

// One tree a document; none for an empty text. Fails with Config (where: "line N") for what is no YAML, has a
// key that is no text, or is refused; with Limit for what is too large or too deep.
Result<std::vector<Node>> parse_yaml(std::string_view text, const YamlOptions& options = {});

}  // namespace tightship::lint
