#include <algorithm>

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

bool is_key(char c) { return is_word(c) || c == '.' || c == '-'; }

class TextReader {
 public:
  TextReader(std::string_view text, EnvText& out) : text_(text), out_(out) {}

  void read() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_start_ = 3;
    while (at_ < text_.size()) read_line();
  }

 private:
  std::size_t line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }
  std::uint32_t column(std::size_t at) const { return static_cast<std::uint32_t>(at - line_start_) + 1; }

  void go_on_at(std::size_t end) {
    line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end;
    if (at_ >= text_.size()) return;
    ++at_;
    ++line_;
    line_start_ = at_;
  }

  void read_line() {
    std::size_t at = at_;
    const std::size_t end = line_end(at);
    while (at < end && (is_blank(text_[at]) || text_[at] == '\r')) ++at;
    if (at < end && text_[at] == '#')
      add_comment(at + 1, end, line_, false);
    else if (at < end && read_assignment(at, end))
      return;
    go_on_at(end);
  }

  void add_comment(std::size_t begin, std::size_t end, std::uint32_t line, bool trailing) {
    out_.comments.push_back({trim_ascii(text_.substr(begin, end - begin)), line, trailing});
  }

  bool read_assignment(std::size_t at, std::size_t end) {
    const bool exported = text_.substr(at).starts_with("export") && at + 6 < end && is_blank(text_[at + 6]);
    if (exported) {
      at += 6;
      while (at < end && is_blank(text_[at])) ++at;
    }
    std::size_t key_end = at;
    while (key_end < end && is_key(text_[key_end])) ++key_end;
    std::size_t value = key_end;
    while (value < end && is_blank(text_[value])) ++value;
    if (key_end == at) return false;
    const bool has_value = value < end && (text_[value] == '=' || (text_[value] == ':' && value == key_end &&
                                                                   value + 1 < end && is_blank(text_[value + 1])));
    if (!has_value && value < end && text_[value] != '#' && text_[value] != '\r') return false;
    if (has_value) ++value;
    while (value < end && is_blank(text_[value])) ++value;
    // In its place at once: entries are large, and there may be many.
    EnvEntry& entry = out_.entries.emplace_back();
    entry.key = text_.substr(at, key_end - at);
    entry.exported = exported;
    entry.has_value = has_value;
    entry.offset = static_cast<std::uint32_t>(at);
    entry.line = entry.value_line = line_;
    entry.column = column(at);
    entry.value_offset = static_cast<std::uint32_t>(value);
    entry.value_column = column(value);
    const std::size_t stop = has_value ? read_value(entry, value, end) : value;
    entry.value = entry.literal;
    go_on_at(line_end(std::min(stop, text_.size())));
    return true;
  }

  // Fills in the value that begins at `at`; gives where it ends.
  std::size_t read_value(EnvEntry& entry, std::size_t at, std::size_t end) {
    const char quote = at < end ? text_[at] : '\0';
    if (quote == '"' || quote == '\'' || quote == '`') {
      const std::size_t close = close_of(at);
      const std::size_t rest = close == std::string_view::npos ? close : line_end(close);
      if (close != std::string_view::npos && only_comment(close + 1, rest)) {
        entry.quote = quote;
        entry.raw = text_.substr(at, close + 1 - at);
        entry.literal = text_.substr(at + 1, close - at - 1);
        if (quote == '"') {
          replace_all(entry.literal, "\\n", "\n");
          replace_all(entry.literal, "\\\"", "\"");
          replace_all(entry.literal, "\\$", "$");
        }
        const std::size_t hash = text_.substr(0, rest).find('#', close);
        if (hash != std::string_view::npos) {
          const auto lines = std::count(entry.raw.begin(), entry.raw.end(), '\n');
          add_comment(hash + 1, rest, line_ + static_cast<std::uint32_t>(lines), true);
        }
        return close + 1;
      }
    }
    std::size_t stop = end;
    for (std::size_t i = at; i < end; ++i) {
      if (text_[i] == '#' && (i == at ? i > 0 && is_blank(text_[i - 1]) : is_blank(text_[i - 1]))) {
        stop = i;
        add_comment(i + 1, end, line_, true);
        break;
      }
    }
    entry.raw = trim_ascii(text_.substr(at, stop - at));
    entry.literal = entry.raw;
    return end;
  }

  // An open quote finds the first quote of another line, which more than a comment follows: it costs its own line.
  std::size_t close_of(std::size_t open) const {
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == text_[open])
        return i;
    }
    return std::string_view::npos;
  }

  bool only_comment(std::size_t at, std::size_t end) {
    while (at < end && is_ascii_space(text_[at])) ++at;
    if (at >= end) return true;
    if (text_[at] != '#') return false;
    return true;
  }

  std::string_view text_;
  EnvText& out_;
  std::size_t at_ = 0, line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

EnvText read_env_text(std::string_view text) {
  EnvText out;
  if (text.size() > kMaxEnvFile) return out;
  out.entries.reserve(expected_entries(text));
  TextReader(text, out).read();
  return out;
}

}  // namespace tightship::lint
