// python-dotenv: statements of any place in the text; what it cannot read costs the rest of its line. Only ${X} and
// ${X:-default} are references, in quotes of any kind, and a # begins a comment only behind white space.

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

// Python's \s also knows the separators 0x1c to 0x1f.
std::size_t py_space(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] >= '\x1c' && text[at] <= '\x1f') return 1;
  return text.substr(std::min(at, text.size())).starts_with("\xEF\xBB\xBF") ? 0 : go_space(text, at);
}
bool is_line_end(char c) { return c == '\n' || c == '\r'; }
std::size_t py_blank(std::string_view text, std::size_t at) {
  return at < text.size() && is_line_end(text[at]) ? 0 : py_space(text, at);
}

char single_escape(char c) { return c == '\\' || c == '\'' ? c : '\0'; }
char double_escape(char c) {
  constexpr std::string_view kNames = "\\'\"abfnrtv", kBytes = "\\'\"\a\b\f\n\r\t\v";
  const std::size_t at = kNames.find(c);
  return at == std::string_view::npos ? '\0' : kBytes[at];
}

std::string decode(std::string_view text, char (*escape)(char)) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char meant = text[i] == '\\' && i + 1 < text.size() ? escape(text[i + 1]) : '\0';
    out += meant != '\0' ? meant : text[i];
    if (meant != '\0') ++i;
  }
  return out;
}

class Reader {
 public:
  explicit Reader(Collector& out) : out_(out), text_(out.source().text) {}

  void read() {
    while (at_ < text_.size()) {
      skip(py_space);
      if (at_ >= text_.size()) return;
      if (!read_binding()) skip_line();
    }
  }

 private:
  void skip(SpaceWidth space) { at_ = skip_space(text_, at_, space); }
  std::size_t line_end(std::size_t at) const { return std::min(text_.find_first_of("\r\n", at), text_.size()); }
  void skip_line() { at_ = std::min(line_end(at_) + 1, text_.size()); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool read_binding() {
    bool exported = false;
    if (text_.substr(at_).starts_with("export") && py_blank(text_, at_ + 6) > 0) {
      at_ += 6;
      skip(py_blank);
      exported = true;
    }
    std::string_view key;
    std::size_t key_at = at_;
    const bool has_key = peek() != '#';
    if (has_key && !read_key(key, key_at)) return false;
    skip(py_blank);
    std::string_view raw;
    EnvEntry value;
    value.has_value = peek() == '=';
    if (value.has_value) {
      ++at_;
      skip(py_blank);
    }
    const std::size_t value_at = at_;
    if (value.has_value && !read_value(raw, value)) return false;
    skip_comment();
    skip(py_blank);
    if (at_ < text_.size() && !is_line_end(text_[at_])) return false;
    if (at_ < text_.size()) at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    if (has_key) keep(key, key_at, raw, value_at, value, exported);
    return true;
  }

  bool read_key(std::string_view& key, std::size_t& key_at) {
    const std::size_t begin = at_;
    if (peek() == '\'') {
      const std::size_t close = text_.find('\'', begin + 1);
      if (close == std::string_view::npos || close == begin + 1) return false;
      key = text_.substr(begin + 1, close - begin - 1);
      key_at = begin + 1;
      at_ = close + 1;
      return true;
    }
    std::size_t end = begin;
    while (end < text_.size() && text_[end] != '=' && text_[end] != '#' && py_space(text_, end) == 0) ++end;
    key = text_.substr(begin, end - begin);
    at_ = end;
    return !key.empty();
  }

  bool read_value(std::string_view& raw, EnvEntry& value) {
    const char quote = peek();
    if (quote != '\'' && quote != '"') {
      read_unquoted(raw, value);
      return true;
    }
    const std::size_t close = close_of(at_);
    if (close == std::string_view::npos) return false;
    raw = text_.substr(at_, close + 1 - at_);
    value.quote = quote;
    value.literal = decode(raw.substr(1, raw.size() - 2), quote == '"' ? double_escape : single_escape);
    at_ = close + 1;
    return true;
  }

  // The first quote without a backslash; when there is none the last one.
  std::size_t close_of(std::size_t open) const {
    std::size_t escaped = std::string_view::npos;
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\' && i + 1 < text_.size() && text_[i + 1] == text_[open])
        escaped = ++i;
      else if (text_[i] == text_[open])
        return i;
    }
    return escaped;
  }

  void read_unquoted(std::string_view& raw, EnvEntry& value) {
    const std::size_t end = line_end(at_);
    const std::string_view line = text_.substr(at_, end - at_);
    std::size_t stop = line.size();
    for (std::size_t i = 0; i < line.size() && stop == line.size(); ++i) {
      std::size_t hash = i;
      for (std::size_t width = py_space(line, hash); width > 0; width = py_space(line, hash)) hash += width;
      if (hash > i && hash < line.size() && line[hash] == '#') stop = i;
      if (hash > i) i = hash - 1;
    }
    raw = trim_right(line.substr(0, stop), py_space);
    value.literal = raw;
    at_ = end;
  }

  void skip_comment() {
    const std::size_t before = at_;
    skip(py_blank);
    at_ = peek() == '#' ? line_end(at_) : before;
  }

  void keep(std::string_view key, std::size_t key_at, std::string_view raw, std::size_t value_at, const EnvEntry& value,
            bool exported) {
    EnvEntry& entry = out_.add(key, key_at, raw, value_at);
    entry.quote = value.quote;
    entry.has_value = value.has_value;
    entry.exported = exported;
    entry.literal = value.literal;
    entry.value = resolve(entry);
    out_.define(entry);
  }

  std::string resolve(EnvEntry& entry) const {
    std::string out;
    const std::string_view text = entry.literal;
    std::size_t at = 0;
    while (at < text.size() && out.size() < kMaxExpanded) {
      const std::size_t open = text.find("${", at);
      const std::size_t end = open == std::string_view::npos ? open : text.find_first_of("}:", open + 2);
      if (end == std::string_view::npos) break;
      std::size_t close = end;
      std::string_view fallback;
      const bool has_default = text.substr(end).starts_with(":-");
      if (has_default) {
        close = text.find('}', end);
        if (close != std::string_view::npos) fallback = text.substr(end + 2, close - end - 2);
      }
      if (close == std::string_view::npos || text[close] != '}') {
        out.append(text.substr(at, open + 2 - at));
        at = open + 2;
        continue;
      }
      out.append(text.substr(at, open - at));
      const std::string_view name = text.substr(open + 2, end - open - 2);
      const auto found = out_.value_of(name);
      if (!found && !has_default) entry.undefined.emplace_back(name);
      out.append(found ? std::string_view(*found) : fallback);
      entry.expanded = true;
      at = close + 1;
    }
    return out.append(text.substr(std::min(at, text.size())));
  }

  Collector& out_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

void read_python(Collector& out) { Reader(out).read(); }

}  // namespace tightship::lint
