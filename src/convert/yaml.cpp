#include "convert/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>

namespace tightship::convert {
namespace {

struct ParserDeleter {
  void operator()(yaml_parser_t* parser) const {
    yaml_parser_delete(parser);
    delete parser;
  }
};

class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  yaml_event_type_t type() const { return event_.type; }
  std::uint32_t line() const { return static_cast<std::uint32_t>(event_.start_mark.line + 1); }
  std::string scalar() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }

 private:
  yaml_event_t event_{};
};

// Builds the tree with a stack of its own: nesting costs memory and not the call stack.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : parser_(new yaml_parser_t) {
    yaml_parser_initialize(parser_.get());
    yaml_parser_set_input_string(parser_.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }

  Result<YamlNode> run() {
    for (;;) {
      Event event;
      if (yaml_parser_parse(parser_.get(), event.get()) == 0) return refuse(parser_->problem_mark.line + 1, problem());
      if (event.type() == YAML_STREAM_END_EVENT) break;
      if (const auto taken = take(event); !taken) return tl::unexpected(taken.error());
    }
    return std::move(root_);
  }

 private:
  struct Open {
    YamlNode node;
    std::string key;
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
      case YAML_ALIAS_EVENT: return refuse(event.line(), "aliases are not supported");
      case YAML_DOCUMENT_START_EVENT:
        if (++documents_ > 1) return refuse(event.line(), "a second document is not supported");
        return {};
      case YAML_SCALAR_EVENT: return add(scalar(event));
      case YAML_SEQUENCE_START_EVENT: return open(YamlNode::Kind::List, event.line());
      case YAML_MAPPING_START_EVENT: return open(YamlNode::Kind::Map, event.line());
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close();
      default: return {};
    }
  }

  static YamlNode scalar(const Event& event) {
    YamlNode node;
    node.line = event.line();
    node.text = event.scalar();
    return node;
  }

  Result<void> open(YamlNode::Kind kind, std::uint32_t line) {
    if (stack_.size() >= kMaxYamlDepth)
      return fail(ErrorKind::Limit, fmt::format("nested over {} deep", kMaxYamlDepth), fmt::format("line {}", line));
    Open& top = stack_.emplace_back();
    top.node.kind = kind;
    top.node.line = line;
    return {};
  }

  Result<void> close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    return add(std::move(node));
  }

  Result<void> add(YamlNode node) {
    if (++nodes_ > kMaxYamlNodes)
      return fail(ErrorKind::Limit, fmt::format("more than {} values", kMaxYamlNodes), fmt::format("line {}", node.line));
    if (stack_.empty()) {
      root_ = std::move(node);
      return {};
    }
    Open& top = stack_.back();
    if (top.node.kind == YamlNode::Kind::List) {
      top.node.items.push_back(std::move(node));
    } else if (top.has_key) {
      top.node.members.emplace_back(std::exchange(top.key, {}), std::move(node));
      top.has_key = false;
    } else if (node.kind == YamlNode::Kind::Scalar) {
      top.key = std::move(node.text);
      top.has_key = true;
    } else {
      return refuse(node.line, "a key is not a text");
    }
    return {};
  }

  std::unique_ptr<yaml_parser_t, ParserDeleter> parser_;
  std::vector<Open> stack_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  unsigned documents_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto at = std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
  return at == members.end() ? nullptr : &at->second;
}

std::string YamlNode::text_of(std::string_view key) const {
  const YamlNode* node = find(key);
  return node != nullptr && node->kind == Kind::Scalar ? node->text : std::string();
}

std::vector<std::string> YamlNode::list_of(std::string_view key) const {
  const YamlNode* node = find(key);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  if (node->kind == Kind::Scalar && !node->text.empty()) texts.push_back(node->text);
  for (const YamlNode& item : node->items) {
    if (item.kind == Kind::Scalar) texts.push_back(item.text);
  }
  return texts;
}

Result<YamlNode> parse_yaml(std::string_view text) {
  if (text.size() > kMaxYaml) return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxYaml));
  return TreeBuilder(text).run();
}

}  // namespace tightship::convert
