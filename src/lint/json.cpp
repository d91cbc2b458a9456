// The library's SAX interface tells no positions. It reads through an iterator, so we count what it took:
// when it reports a text or a bracket it has read exactly to its end, and the beginning of a value is the
// first character that is neither blank, ',' nor ':' after the end of what was reported before.

#include "lint/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** taken) : at_(at), taken_(taken) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    if (taken_ != nullptr) *taken_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** taken_;
};

class TreeHandler {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  TreeHandler(std::string_view text, const char** taken) : text_(text), lines_(text), taken_(taken) {}

  bool null() { return literal("null"); }
  bool boolean(bool value) { return literal(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) { return literal(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) { return literal(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) { return literal(text); }
  bool binary(binary_t&) { return false; }
  bool string(string_t& value) {
    Node node;
    node.quoted = true;
    node.text = std::move(value);
    return scalar(std::move(node));
  }
  bool key(string_t& value) {
    stack_.back().key_at = next_at();
    stack_.back().key = std::move(value);
    end_ = taken();
    return true;
  }
  bool start_object(std::size_t) { return open(Node::Kind::Map); }
  bool start_array(std::size_t) { return open(Node::Kind::List); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    const At at = lines_.at(position > 0 ? position - 1 : 0);
    error_ = Error{ErrorKind::Config, "the file is not JSON", fmt::format("line {}", at.line), {}};
    return false;
  }

  Result<Node> answer(bool parsed) {
    if (!parsed) return tl::unexpected(error_);
    return std::move(root_);
  }

 private:
  struct Open {
    Node node;
    std::string key;
    At key_at;
  };

  std::size_t taken() const { return static_cast<std::size_t>(*taken_ - text_.data()); }

  At next_at() const { return lines_.at(std::min(text_.find_first_not_of(" \t\r\n,:", end_), text_.size())); }

  bool literal(std::string text) {
    Node node;
    node.text = std::move(text);
    return scalar(std::move(node));
  }

  bool scalar(Node node) {
    node.at = next_at();
    // The reader looks one character past a number; it is blank, ',' or a bracket, and the search begins
    // there.
    end_ = node.quoted ? taken() : text_.find_first_of(" \t\r\n,]}", offset_of_next());
    end_ = std::min(end_, text_.size());
    return add(std::move(node));
  }

  std::size_t offset_of_next() const { return std::min(text_.find_first_not_of(" \t\r\n,:", end_), text_.size()); }

  bool open(Node::Kind kind) {
    if (stack_.size() >= kMaxTreeDepth) return limit(fmt::format("nested over {} deep", kMaxTreeDepth));
    Open& top = stack_.emplace_back();
    top.node.kind = kind;
    top.node.at = next_at();
    end_ = taken();
    return true;
  }

  bool close() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    end_ = taken();
    return add(std::move(node));
  }

  bool limit(std::string what) {
    error_ = Error{ErrorKind::Limit, std::move(what), fmt::format("line {}", next_at().line), {}};
    return false;
  }

  bool add(Node node) {
    if (++nodes_ > kMaxTreeNodes) return limit(fmt::format("more than {} values", kMaxTreeNodes));
    if (stack_.empty()) {
      root_ = std::move(node);
    } else if (Open& top = stack_.back(); top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else {
      top.node.members.push_back({std::exchange(top.key, {}), top.key_at, std::move(node)});
    }
    return true;
  }

  std::string_view text_;
  Lines lines_;
  const char** taken_;
  std::size_t end_ = 0, nodes_ = 0;  // end_: of what was reported last
  std::vector<Open> stack_;
  Node root_;
  Error error_{ErrorKind::Config, "the file is not JSON", {}, {}};
};

// The offset behind the text in quotes that begins at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

}  // namespace

std::string blank_comments(std::string_view text) {
  std::string out(text);
  if (text.rfind("\xef\xbb\xbf", 0) == 0) blank(out, 0, 3);
  std::size_t comma = std::string::npos;  // the last one, while only blanks and comments follow
  for (std::size_t at = text.rfind("\xef\xbb\xbf", 0) == 0 ? 3 : 0; at < text.size();) {
    const char c = text[at];
    if (c == '/' && text.substr(at, 2) == "//") {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      blank(out, at, end);
      at = end;
    } else if (c == '/' && text.substr(at, 2) == "/*") {
      const std::size_t close = text.find("*/", at + 2);
      const std::size_t end = close == std::string_view::npos ? text.size() : close + 2;
      blank(out, at, end);
      at = end;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
    } else {
      if ((c == '}' || c == ']') && comma != std::string::npos) out[comma] = ' ';
      comma = c == ',' ? at : std::string::npos;
      at = c == '"' ? behind_string(text, at) : at + 1;
    }
  }
  return out;
}

Result<Node> parse_json(std::string_view text) {
  if (text.size() > kMaxTreeText) return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxTreeText));
  const std::string clean = blank_comments(text);
  const char* taken = clean.data();
  TreeHandler handler(clean, &taken);
  try {
    const bool parsed = nlohmann::json::sax_parse(CountingIterator(clean.data(), &taken),
                                                  CountingIterator(clean.data() + clean.size(), nullptr), &handler);
    return handler.answer(parsed);
  } catch (const std::exception&) {
    return fail(ErrorKind::Config, "the file is not JSON");
  }
}

}  // namespace tightship::lint
