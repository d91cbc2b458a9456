#include "lint/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <map>
#include <memory>
#include <utility>

namespace tightship::lint {
namespace {

struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;
  }
};

std::string text_or_empty(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  yaml_event_type_t type() const { return event_.type; }
  At at() const {
    return {static_cast<std::uint32_t>(event_.start_mark.line + 1),
            static_cast<std::uint32_t>(event_.start_mark.column + 1)};
  }
  std::string scalar() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }
  bool plain() const { return event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE; }
  std::string alias() const { return text_or_empty(event_.data.alias.anchor); }
  std::string anchor() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return text_or_empty(event_.data.scalar.anchor);
      case YAML_SEQUENCE_START_EVENT: return text_or_empty(event_.data.sequence_start.anchor);
      case YAML_MAPPING_START_EVENT: return text_or_empty(event_.data.mapping_start.anchor);
      default: return {};
    }
  }
  std::string tag() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return own_tag(event_.data.scalar.tag);
      case YAML_SEQUENCE_START_EVENT: return own_tag(event_.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT: return own_tag(event_.data.mapping_start.tag);
      default: return {};
    }
  }

 private:
  static std::string own_tag(const yaml_char_t* tag) {
    std::string text = text_or_empty(tag);
    return text.rfind("tag:yaml.org,2002:", 0) == 0 ? std::string() : text;
  }

  yaml_event_t event_{};
};

std::size_t count_nodes(const Node& root) {
  std::size_t count = 0;
  std::vector<const Node*> left{&root};
  while (!left.empty()) {
    const Node* node = left.back();
    left.pop_back();
    ++count;
    for (const Node& item : node->items) left.push_back(&item);
    for (const Member& member : node->members) left.push_back(&member.value);
  }
  return count;
}

std::size_t depth_of(const Node& root) {
  std::size_t deepest = 0;
  std::vector<std::pair<const Node*, std::size_t>> left{{&root, 1}};
  while (!left.empty()) {
    const auto [node, depth] = left.back();
    left.pop_back();
    deepest = std::max(deepest, depth);
    for (const Node& item : node->items) left.emplace_back(&item, depth + 1);
    for (const Member& member : node->members) left.emplace_back(&member.value, depth + 1);
  }
  return deepest;
}

