#include "lint/sql.h"

#include <algorithm>
#include <utility>

#include "lint/lines.h"

namespace tightship::lint {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source), lines_(source) {}

  std::vector<SqlStatement> run() {
    while (skip_blanks(), at_ < source_.size() && count_ < kMaxSqlTokens) token();
    end_statement();
    return std::move(statements_);
  }

 private:
  char here(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  void to_line_end() { at_ = std::min(source_.find('\n', at_), source_.size()); }

  void skip_blanks() {
    for (;;) {
      while (at_ < source_.size() && static_cast<unsigned char>(source_[at_]) <= ' ') ++at_;
      const bool psql = here() == '\\' && now_.tokens.empty();
      if ((here() == '-' && here(1) == '-') || psql) {
        to_line_end();
      } else if (here() == '/' && here(1) == '*') {
        block_comment();
      } else {
        return;
      }
    }
  }

  void block_comment() {
    unsigned depth = 0;
    do {
      if (here() == '/' && here(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (here() == '*' && here(1) == '/') {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < source_.size());
    at_ = std::min(at_, source_.size());
  }

  void add(SqlKind kind, std::string text, std::size_t begin) {
    now_.tokens.push_back({kind, std::move(text), lines_.at(begin)});
    ++count_;
  }

  void token() {
    const char c = here();
    if (c == ';') {
      ++at_;
      end_statement();
    } else if (is_letter(c)) {
      word();
    } else if (is_digit(c)) {
      number();
    } else if (c == '\'') {
      string(false);
    } else if (c == '"' || c == '`') {
      quoted(c);
    } else if (c == '$' && dollar_string()) {
      return;
    } else {
      add(SqlKind::Symbol, std::string(1, c), at_);
      ++at_;
    }
  }

  void word() {
    const std::size_t begin = at_;
    if ((lower(here()) == 'e' || lower(here()) == 'n' || lower(here()) == 'b') && here(1) == '\'') {
      const bool escapes = lower(here()) == 'e';
      ++at_;
      return string(escapes);
    }
    std::string text;
    while (at_ < source_.size() && (is_letter(here()) || is_digit(here()) || here() == '$'))
      text += lower(source_[at_++]);
    add(SqlKind::Word, std::move(text), begin);
  }

  void number() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && (is_digit(here()) || is_letter(here()) || here() == '.')) ++at_;
    add(SqlKind::Number, std::string(source_.substr(begin, at_ - begin)), begin);
  }

  void string(bool escapes) {
    const std::size_t begin = at_++;
    std::string text;
    while (at_ < source_.size()) {
      if (here() == '\'' && here(1) == '\'') {
        text += '\'';
        at_ += 2;
      } else if (here() == '\'') {
        break;
      } else if (escapes && here() == '\\' && at_ + 1 < source_.size()) {
        text += source_[at_ + 1];
        at_ += 2;
      } else {
        text += source_[at_++];
      }
    }
    at_ = std::min(at_ + 1, source_.size());
    add(SqlKind::String, std::move(text), begin);
  }

  void quoted(char quote) {
    const std::size_t begin = at_++;
    std::string text;
    while (at_ < source_.size() && !(here() == quote && here(1) != quote)) {
      if (here() == quote) ++at_;
      text += source_[at_++];
    }
    at_ = std::min(at_ + 1, source_.size());
    add(SqlKind::Quoted, std::move(text), begin);
  }

  // $$ ... $$ and $tag$ ... $tag$; false when it is only a '$' ($1).
  bool dollar_string() {
    std::size_t end = at_ + 1;
    while (end < source_.size() && (is_letter(source_[end]) || (end > at_ + 1 && is_digit(source_[end])))) ++end;
    if (end >= source_.size() || source_[end] != '$') return false;
    const std::string_view tag = source_.substr(at_, end + 1 - at_);
    const std::size_t begin = at_, body = end + 1;
    const std::size_t close = std::min(source_.find(tag, body), source_.size());
    add(SqlKind::String, std::string(source_.substr(body, close - body)), begin);
    at_ = std::min(close + tag.size(), source_.size());
    return true;
  }

  void end_statement() {
    if (now_.tokens.empty()) return;
    const bool data = now_.is(0, "copy") && now_.find("stdin") < now_.tokens.size();
    statements_.push_back(std::exchange(now_, {}));
    if (!data) return;
    const std::size_t end = source_.find("\n\\.", at_);
    at_ = end == std::string_view::npos ? source_.size() : end + 3;
  }

  std::string_view source_;
  Lines lines_;
  std::size_t at_ = 0, count_ = 0;
  SqlStatement now_;
  std::vector<SqlStatement> statements_;
};

}  // namespace

bool SqlStatement::is(std::size_t i, std::string_view text) const {
  return i < tokens.size() && (tokens[i].kind == SqlKind::Word || tokens[i].kind == SqlKind::Symbol) &&
         tokens[i].text == text;
}

bool SqlStatement::begins(std::initializer_list<std::string_view> words, std::size_t from) const {
  for (const std::string_view word : words) {
    if (!is(from++, word)) return false;
  }
  return true;
}

bool SqlStatement::is_name(std::size_t i) const {
  return i < tokens.size() && (tokens[i].kind == SqlKind::Word || tokens[i].kind == SqlKind::Quoted);
}

std::size_t SqlStatement::find(std::string_view word, std::size_t from) const {
  std::size_t depth = 0;
  for (std::size_t i = from; i < tokens.size(); ++i) {
    if (depth == 0 && is(i, word)) return i;
    if (is(i, "(")) ++depth;
    if (is(i, ")") && depth > 0) --depth;
  }
  return tokens.size();
}

std::size_t SqlStatement::close(std::size_t open) const {
  std::size_t depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (is(i, "(")) ++depth;
    if (is(i, ")") && depth > 0 && --depth == 0) return i;
  }
  return tokens.size();
}

std::vector<SqlStatement> sql_statements(std::string_view source) { return Reader(source).run(); }

}  // namespace tightship::lint
