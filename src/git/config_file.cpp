#include "git/config_file.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "git/repository.h"

namespace tightship::git {
namespace {

constexpr int kEnd = -1;

// ASCII only, whatever the locale.
bool is_alpha(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_key_char(int c) { return is_alpha(c) || (c >= '0' && c <= '9') || c == '-'; }
bool is_space(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
char lower(int c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

class Parser {
 public:
  explicit Parser(std::string_view content) : rest_(content) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  ConfigContent run() {
    while (!rest_.empty()) {
      start_line_ = line_;
      if (!statement()) recover();
    }
    return std::move(result_);
  }

 private:
  // "\r\n" counts as one newline.
  int peek() const {
    if (rest_.empty()) return kEnd;
    return rest_.starts_with("\r\n") ? '\n' : static_cast<unsigned char>(rest_[0]);
  }

  int next() {
    const int c = peek();
    if (c == kEnd) return kEnd;
    rest_.remove_prefix(c == '\n' && rest_[0] == '\r' ? 2 : 1);
    if (c == '\n') ++line_;
    ended_line_ = c == '\n';
    return c;
  }

  void skip_line() {
    while (peek() != kEnd && next() != '\n') {
    }
  }

  void recover() {
    if (result_.errors.size() < kMaxConfigErrors) {
      Error error{ErrorKind::Corrupt, "bad configuration line", "line " + std::to_string(start_line_), {}};
      result_.errors.push_back(std::move(error));
    }
    if (!ended_line_) skip_line();
  }

  // One header, assignment, comment or space. False at damage.
  bool statement() {
    const int c = next();
    if (is_space(c)) return true;
    if (c == '#' || c == ';') {
      skip_line();
      return true;
    }
    if (c == '[') {
      prefix_.clear();  // what follows a bad header belongs to no section
      auto section = header();
      if (section) prefix_ = std::move(*section) + ".";
      return section.has_value();
    }
    return is_alpha(c) && assignment(c);
  }

  std::optional<std::string> header() {
    std::string name;
    for (;;) {
      const int c = next();
      if (c == ']') return name;
      if (c == ' ' || c == '\t') return subsection(std::move(name));
      if (!is_key_char(c) && c != '.') return std::nullopt;
      name += lower(c);
    }
  }

  std::optional<std::string> subsection(std::string name) {
    int c = next();
    while (c == ' ' || c == '\t') c = next();
    if (c != '"') return std::nullopt;
    name += '.';
    for (;;) {
      c = next();
      if (c == '"') break;
      if (c == '\\') c = next();
      if (c == '\n' || c == kEnd) return std::nullopt;
      name += static_cast<char>(c);
    }
    if (next() != ']') return std::nullopt;
    return name;
  }

  bool assignment(int first) {
    std::string key = prefix_;
    key += lower(first);
    while (is_key_char(peek())) key += lower(next());
    int c = next();
    while (c == ' ' || c == '\t') c = next();
    if (c == '\n' || c == kEnd) {
      result_.values.emplace_back(std::move(key), "true");
      return true;
    }
    if (c != '=') return false;
    auto text = value();
    if (text) result_.values.emplace_back(std::move(key), std::move(*text));
    return text.has_value();
  }

  std::optional<std::string> value() {
    std::string text;
    std::size_t keep = 0;  // trailing space outside of quotes is cut off
    bool quoted = false;
    for (;;) {
      int c = next();
      if (c == '\n' || c == kEnd) break;
      if (!quoted && is_space(c)) {
        if (!text.empty()) text += static_cast<char>(c);
        continue;
      }
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        break;
      }
      if (c == '"') {
        quoted = !quoted;
        keep = text.size();
        continue;
      }
      if (c == '\\') {
        c = next();
        if (c == '\n' || c == kEnd) continue;
        const auto escaped = unescape(c);
        if (!escaped) return std::nullopt;
        c = *escaped;
      }
      text += static_cast<char>(c);
      keep = text.size();
    }
    if (quoted) return std::nullopt;
    text.resize(keep);
    return text;
  }

  static std::optional<char> unescape(int c) {
    switch (c) {
      case 't': return '\t';
      case 'b': return '\b';
      case 'n': return '\n';
      case '\\': return '\\';
      case '"': return '"';
      default: return std::nullopt;
    }
  }

  std::string_view rest_;
  std::size_t line_ = 1, start_line_ = 1;
  bool ended_line_ = false;
  std::string prefix_;
  ConfigContent result_;
};

}  // namespace

ConfigContent read_config(std::string_view content) { return Parser(content).run(); }

Result<ConfigValues> parse_config(std::string_view content) {
  ConfigContent read = read_config(content);
  if (!read.errors.empty()) return tl::unexpected(std::move(read.errors.front()));
  return std::move(read.values);
}

bool config_is_true(std::string_view value) {
  std::string text;
  for (const char c : value) text += lower(c);
  if (text == "true" || text == "yes" || text == "on") return true;
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number != 0;
}

}  // namespace tightship::git
