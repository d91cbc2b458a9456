#pragma once

// The judge of assignments such as `password = "..."`, where neither prefix nor checksum helps. Two
// steps, as for every rule: by the match alone (references, paths, numbers and names of public things
// are dropped), then by where it stands, where a model weighs name, form, value, line and file.
// Precision comes first.

#include <string_view>

#include "detect/generic_site.h"

namespace tightship::detect {

struct Assignment {
  std::string_view name;  // "DB_PASSWORD": from the match's start to the operator
  std::string_view form;  // what stands between name and value: ` = "`
  std::string_view value;
};

// Cuts a match of a generic rule into name, form and value (`secret` is a view into `match`).
Assignment split_assignment(std::string_view match, std::string_view secret);

// "" when the value may be a secret, else a word for why not: "reference", "path", "uuid", ...
// Pure, O(size of the value): all that confirm() asks.
std::string_view value_fault(const Assignment& assignment);

// Whether a thing of this name is public, or only something about a secret: "publicKey", "token_url".
bool is_public_name(std::string_view name);

// What speaks against a value that has passed value_fault(), by everything around it, but for the model: "translation", "lock file", "prose", ...
std::string_view place_fault(const Site& site);

// With the model, whose word is "unlikely". Some microseconds.
std::string_view generic_fault(const Site& site);

// The same where the path is not known yet: a fault only if there is one whatever the path turns out to be.
std::string_view generic_fault_on_any_path(const Site& site);

// The word of the name that makes it a secret's: "password", "token"; else the name's last word.
std::string_view telling_word(std::string_view name);

}  // namespace tightship::detect
