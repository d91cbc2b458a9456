#include "lint/hcl.h"

#include <algorithm>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text.substr(0, kMaxHcl)), lines_(text_) {}

  std::vector<HclAttribute> run() {
    while (skip_blanks(false), at_ < text_.size() && found_.size() < kMaxHclAttributes) step();
    return std::move(found_);
  }

 private:
  // Blocks and objects that are open: how many labels each added.
  struct Open {
    std::size_t labels;
  };

  void skip_blanks(bool on_line) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#' || text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else if (static_cast<unsigned char>(c) <= ' ' && !(on_line && c == '\n')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void step() {
    const char c = text_[at_];
    if (c == '}') {
      ++at_;
      close();
    } else if (c == '"' || is_name(c)) {
      statement();
    } else {
      ++at_;
    }
  }

  void close() {
    if (open_.empty()) return;
    labels_.resize(labels_.size() - open_.back().labels);
    open_.pop_back();
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // `name = value`, `"name" = value`, `name: value`, `block "label" {`.
  void statement() {
    const std::size_t begin = at_;
    std::vector<std::string> words;
    while (skip_blanks(true), at_ < text_.size() && (text_[at_] == '"' || is_name(text_[at_]))) {
      bool plain = true;
      words.push_back(text_[at_] == '"' ? string(plain) : word());
    }
    if (at_ >= text_.size() || words.empty()) return;
    if (text_[at_] == '{') {
      ++at_;
      open(std::move(words));
    } else if ((text_[at_] == '=' || text_[at_] == ':') && text_.substr(at_, 2) != "==" && words.size() == 1) {
      ++at_;
      value(words.front(), begin);
    } else if (text_[at_] != '}') {
      ++at_;
    }
  }

  void open(std::vector<std::string> words) {
    if (open_.size() >= kMaxHclDepth) {
      at_ = text_.size();
      return;
    }
    open_.push_back({words.size()});
    for (std::string& word : words) labels_.push_back(std::move(word));
  }

  void value(const std::string& key, std::size_t begin) {
    skip_blanks(true);
    if (at_ < text_.size() && text_[at_] == '{') {
      ++at_;
      return open({key});
    }
    HclAttribute made;
    made.block = labels_;
    made.key = key;
    made.at = lines_.at(begin);
    made.value_at = lines_.at(at_);
    if (at_ < text_.size() && text_[at_] == '"') {
      made.literal = true;
      made.value = string(made.literal);
      skip_blanks(true);
      // More behind it is an expression: "a" == var.b ? ...
      const bool ends = at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == ',' || text_[at_] == '}';
      made.literal = made.literal && ends;
      if (!ends) expression();
    } else if (text_.substr(at_, 2) == "<<") {
      made.value = heredoc(made.literal);
    } else {
      expression();
    }
    if (!made.literal) made.value.clear();
    found_.push_back(std::move(made));
  }

  // To the end of the line; brackets go on over lines, and what is in them is read as statements.
  void expression() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' || c == '{' || c == '}' || c == '[' || c == '(' || c == ',') break;
      bool plain = true;
      if (c == '"') {
        string(plain);
      } else {
        ++at_;
      }
    }
    if (at_ < text_.size() && text_[at_] == '{') {
      ++at_;
      open({});
    }
  }

  std::string string(bool& plain) {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
      const std::string_view two = text_.substr(at_, 2);
      if (two == "${" || two == "%{") {
        plain = false;
        substitution();
      } else if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        out += text_[at_] == 'n' ? '\n' : text_[at_] == 't' ? '\t' : text_[at_];
      } else {
        out += text_[at_];
      }
    }
    if (at_ < text_.size() && text_[at_] == '"') ++at_;
    return out;
  }

  // Leaves at_ at the brace that closes it; texts in it may hold quotes.
  void substitution() {
    unsigned depth = 0;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '{') ++depth;
      if (text_[at_] == '}' && --depth == 0) return;
    }
    if (at_ >= text_.size() || text_[at_] == '\n') --at_;
  }

  std::string heredoc(bool& literal) {
    at_ += 2;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    const std::string end = word();
    std::string body;
    at_ = std::min(text_.find('\n', at_), text_.size());
    while (at_ < text_.size()) {
      const std::size_t begin = at_ + 1;
      const std::size_t stop = std::min(text_.find('\n', begin), text_.size());
      const std::string_view line = text_.substr(std::min(begin, text_.size()), stop - std::min(begin, stop));
      at_ = stop;
      const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
      if (!end.empty() && line.substr(first, line.find_last_not_of(" \t\r") + 1 - first) == end) break;
      body.append(line).append("\n");
    }
    literal = body.find("${") == std::string::npos;
    return body;
  }

  std::string_view text_;
  Lines lines_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::vector<std::string> labels_;
  std::vector<HclAttribute> found_;
};

}  // namespace

std::vector<HclAttribute> parse_hcl(std::string_view text) { return Reader(text).run(); }

}  // namespace tightship::lint
