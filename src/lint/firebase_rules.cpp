#include "lint/firebase_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '$';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), lines_(text) {}

  Result<FirebaseRules> run() {
    while (skip_blanks(), at_ < text_.size()) {
      if (const auto read = statement(); !read) return tl::unexpected(read.error());
    }
    if (!blocks_.empty()) return refuse("a block is not closed");
    return std::move(rules_);
  }

 private:
  // What an open brace belongs to: its path is put before those inside.
  struct Block {
    std::string path;
  };

  tl::unexpected<Error> refuse(std::string what) const {
    return fail(ErrorKind::Config, std::move(what), fmt::format("line {}", lines_.at(at_).line));
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const std::string_view two = text_.substr(at_, 2);
      if (static_cast<unsigned char>(text_[at_]) <= ' ' || text_.substr(at_, 3) == "\xef\xbb\xbf") {
        at_ += text_[at_] == '\xef' ? 3 : 1;
      } else if (two == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (two == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<void> statement() {
    if (text_[at_] == '}') {
      if (blocks_.empty()) return refuse("a '}' closes nothing");
      blocks_.pop_back();
      ++at_;
      return {};
    }
    if (text_[at_] == ';') {
      ++at_;
      return {};
    }
    const At at = lines_.at(at_);
    const std::string name = word();
    if (name == "rules_version" || name == "import") return to_semicolon();
    if (name == "service") return service();
    if (name == "match") return match();
    if (name == "allow") return allow(at);
    if (name == "function") return function();
    return refuse("this is no statement of security rules");
  }

  Result<void> to_semicolon() {
    const std::size_t end = text_.find_first_of(";\n", at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    return {};
  }

  Result<void> open(std::string path) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != '{') return refuse("a '{' is missing");
    if (blocks_.size() >= kMaxFirebaseDepth)
      return fail(ErrorKind::Limit, fmt::format("nested over {} deep", kMaxFirebaseDepth));
    ++at_;
    blocks_.push_back({std::move(path)});
    return {};
  }

  Result<void> service() {
    skip_blanks();
    rules_.service = word();
    return open({});
  }

  // A path holds braces of its own: /users/{userId}; the one of the block follows a blank or a closing brace.
  Result<void> match() {
    skip_blanks();
    std::string path;
    while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) > ' ') {
      if (text_[at_] == '{') {
        const bool segment = !path.empty() && (path.back() == '/');
        const std::size_t end = text_.find('}', at_);
        if (!segment || end == std::string_view::npos) break;
        path += text_.substr(at_, end + 1 - at_);
        at_ = end + 1;
      } else {
        path += text_[at_++];
      }
    }
    if (path.empty()) return refuse("a match without a path");
    if (path.front() != '/') path.insert(0, 1, '/');
    return open(std::move(path));
  }

  std::string whole_path() const {
    std::string path;
    for (const Block& block : blocks_) path += block.path;
    return path;
  }

  Result<void> allow(At at) {
    FirebaseAllow made;
    made.at = at;
    made.path = whole_path();
    for (;;) {
      skip_blanks();
      made.methods.push_back(word());
      if (made.methods.back().empty()) return refuse("an allow without a method");
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != ',') break;
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] == ':') {
      ++at_;
      skip_blanks();
      if (word() != "if") return refuse("an 'if' is missing");
      made.condition = condition();
    }
    rules_.allows.push_back(std::move(made));
    return {};
  }

  // The tokens to the semicolon, or to what must be the next statement.
  std::vector<std::string> condition() {
    std::vector<std::string> tokens;
    std::size_t depth = 0;
    while (skip_blanks(), at_ < text_.size() && text_[at_] != ';') {
      const char c = text_[at_];
      if (c == '}' && depth == 0) break;
      if (is_name(c)) {
        const std::size_t before = at_;
        std::string name = word();
        const bool next = name == "allow" || name == "match" || name == "function";
        if (next && depth == 0) {
          at_ = before;
          break;
        }
        tokens.push_back(std::move(name));
      } else if (c == '"' || c == '\'') {
        tokens.push_back(quoted(c));
      } else {
        if (c == '(' || c == '{' || c == '[') ++depth;
        if ((c == ')' || c == '}' || c == ']') && depth > 0) --depth;
        tokens.push_back(symbol());
      }
    }
    return tokens;
  }

  std::string quoted(char quote) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') ++at_;
    at_ = std::min(at_ + 1, text_.size());
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string symbol() {
    for (const std::string_view two : {"==", "!=", "<=", ">=", "&&", "||"}) {
      if (text_.substr(at_, 2) == two) {
        at_ += 2;
        return std::string(two);
      }
    }
    return std::string(1, text_[at_++]);
  }

  Result<void> function() {
    at_ = std::min(text_.find('{', at_), text_.size());
    unsigned depth = 0;
    while (skip_blanks(), at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        quoted(c);
        continue;
      }
      ++at_;
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) return {};
    }
    return refuse("a function is not closed");
  }

  std::string_view text_;
  Lines lines_;
  std::size_t at_ = 0;
  std::vector<Block> blocks_;
  FirebaseRules rules_;
};

}  // namespace

Result<FirebaseRules> parse_firebase_rules(std::string_view text) {
  if (text.size() > kMaxFirebaseRules)
    return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxFirebaseRules));
  return Reader(text).run();
}

}  // namespace tightship::lint
