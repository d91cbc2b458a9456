#include "lint/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "detect/toml_parser.h"

namespace tightship::lint {
namespace {

At at_of(const toml::source_region& region) {
  return {static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

class TreeCopy {
 public:
  // Recursive: toml++ itself refuses deep nesting, and we go no deeper than kMaxTreeDepth.
  Result<Node> copy(const toml::node& from, std::size_t depth) {
    if (depth > kMaxTreeDepth) return limit(fmt::format("nested over {} deep", kMaxTreeDepth), from);
    if (++nodes_ > kMaxTreeNodes) return limit(fmt::format("more than {} values", kMaxTreeNodes), from);
    if (const toml::table* table = from.as_table()) return copy_table(*table, depth);
    if (const toml::array* array = from.as_array()) return copy_array(*array, depth);
    Node node;
    node.at = at_of(from.source());
    if (const auto* text = from.as_string()) {
      node.text = text->get();
      node.quoted = true;
    } else {
      node.text = literal_text(from);
    }
    return node;
  }

 private:
  static tl::unexpected<Error> limit(std::string what, const toml::node& at) {
    return fail(ErrorKind::Limit, std::move(what), fmt::format("line {}", at.source().begin.line));
  }

  static std::string literal_text(const toml::node& node) {
    std::ostringstream text;
    if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
    if (const auto* value = node.as_integer()) return std::to_string(value->get());
    if (const auto* value = node.as_floating_point()) text << value->get();
    if (const auto* value = node.as_date()) text << value->get();
    if (const auto* value = node.as_time()) text << value->get();
    if (const auto* value = node.as_date_time()) text << value->get();
    return text.str();
  }

  Result<Node> copy_table(const toml::table& table, std::size_t depth) {
    Node node;
    node.kind = Node::Kind::Map;
    node.at = at_of(table.source());
    for (const auto& [key, value] : table) {
      auto member = copy(value, depth + 1);
      if (!member) return member;
      node.members.push_back({std::string(key.str()), at_of(key.source()), std::move(*member)});
    }
    // The library sorts by name.
    std::stable_sort(node.members.begin(), node.members.end(), [](const Member& a, const Member& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
    return node;
  }

  Result<Node> copy_array(const toml::array& array, std::size_t depth) {
    Node node;
    node.kind = Node::Kind::List;
    node.at = at_of(array.source());
    for (const toml::node& value : array) {
      auto item = copy(value, depth + 1);
      if (!item) return item;
      node.items.push_back(std::move(*item));
    }
    return node;
  }

  std::size_t nodes_ = 0;
};

}  // namespace

Result<Node> parse_toml(std::string_view text) {
  if (text.size() > kMaxTreeText) return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxTreeText));
  try {
    const toml::table table = toml::parse(text);
    return TreeCopy().copy(table, 1);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::Config, fmt::format("the file is not TOML: {}", error.description()),
                fmt::format("line {}", error.source().begin.line));
  } catch (const std::exception&) {
    return fail(ErrorKind::Config, "the file is not TOML: malformed text",
                fmt::format("line {}", detect::breaking_toml_line(text)));
  }
}

}  // namespace tightship::lint
