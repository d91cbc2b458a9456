#include "scan/claims.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace tightship::scan {
namespace {

// The places of claims that stay, of which those of one reading that begin together are one.
class Taken {
 public:
  bool overlaps_another(const Claim& claim) const {
    const std::uint32_t from = claim.place.begin - std::min(claim.place.begin, longest_);
    for (auto at = ends_.lower_bound({from, 0}); at != ends_.end() && at->first.first < claim.place.end; ++at) {
      if (at->first.second != claim.reading && at->second > claim.place.begin) return true;
    }
    return false;
  }
  void add(const Claim& claim) {
    std::uint32_t& end = ends_[{claim.place.begin, claim.reading}];
    end = std::max(end, claim.place.end);
    longest_ = std::max(longest_, claim.place.size());
  }

 private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> ends_;  // by begin and reading
  std::uint32_t longest_ = 0;
};

}  // namespace

std::vector<bool> settle_claims(const detect::RuleSet& rules, const std::vector<Claim>& claims) {
  const auto key = [&](const Claim& claim) {
    const bool generic = rules.rules()[claim.rule].generic;
    return std::tuple(generic, generic ? !claim.decoded : claim.decoded, claim.verdict != detect::Verdict::Certain,
                      ~claim.length, claim.rule, claim.place.begin, claim.place.end, claim.reading);
  };
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return key(claims[a]) < key(claims[b]); });
  std::vector<bool> stays(claims.size());
  Taken taken;
  for (const std::size_t index : order) {
    stays[index] = !taken.overlaps_another(claims[index]);
    if (stays[index]) taken.add(claims[index]);
  }
  return stays;
}

}  // namespace tightship::scan
