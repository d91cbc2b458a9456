#pragma once

// HCL as Terraform uses it (*.tf, *.tfvars): which attribute is given which literal text, in which block.
// Expressions are told apart from literals and not read.

#include <string>
#include <string_view>
#include <vector>

#include "lint/tree.h"

namespace tightship::lint {

struct HclAttribute {
  std::vector<std::string> block;  // labels of the blocks around it: {"variable", "db_password"}; keys of objects too
  std::string key;
  std::string value;     // of a literal text: escapes carried out; else empty
  bool literal = false;  // a text without interpolation, and nothing else
  At at, value_at;
};

inline constexpr std::size_t kMaxHcl = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxHclAttributes = 100'000;
inline constexpr std::size_t kMaxHclDepth = 64;

// Linear; never fails, what is no HCL gives few attributes.
std::vector<HclAttribute> parse_hcl(std::string_view text);

}  // namespace tightship::lint
