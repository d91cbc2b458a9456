// Rules of a path only. In a history paths are many and each is known late; the names of a tree's entries
// are few. So names are asked first, and the answer may only err towards yes.
#include <algorithm>

#include "detect/detector.h"
#include "detect/member_path.h"
#include "detect/rule_set.h"
#include "detect/value_filter.h"
#include "match/byte_class.h"
#include "match/regex.h"

namespace tightship::detect {
namespace {

using NodeKind = match::regex::Kind;
using match::regex::Node;

bool takes_slash(const Node& node) { return node.kind == NodeKind::Class && match::contains(node.set, '/'); }

bool is_slash(const Node& node) {
  match::ByteClass only{};
  match::insert(only, '/');
  return node.kind == NodeKind::Class && node.set == only;
}

}  // namespace

// True for an expression such as `(?:^|/)id_rsa$`: a slash can be its first character and nothing else,
// and it ends where the path ends. The text before the last slash is then of no account.
bool looks_at_name_only(std::string_view expression) {
  const auto tree = match::regex::parse(expression, match::regex::Bounds::Cut);
  if (!tree || !expression.ends_with('$') || expression.ends_with("\\$")) return false;
  const Node& root = tree->nodes.back();
  if (root.kind != NodeKind::Concat || root.children.empty()) return false;
  const auto last = root.children.back();
  if (tree->nodes[last].kind != NodeKind::Empty) return false;  // "a|b$" ends otherwise
  const std::size_t slashes = static_cast<std::size_t>(
      std::count_if(tree->nodes.begin(), tree->nodes.end(), [](const Node& node) { return takes_slash(node); }));
  if (slashes == 0) return true;
  const Node& first = tree->nodes[root.children.front()];
  const bool leads = slashes == 1 && first.kind == NodeKind::Alternate &&
                     std::any_of(first.children.begin(), first.children.end(),
                                 [&](std::uint32_t child) { return is_slash(tree->nodes[child]); });
  return leads;
}

bool has_path_rules(const RuleSet& rules) { return !rules.inside().path_rules.empty(); }

bool name_may_matter(const RuleSet& rules, std::string_view name) {
  const RuleSet::Impl& inside = rules.inside();
  return std::any_of(inside.path_rules.begin(), inside.path_rules.end(), [&](std::uint16_t index) {
    const RuleFilter& filter = inside.filters[index];
    if (filter.path == nullptr) return false;
    return !filter.name_only || filter.path->found_in(name) || filter.path->found_in("/" + std::string(name));
  });
}

std::vector<std::uint16_t> rules_of_path(const RuleSet& rules, std::string_view path) {
  const RuleSet::Impl& inside = rules.inside();
  std::vector<std::uint16_t> found;
  const Surroundings around{{}, {}, {}, path};
  for (const std::uint16_t index : inside.path_rules) {
    const RuleFilter& filter = inside.filters[index];
    if (filter.path == nullptr) continue;
    if (!path_has(path, [&](std::string_view text) { return filter.path->found_in(text); })) continue;
    const bool allowed = place_is_allowed(inside.global_filters, around) || place_is_allowed(filter.allowlists, around);
    if (!allowed) found.push_back(index);
  }
  return found;
}

}  // namespace tightship::detect
