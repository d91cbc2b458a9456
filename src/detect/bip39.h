#pragma once

// The word list of wallet seed phrases (BIP-39, English): 2048 words, each stands for 11 bits.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tightship::detect {

inline constexpr std::size_t kBip39Words = 2048;

const std::array<std::string_view, kBip39Words>& bip39_words();
std::optional<std::uint32_t> bip39_index(std::string_view word);  // lower case; O(log n)

}  // namespace tightship::detect
