#include "lint/javascript.h"

#include <algorithm>
#include <array>

namespace tightship::lint {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '#' || c == '@' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) { return (is_name_start(c) && c != '#' && c != '@') || is_digit(c); }

// Keywords after which an expression begins.
bool opens_expression(std::string_view word) {
  constexpr std::array<std::string_view, 17> kWords = {"return", "typeof", "case",    "in",      "of",    "delete",
                                                       "void",   "throw",  "new",     "else",    "do",    "instanceof",
                                                       "yield",  "await",  "default", "extends", "export"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads `digits` hexadecimal digits at `at`, or as many as stand in braces; at is then behind them.
bool read_hex(std::string_view text, std::size_t& at, std::size_t digits, std::uint32_t& value) {
  const bool braced = digits == 4 && at < text.size() && text[at] == '{';
  std::size_t i = braced ? at + 1 : at;
  std::size_t count = 0;
  value = 0;
  for (; i < text.size() && hex_value(text[i]) >= 0 && (braced ? count < 8 : count < digits); ++i, ++count) {
    value = value * 16 + static_cast<std::uint32_t>(hex_value(text[i]));
  }
  if (braced && (i >= text.size() || text[i] != '}')) return false;
  if (count == 0 || (!braced && count != digits)) return false;
  at = braced ? i + 1 : i;
  return true;
}

void append_character(std::string& out, std::uint32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xc0 | (value >> 6));
    out += static_cast<char>(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xe0 | (value >> 12));
    out += static_cast<char>(0x80 | ((value >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (value & 0x3f));
  } else if (value < 0x110000) {
    out += static_cast<char>(0xf0 | (value >> 18));
    out += static_cast<char>(0x80 | ((value >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((value >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (value & 0x3f));
  }
}

// One escape; `at` is behind the backslash, then behind the escape.
void unescape(std::string_view text, std::size_t& at, std::string& out) {
  if (at >= text.size()) return;
  const char c = text[at++];
  std::uint32_t value = 0;
  switch (c) {
    case 'n': out += '\n'; return;
    case 't': out += '\t'; return;
    case 'r': out += '\r'; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'v': out += '\v'; return;
    case '\r':
      if (at < text.size() && text[at] == '\n') ++at;
      return;
    case '\n': return;
    case 'x':
      if (read_hex(text, at, 2, value)) append_character(out, value);
      return;
    case 'u':
      if (!read_hex(text, at, 4, value)) return;
      if (value >= 0xd800 && value < 0xdc00 && text.substr(at, 2) == "\\u") {
        std::size_t low_at = at + 2;
        std::uint32_t low = 0;
        if (read_hex(text, low_at, 4, low) && low >= 0xdc00 && low < 0xe000) {
          value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
          at = low_at;
        }
      }
      append_character(out, value);
      return;
    default: out += c;
  }
}

}  // namespace

JsLexer::JsLexer(std::string_view source) : source_(source.substr(0, 0xfffffff0u)) {
  if (source_.substr(0, 2) == "#!") at_ = std::min(source_.find('\n'), source_.size());
}

JsToken JsLexer::make(JsKind kind, std::size_t begin, std::size_t end) {
  at_ = end;
  last_ = {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  return last_;
}

bool JsLexer::skip_comment() {
  const std::string_view two = source_.substr(at_, 2);
  if (two == "//") {
    at_ = std::min(source_.find('\n', at_), source_.size());
    return true;
  }
  if (two == "/*") {
    const std::size_t end = source_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? source_.size() : end + 2;
    return true;
  }
  return source_.substr(at_, 4) == "<!--" && (at_ = std::min(source_.find('\n', at_), source_.size()), true);
}

void JsLexer::skip_blanks() {
  for (;;) {
    while (at_ < source_.size() && static_cast<unsigned char>(source_[at_]) <= ' ') ++at_;
    if (!skip_comment()) return;
  }
}

JsToken JsLexer::next() {
  if (in_template_) return template_piece();
  if (in_substitution_) {
    in_substitution_ = false;
    braces_.push_back('$');
    return make(JsKind::Operator, at_, at_ + 2);
  }
  skip_blanks();
  if (at_ >= source_.size()) return make(JsKind::End, source_.size(), source_.size());
  const char c = source_[at_];
  if (is_name_start(c)) return name();
  if (is_digit(c) || (c == '.' && at_ + 1 < source_.size() && is_digit(source_[at_ + 1]))) return number();
  if (c == '"' || c == '\'') return string(c);
  if (c == '`') {
    in_template_ = true;
    ++at_;
    return template_piece();
  }
  if (c == '/') return slash();
  return punctuation();
}

JsToken JsLexer::name() {
  std::size_t end = at_ + 1;
  while (end < source_.size() && is_name_part(source_[end])) ++end;
  return make(JsKind::Name, at_, end);
}

JsToken JsLexer::number() {
  std::size_t end = at_ + 1;
  while (end < source_.size() && (is_name_part(source_[end]) || source_[end] == '.')) ++end;
  return make(JsKind::Number, at_, end);
}

JsToken JsLexer::string(char quote) {
  std::size_t& none = quote == '"' ? no_double_ : no_single_;
  std::size_t i = at_ + 1;
  for (; at_ >= none && i < source_.size(); ++i) {
    if (source_[i] == quote) return make(JsKind::String, at_, i + 1);
    if (source_[i] == '\n') break;
    if (source_[i] == '\\') {
      ++i;
      if (i + 1 < source_.size() && source_[i] == '\r' && source_[i + 1] == '\n') ++i;
    }
  }
  none = std::max(none, i);
  return make(JsKind::Operator, at_, at_ + 1);
}

// From behind ` or } to the next ` or ${ ; what encloses the piece is not a token, but for ${ which says that
// the template goes on.
JsToken JsLexer::template_piece() {
  in_template_ = false;
  const std::size_t begin = at_;
  std::size_t i = at_;
  for (; i < source_.size(); ++i) {
    if (source_[i] == '\\') {
      ++i;
    } else if (source_[i] == '`') {
      const JsToken piece = make(JsKind::Template, begin, i);
      at_ = i + 1;
      return piece;
    } else if (source_[i] == '$' && i + 1 < source_.size() && source_[i + 1] == '{') {
      in_substitution_ = true;
      return make(JsKind::Template, begin, i);
    }
  }
  return make(JsKind::Template, begin, source_.size());
}

bool JsLexer::regex_may_follow() const {
  const std::string_view text = source_.substr(last_.begin, last_.end - last_.begin);
  switch (last_.kind) {
    case JsKind::End: return true;
    case JsKind::Name: return opens_expression(text);
    case JsKind::Number:
    case JsKind::String:
    case JsKind::Template:
    case JsKind::Regex: return false;
    case JsKind::Operator: break;
  }
  return text != ")" && text != "]" && text != "}" && text != "<";  // `</` closes an element of JSX
}

JsToken JsLexer::slash() {
  if (at_ >= no_regex_ && regex_may_follow()) {
    bool in_class = false;
    std::size_t i = at_ + 1;
    for (; i < source_.size() && source_[i] != '\n'; ++i) {
      if (source_[i] == '\\') {
        ++i;
      } else if (source_[i] == '[') {
        in_class = true;
      } else if (source_[i] == ']') {
        in_class = false;
      } else if (source_[i] == '/' && !in_class) {
        std::size_t end = i + 1;
        while (end < source_.size() && is_name_part(source_[end])) ++end;
        return make(JsKind::Regex, at_, end);
      }
    }
    no_regex_ = i;
  }
  return make(JsKind::Operator, at_, at_ + 1);
}

JsToken JsLexer::punctuation() {
  const char c = source_[at_];
  if (c == '{') {
    braces_.push_back('{');
  } else if (c == '}' && !braces_.empty()) {
    in_template_ = braces_.back() == '$';
    braces_.pop_back();
  }
  constexpr std::array<std::string_view, 10> kLong = {"===", "!==", "...", "=>", "?.", "??", "&&", "||", "==", "!="};
  for (const std::string_view text : kLong) {
    if (source_.substr(at_, text.size()) == text) return make(JsKind::Operator, at_, at_ + text.size());
  }
  return make(JsKind::Operator, at_, at_ + 1);
}

std::vector<JsToken> js_tokens(std::string_view source, std::size_t max) {
  std::vector<JsToken> tokens;
  tokens.reserve(std::min(max, source.size() / 6 + 16));
  JsLexer lexer(source);
  while (tokens.size() < max) {
    const JsToken token = lexer.next();
    if (token.kind == JsKind::End) break;
    tokens.push_back(token);
  }
  return tokens;
}

std::string js_value(std::string_view source, const JsToken& token) {
  std::string_view text = js_text(source, token);
  if (token.kind == JsKind::String) {
    text = text.substr(1, text.size() - 2);
  } else if (token.kind != JsKind::Template) {
    return std::string(text);
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      ++at;
      unescape(text, at, out);
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace tightship::lint
