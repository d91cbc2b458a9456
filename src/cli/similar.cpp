#include "cli/similar.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tightship::cli {
namespace {

constexpr std::size_t kMaxName = 64;

// Smaller is nearer; kFar is no neighbour at all.
constexpr std::size_t kFar = 1000;

std::size_t farness(std::string_view wanted, std::string_view name) {
  const std::size_t distance = edit_distance(wanted, name);
  if (distance <= std::max<std::size_t>(1, wanted.size() / 3)) return distance;
  const bool contained = wanted.size() >= 3 && name.find(wanted) != std::string_view::npos;
  return contained ? kMaxName + name.size() : kFar;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > kMaxName || b.size() > kMaxName) return std::max(a.size(), b.size());
  std::array<std::array<std::size_t, kMaxName + 1>, kMaxName + 1> cost{};
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string> similar_names(std::string_view wanted, std::span<const std::string> names, std::size_t limit) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names) {
    const std::size_t far = farness(wanted, name);
    if (far < kFar) near.emplace_back(far, name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (near.size() > limit) near.resize(limit);
  std::vector<std::string> out;
  for (auto& [far, name] : near) out.push_back(std::move(name));
  return out;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

}  // namespace tightship::cli
