#include "lint/nginx.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), lines_(text) {}

  // The stack holds what is being filled; a closed block moves into the one below.
  Result<std::vector<NginxDirective>> run() {
    stack_.emplace_back();
    while (skip_blanks(), at_ < text_.size()) {
      if (const auto read = step(); !read) return tl::unexpected(read.error());
    }
    if (stack_.size() > 1) return refuse(stack_.back().at, "a block is not closed");
    if (!now_.name.empty()) return refuse(now_.at, "a directive does not end with ';'");
    return std::move(stack_.front().children);
  }

 private:
  static tl::unexpected<Error> refuse(At at, std::string what) {
    return fail(ErrorKind::Config, std::move(what), fmt::format("line {}", at.line));
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (static_cast<unsigned char>(text_[at_]) <= ' ') {
        ++at_;
      } else {
        return;
      }
    }
  }

  Result<void> step() {
    const char c = text_[at_];
    if (c == ';') {
      ++at_;
      if (now_.name.empty()) return {};
      return finish(std::exchange(now_, {}));
    }
    if (c == '{') return open();
    if (c == '}') {
      if (stack_.size() == 1 || !now_.name.empty()) return refuse(lines_.at(at_), "a '}' closes nothing");
      ++at_;
      NginxDirective done = std::move(stack_.back());
      stack_.pop_back();
      return finish(std::move(done));
    }
    const std::size_t begin = at_;
    auto word = read_word();
    if (!word) return tl::unexpected(word.error());
    if (now_.name.empty()) {
      now_.name = std::move(*word);
      now_.at = lines_.at(begin);
      if (now_.name.empty()) now_.name = "\"\"";
    } else {
      now_.arguments.push_back(std::move(*word));
    }
    return {};
  }

  Result<void> finish(NginxDirective done) {
    if (++count_ > kMaxNginxDirectives)
      return fail(ErrorKind::Limit, fmt::format("more than {} directives", kMaxNginxDirectives));
    stack_.back().children.push_back(std::move(done));
    return {};
  }

  Result<void> open() {
    if (stack_.size() > kMaxNginxDepth)
      return fail(ErrorKind::Limit, fmt::format("nested over {} deep", kMaxNginxDepth));
    ++at_;
    now_.block = true;
    const bool code = now_.name.size() > 10 && now_.name.compare(now_.name.size() - 10, 10, "_lua_block") == 0;
    if (now_.name.empty()) now_.at = lines_.at(at_ - 1);
    stack_.push_back(std::exchange(now_, {}));
    if (code) skip_code();
    return {};
  }

  // To the brace that closes the block; it stays for step().
  void skip_code() {
    unsigned depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '{') ++depth;
      if (c == '}' && depth-- == 0) return;
      if (c == '"' || c == '\'') skip_text(c);
    }
  }

  // Where none ends it is not looked for again.
  void skip_text(char quote) {
    if (at_ < no_text_) return;
    std::size_t end = at_ + 1;
    const std::size_t most = std::min(text_.size(), at_ + 4096);
    while (end < most && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    if (end < most && text_[end] == quote)
      at_ = end;
    else
      no_text_ = end;
  }

  Result<std::string> read_word() {
    std::string word;
    const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_] : '\0';
    const std::size_t begin = at_;
    if (quote != 0) ++at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        if (next != '"' && next != '\'' && next != '\\' && next != ' ' && next != ';') word += c;
        word += next;
        ++at_;
      } else if (quote != 0 && c == quote) {
        ++at_;
        return word;
      } else if (quote == 0 && c == '$' && at_ + 1 < text_.size() && text_[at_ + 1] == '{') {
        const std::size_t end = std::min(text_.find('}', at_), text_.size() - 1);
        word += text_.substr(at_, end + 1 - at_);
        at_ = end;
      } else if (quote == 0 && (static_cast<unsigned char>(c) <= ' ' || c == ';' || c == '{' || c == '}')) {
        return word;
      } else {
        word += c;
      }
    }
    if (quote != 0) return refuse(lines_.at(begin), "a quote is not closed");
    return word;
  }

  std::string_view text_;
  Lines lines_;
  std::size_t at_ = 0, count_ = 0, no_text_ = 0;
  NginxDirective now_;
  std::vector<NginxDirective> stack_;
};

}  // namespace

const NginxDirective* NginxDirective::find(std::string_view child) const {
  for (const NginxDirective& one : children) {
    if (one.name == child) return &one;
  }
  return nullptr;
}

Result<std::vector<NginxDirective>> parse_nginx(std::string_view text) {
  if (text.size() > kMaxNginx) return fail(ErrorKind::Limit, fmt::format("larger than {} bytes", kMaxNginx));
  return Reader(text).run();
}

}  // namespace tightship::lint
