#pragma once

// What a fix would change, as `diff -u` shows it, and two env files compared by their keys.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::env {

// Empty when there is no difference. Lines that hold values are shown with the values masked ("KEY=…(12)"): a diff of
// an env file ends up in terminals and logs; a change of the value's form alone is told by its quotes and length.
// O(lines^2) at most for what differs in between, bounded: beyond kMaxDiffLines one hunk replaces all of it.
inline constexpr std::size_t kMaxDiffLines = 2'000;
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

struct KeyDifference {
  std::string key;
  enum class Kind { OnlyInFirst, OnlyInSecond, Differs } kind = Kind::OnlyInFirst;
  std::uint32_t line = 0;  // in the file that has it; in the first where both do
};
// Sorted by key. Values are compared and never given.
std::vector<KeyDifference> compare_keys(std::string_view first, std::string_view second);

}  // namespace tightship::env
