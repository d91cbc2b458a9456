#include "detect/generic_model.h"

#include <cstdint>

namespace tightship::detect {
namespace {

// A node of a tree: to the left when the feature is at most `limit`. A child below 0 is a leaf, ~child
// its place in kLeaves. Children of one tree follow their parent.
struct Node {
  std::uint8_t feature;
  std::int16_t limit;
  std::int16_t left, right;
};

#include "detect/generic_model.inc"

}  // namespace

int generic_score(const Features& features) {
  int score = kBase;
  for (const std::int16_t root : kRoots) {
    int at = root;
    while (at >= 0) {
      const Node& node = kNodes[at];
      at = features[node.feature] <= node.limit ? node.left : node.right;
    }
    score += kLeaves[~at];
  }
  return score;
}

}  // namespace tightship::detect
