// The readers of the Go world: godotenv, Docker Compose's descendant of it, and the much plainer one of docker run.
// They read on from statement to statement, and one that cannot be read is an error of the whole file.

#include "lint/dotenv_compose.h"
#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

bool is_high_letter(unsigned char c) {
  return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
}
bool is_high_number(unsigned char c) { return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xBC && c <= 0xBE); }

class GoReader {
 public:
  explicit GoReader(Collector& out) : out_(out), text_(out.source().text) {}

  void read() {
    while (to_statement()) {
      std::string_view key;
      std::size_t key_at = 0;
      const bool exported = skip_export();
      if (!read_key(key, key_at) || !read_value(key, key_at, exported)) return;
    }
  }

 private:
  void skip(SpaceWidth space) { at_ = skip_space(text_, at_, space); }
  bool to_statement() {
    at_ = next_go_statement(text_, at_);
    return at_ < text_.size();
  }
  bool skip_export() {
    if (!text_.substr(at_).starts_with("export") || go_blank(text_, at_ + 6) == 0) return false;
    at_ += 6;
    skip(go_blank);
    return true;
  }

  // Bytes, not characters, are asked whether they are letters: most of what is not ASCII is none.
  bool read_key(std::string_view& key, std::size_t& key_at) {
    key_at = at_;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      const auto c = static_cast<unsigned char>(text_[i]);
      if ((is_ascii_space(text_[i]) && c != '\n') || c == 0x85 || c == 0xA0) continue;
      if (c == '=' || c == ':') {
        key = trim_right(text_.substr(at_, i - at_), go_space);
        at_ = i + 1;
        skip(go_blank);
        return true;
      }
      if (!is_word(text_[i]) && c != '.' && !is_high_letter(c) && !is_high_number(c)) {
        out_.give_up("a variable name holds a character that godotenv does not allow", i);
        return false;
      }
    }
    skip(go_blank);  // no = up to the end: all of it is the value of a variable without a name
    return true;
  }

  bool read_value(std::string_view key, std::size_t key_at, bool exported) {
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    if (first != '"' && first != '\'') {
      read_unquoted(out_.add(key, key_at, {}, at_), exported);
      return true;
    }
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] != first || text_[i - 1] == '\\') continue;
      std::string_view inner = text_.substr(at_, i - at_);
      while (!inner.empty() && inner.back() == first) inner.remove_suffix(1);
      while (!inner.empty() && inner.front() == first) inner.remove_prefix(1);
      EnvEntry& entry = out_.add(key, key_at, text_.substr(at_, i + 1 - at_), at_);
      entry.quote = first;
      entry.exported = exported;
      entry.literal = first == '"' ? unescape(inner) : std::string(inner);
      entry.value = first == '"' ? expand(entry) : entry.literal;
      out_.define(entry);
      at_ = i + 1;
      return true;
    }
    out_.give_up("a quoted value is not closed", at_);
    return false;
  }

  void read_unquoted(EnvEntry& entry, bool exported) {
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    // The last # behind a blank begins the comment.
    for (std::size_t i = line.size(); i-- > 1;) {
      if (line[i] != '#') continue;
      const std::string_view before = line.substr(0, i);
      if (trim_right(before, go_blank).size() == before.size()) continue;
      line = before;
      break;
    }
    entry.raw = trim_right(trim_left(line, go_blank), go_blank);
    entry.exported = exported;
    entry.literal = entry.raw;
    entry.value = expand(entry);
    out_.define(entry);
    at_ = end;
  }

  static std::string unescape(std::string_view text) {
    std::string first;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
        ++i;
        if (text[i] == 'n')
          first += '\n';
        else if (text[i] == 'r')
          first += '\r';
        else
          first.append(1, '\\').append(1, text[i]);
        continue;
      }
      first += text[i];
    }
    std::string out;
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (first[i] == '\\' && i + 1 < first.size() && first[i + 1] != '$') ++i;
      out += first[i];
    }
    return out;
  }

  // \$X, $X, ${X}, $(X: capitals, digits and _ only, and only of the file itself.
  std::string expand(EnvEntry& entry) const {
    const auto is_name = [](char c) { return (c >= 'A' && c <= 'Z') || is_digit_char(c) || c == '_'; };
    std::string made;
    const std::string_view text = entry.literal;
    for (std::size_t i = 0; i < text.size() && made.size() < kMaxExpanded;) {
      const bool escaped = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '$';
      std::size_t end = escaped ? i + 1 : i;
      if (text[end] != '$') {
        made += text[i++];
        continue;
      }
      ++end;
      if (end < text.size() && text[end] == '(') ++end;
      if (end < text.size() && text[end] == '{') ++end;
      const std::size_t name = end;
      while (end < text.size() && is_name(text[end])) ++end;
      const std::string_view referred = text.substr(name, end - name);
      if (end < text.size() && text[end] == '}') ++end;
      if (escaped || referred.empty()) {
        made.append(text.substr(i + (escaped ? 1 : 0), end - i - (escaped ? 1 : 0)));
      } else {
        const auto found = out_.own(referred);
        if (!found) entry.undefined.emplace_back(referred);
        made += found.value_or("");
        entry.expanded = true;
      }
      i = end;
    }
    return made;
  }

  Collector& out_;
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t more = c < 0x80                 ? 0
                             : c >= 0xC2 && c <= 0xDF ? 1
                             : c >= 0xE0 && c <= 0xEF ? 2
                             : c >= 0xF0 && c <= 0xF4 ? 3
                                                      : 9;
    if (more == 9 || i + more >= text.size() + (more == 0 ? 1 : 0)) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      if (k == 1 && ((c == 0xE0 && next < 0xA0) || (c == 0xED && next > 0x9F) || (c == 0xF0 && next < 0x90) ||
                     (c == 0xF4 && next > 0x8F)))
        return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

void read_godotenv(Collector& out) { GoReader(out).read(); }

void read_docker_run(Collector& out) {
  const std::string_view text = out.source().text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    const std::size_t line_at = at;
    at = end + 1;
    if (line.size() >= 64 * 1024) return out.give_up("a line is longer than docker reads", line_at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_utf8(line)) return out.give_up("a line is no UTF-8", line_at);
    line = trim_left(line, go_space);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, equals);
    const auto key_at = static_cast<std::size_t>(line.data() - text.data());
    if (key.empty()) return out.give_up("a line has no variable name", key_at);
    if (key.find_first_of(" \t") != std::string_view::npos) return out.give_up("a variable name holds a blank", key_at);
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : line.substr(equals + 1);
    const auto inherited = equals == std::string_view::npos ? out.outer(key) : std::nullopt;
    if (equals == std::string_view::npos && !inherited) continue;
    EnvEntry& entry = out.add(key, key_at, value, key_at + key.size() + (equals == std::string_view::npos ? 0 : 1));
    entry.has_value = equals != std::string_view::npos;
    entry.literal = inherited ? *inherited : std::string(value);
    entry.value = entry.literal;
  }
}

}  // namespace tightship::lint
