#pragma once

// Names near a mistyped one, for "help: similar flags: ...".

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tightship::cli {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
// O(a.size() * b.size()); names longer than 64 bytes count as entirely different.
std::size_t edit_distance(std::string_view a, std::string_view b);

// At most `limit` of `names`, nearest first, then in the order given: those that contain `wanted`
// or whose distance is at most a third of its length (at least 1).
std::vector<std::string> similar_names(std::string_view wanted, std::span<const std::string> names,
                                       std::size_t limit = 3);

std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace tightship::cli
