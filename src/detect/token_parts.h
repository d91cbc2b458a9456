#pragma once

// The parts of a token template that are more than random characters: checksums over what stands
// before them, and whole structures (keys, JWTs, macaroons) that the offline checks accept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tightship::detect {

// splitmix64: a seeded stream of numbers that is the same on every machine.
class TokenRandom {
 public:
  explicit TokenRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // [0, bound), bound > 0
  std::string bytes(std::size_t count);
  std::string pick(std::string_view alphabet, std::size_t count);

 private:
  std::uint64_t state_;
};

inline constexpr std::string_view kLowerLetters = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kUpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kDigits = "0123456789";

// The checksum `name` over `covered`; nothing when there is no checksum of this name.
std::optional<std::string> checksum_part(std::string_view name, std::string_view covered);

// The structure `name` (pem, pgp-key, age-key, nkey, ...) with its argument; nothing when there is
// none of this name. Fails with Config on an unknown argument.
std::optional<Result<std::string>> structure_part(std::string_view name, std::string_view argument,
                                                  TokenRandom& random);

std::vector<std::string_view> checksum_part_names();
std::vector<std::string_view> structure_part_names();

}  // namespace tightship::detect