// Builds the trees with a stack of its own: nesting costs memory and not the call stack.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const YamlOptions& options) : parser_(new yaml_parser_t), options_(options) {
    yaml_parser_initialize(parser_.get());
    yaml_parser_set_input_string(parser_.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }

  Result<std::vector<Node>> run() {
    for (;;) {
      Event event;
      if (yaml_parser_parse(parser_.get(), event.get()) == 0) return refuse(parser_->problem_mark.line + 1, problem());
      if (event.type() == YAML_STREAM_END_EVENT) break;
      if (const auto taken = take(event); !taken) return tl::unexpected(taken.error());
    }
    return std::move(documents_);
  }

 private:
  struct Open {
    Node node;
    std::string key, anchor;
    At key_at;
    bool has_key = false;
  };

  static tl::unexpected<Error> refuse(std::size_t line, std::string what) {
    return fail(ErrorKind::Config, std::move(what), fmt::format("line {}", line));
  }

  std::string problem() const {
    return fmt::format("the file is not YAML: {}", parser_->problem == nullptr ? "unreadable" : parser_->problem);
  }

  Result<void> take(const Event& event) {
    switch (event.type()) {
      case YAML_ALIAS_EVENT: return take_alias(event);
      case YAML_DOCUMENT_START_EVENT:
        anchors_.clear();
        if (!documents_.empty() && !options_.many_documents) {
          return refuse(event.at().line, "a second document is not supported");
        }
        return {};
      case YAML_SCALAR_EVENT: return take_scalar(event);
      case YAML_SEQUENCE_START_EVENT: return open(Node::Kind::List, event);
      case YAML_MAPPING_START_EVENT: return open(Node::Kind::Map, event);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close();
      default: return {};
    }
  }

  Result<void> count(std::size_t more, std::uint32_t line) {
    nodes_ += more;
    if (nodes_ <= kMaxTreeNodes) return {};
    return fail(ErrorKind::Limit, fmt::format("more than {} values", kMaxTreeNodes), fmt::format("line {}", line));
  }

  Result<void> too_deep(std::uint32_t line) const {
    return fail(ErrorKind::Limit, fmt::format("nested over {} deep", kMaxTreeDepth), fmt::format("line {}", line));
  }

  Result<void> take_scalar(const Event& event) {
    Node node;
    node.at = event.at();
    node.text = event.scalar();
    node.quoted = !event.plain();
    node.tag = event.tag();
    if (const auto counted = count(1, node.at.line); !counted) return counted;
    return add(std::move(node), event.anchor());
  }

  Result<void> take_alias(const Event& event) {
    if (!options_.aliases) return refuse(event.at().line, "aliases are not supported");
    const auto named = anchors_.find(event.alias());
    if (named == anchors_.end()) return refuse(event.at().line, "an alias names nothing");
    if (const auto counted = count(count_nodes(named->second), event.at().line); !counted) return counted;
    if (stack_.size() + depth_of(named->second) > kMaxTreeDepth) return too_deep(event.at().line);
    return add(Node(named->second), {});
  }

  Result<void> open(Node::Kind kind, const Event& event) {
    if (stack_.size() >= kMaxTreeDepth) return too_deep(event.at().line);
    Open& top = stack_.emplace_back();
    top.node.kind = kind;
    top.node.at = event.at();
    top.node.tag = event.tag();
    top.anchor = event.anchor();
    return {};
  }

  Result<void> close() {
    Open top = std::move(stack_.back());
    stack_.pop_back();
    if (const auto counted = count(1, top.node.at.line); !counted) return counted;
    return add(std::move(top.node), top.anchor);
  }

  // The merge key: what the map itself says goes before what is merged, and it comes later as often as not.
  // find() takes the first of a name, so merged members stay behind at the end.
  static void merge(Node& map, Node&& from) {
    if (from.is_list()) {
      for (Node& item : from.items) merge(map, std::move(item));
    }
    for (Member& member : from.members) map.members.push_back(std::move(member));
  }

  static void settle_merges(Node& map) {
    std::vector<Node> merged;
    for (auto at = map.members.begin(); at != map.members.end();) {
      if (at->key != "<<" || at->value.is_scalar()) {
        ++at;
        continue;
      }
      merged.push_back(std::move(at->value));
      at = map.members.erase(at);
    }
    for (Node& node : merged) merge(map, std::move(node));
  }

  Result<void> remember(const std::string& anchor, const Node& node) {
    if (anchor.empty() || !options_.aliases) return {};
    if (const auto counted = count(count_nodes(node), node.at.line); !counted) return counted;
    anchors_.insert_or_assign(anchor, node);
    return {};
  }

  Result<void> add(Node node, const std::string& anchor) {
    if (node.is_map()) settle_merges(node);
    if (const auto kept = remember(anchor, node); !kept) return kept;
    if (stack_.empty()) {
      documents_.push_back(std::move(node));
      return {};
    }
    Open& top = stack_.back();
    if (top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else if (top.has_key) {
      top.node.members.push_back({std::exchange(top.key, {}), top.key_at, std::move(node)});
      top.has_key = false;
    } else if (node.is_scalar()) {
      top.key = std::move(node.text);
      top.key_at = node.at;
      top.has_key = true;
    } else {
      return refuse(node.at.line, "a key is not a text");
    }
    return {};
  }

  std::unique_ptr<yaml_parser_t, ParserDeleter> parser_;
  YamlOptions options_;
  std::vector<Open> stack_;
  std::vector<Node> documents_;
  std::map<std::string, Node> anchors_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<std::vector<Node>> parse_yaml(std::string_view text, const YamlOptions& options) {
  if (text.size() > kMaxTreeText) return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxTreeText));
  return TreeBuilder(text, options).run();
}

}  // namespace tightship::lint
