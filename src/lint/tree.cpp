#include "lint/tree.h"

#include <algorithm>

namespace tightship::lint {

const Node* Node::find(std::string_view key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

const Node* Node::at_path(std::string_view path) const {
  const Node* node = this;
  while (node != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    node = node->find(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return node;
}

std::string Node::text_of(std::string_view key) const {
  const Node* node = find(key);
  return node != nullptr && node->is_scalar() ? node->text : std::string();
}

std::vector<std::string> Node::list_of(std::string_view key) const {
  const Node* node = find(key);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  if (node->is_scalar() && !node->text.empty()) texts.push_back(node->text);
  for (const Node& item : node->items) {
    if (item.is_scalar()) texts.push_back(item.text);
  }
  return texts;
}

}  // namespace tightship::lint
