#include <fmt/format.h>

#include <array>

#include "detect/codec.h"
#include "detect/token_parts.h"

namespace tightship::detect {
namespace {

using Made = Result<std::string>;

// Bech32 of 32 random bytes, upper case: an age identity.
Made age_key(std::string_view, TokenRandom& random) {
  std::string text = encode_bech32("age-secret-key-", random.bytes(32));
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

struct Structure {
  std::string_view name;
  Made (*make)(std::string_view argument, TokenRandom& random);
};
constexpr std::array kStructures = {Structure{"age-key", age_key}};

}  // namespace

std::optional<Result<std::string>> structure_part(std::string_view name, std::string_view argument,
                                                  TokenRandom& random) {
  for (const Structure& structure : kStructures) {
    if (structure.name == name) return structure.make(argument, random);
  }
  return std::nullopt;
}

std::vector<std::string_view> structure_part_names() {
  std::vector<std::string_view> names;
  for (const Structure& structure : kStructures) names.push_back(structure.name);
  return names;
}

}  // namespace tightship::detect
