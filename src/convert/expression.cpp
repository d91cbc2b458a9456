#include "convert/expression.h"

#include <algorithm>
#include <cctype>

namespace tightship::convert {
namespace {

class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text), spacing_(1, false) {}

  PlainExpression run() {
    while (at_ < text_.size()) step();
    const auto token =
        std::find_if(named_.begin(), named_.end(), [](const auto& group) { return group.first == "TOKEN"; });
    if (!named_.empty()) out_.secret_group = token != named_.end() ? token->second : named_.front().second;
    for (auto& group : named_) out_.names.push_back(std::move(group.first));
    return std::move(out_);
  }

 private:
  bool free() const { return spacing_.back(); }

  void step() {
    const char c = text_[at_];
    if (c == '\\') return copy(std::min<std::size_t>(2, text_.size() - at_));
    if (c == '[') return copy(class_length());
    if (c == '(') return open();
    if (c == ')') {
      if (spacing_.size() > 1) spacing_.pop_back();
      return copy(1);
    }
    if (free() && std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else if (free() && c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      copy(1);
    }
  }

  void copy(std::size_t size) {
    out_.text += text_.substr(at_, size);
    at_ += size;
  }

  // From the opening bracket to behind the closing one; to the end when there is none.
  std::size_t class_length() const {
    std::size_t at = at_ + 1;
    if (at < text_.size() && text_[at] == '^') ++at;
    if (at < text_.size() && text_[at] == ']') ++at;  // a bracket that comes first stands for itself
    while (at < text_.size() && text_[at] != ']') {
      if (text_[at] == '\\') ++at;
      if (text_.substr(at, 2) == "[:") at = std::min(text_.find(":]", at), text_.size() - 1) + 1;
      ++at;
    }
    return std::min(at + 1, text_.size()) - at_;
  }

  void open() {
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with("(?")) {
      ++groups_;
      spacing_.push_back(free());
      return copy(1);
    }
    const bool python = rest.starts_with("(?P<");
    const bool plain = rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!");
    if (python || plain) return open_named(python ? 4 : 3);
    if (rest.starts_with("(?#")) {  // a comment
      at_ = std::min(text_.find(')', at_), text_.size() - 1) + 1;
      return;
    }
    open_flags();
  }

  void open_named(std::size_t head) {
    const std::size_t close = std::min(text_.find('>', at_), text_.size());
    const std::size_t begin = std::min(at_ + head, close);
    named_.emplace_back(text_.substr(begin, close - begin), ++groups_);
    spacing_.push_back(free());
    out_.text += "(?P<";
    at_ = begin;
    copy(std::min(close + 1, text_.size()) - begin);
  }

  // (?xi), (?x-i:...), (?:...), and look-around, which is copied for RE2 to refuse.
  void open_flags() {
    std::size_t at = at_ + 2;
    std::string on, off;
    std::string* flags = &on;
    for (; at < text_.size() && (std::isalpha(static_cast<unsigned char>(text_[at])) != 0 || text_[at] == '-'); ++at) {
      if (text_[at] == '-')
        flags = &off;
      else
        *flags += text_[at];
    }
    const char end = at < text_.size() ? text_[at] : '\0';
    if (end != ':' && end != ')') {
      spacing_.push_back(free());
      return copy(2);
    }
    const auto has_x = [](const std::string& text) { return text.find('x') != std::string::npos; };
    const bool spaced = has_x(on) || (free() && !has_x(off));
    std::erase(on, 'x'), std::erase(off, 'x');
    const std::string kept = on + (off.empty() ? "" : "-" + off);
    at_ = at + 1;
    if (end == ')') {
      spacing_.back() = spaced;
      if (!kept.empty()) out_.text += "(?" + kept + ")";
      return;
    }
    spacing_.push_back(spaced);
    out_.text += "(?" + kept + ":";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<bool> spacing_;  // of each open group
  std::uint32_t groups_ = 0;
  std::vector<std::pair<std::string, std::uint32_t>> named_;
  PlainExpression out_;
};

}  // namespace

PlainExpression plain_expression(std::string_view expression) { return Rewriter(expression).run(); }

}  // namespace tightship::convert
