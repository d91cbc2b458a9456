#pragma once

// The judge of assignments such as `password = "..."`, where neither prefix nor checksum helps: the
// name, the form of the assignment and the shape of the value decide. Precision comes first: what
// may be a word, a reference, a path or a hash of something public is not reported.

#include <string_view>

namespace tightship::detect {

struct Assignment {
  std::string_view name;  // "DB_PASSWORD": from the match's start to the operator
  std::string_view form;  // what stands between name and value: ` = "`
  std::string_view value;
};

// Cuts a match of a generic rule into name, form and value (`secret` is a view into `match`).
Assignment split_assignment(std::string_view match, std::string_view secret);

// "" when the value may be a secret, else a word for why not: "reference", "words", "path", ...
// Pure, O(size of the value).
std::string_view generic_fault(const Assignment& assignment);

// The word of the name that makes it a secret's: "password", "token"; else the name's last word.
std::string_view telling_word(std::string_view name);

}  // namespace tightship::detect
