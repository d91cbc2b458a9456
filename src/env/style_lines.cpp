#include "env/style_lines.h"

#include <algorithm>

#include "detect/text_class.h"
#include "lint/dotenv_parts.h"

namespace tightship::env {
namespace {

using lint::trim_ascii;

bool is_key_char(char c) { return detect::is_alphanumeric(c) || c == '_'; }

// Where the quote that opens the value at `open` closes: on its line, or on a later one when nothing but a comment
// follows there; npos when it does not.
std::size_t closing_quote(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == text[open])
      return i;
  }
  return std::string_view::npos;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<StyleLine> run() {
    while (at_ < text_.size()) {
      StyleLine line;
      line.number = number_;
      std::size_t end = std::min(text_.find('\n', at_), text_.size());
      line.text = text_.substr(at_, end - at_);
      const std::string_view trimmed = trim_ascii(line.text);
      if (trimmed.empty())
        line.kind = StyleLine::Kind::Blank;
      else if (trimmed.front() == '#')
        line.kind = StyleLine::Kind::Comment;
      else
        end = assignment(line, end);
      line.text = text_.substr(at_, end - at_);
      if (line.text.ends_with('\r')) line.text.remove_suffix(1);
      number_ += 1 + static_cast<std::uint32_t>(std::count(line.text.begin(), line.text.end(), '\n'));
      out_.push_back(line);
      at_ = end + 1;
    }
    return std::move(out_);
  }

 private:
  // Fills in the parts; gives where the line ends, after a value of several lines.
  std::size_t assignment(StyleLine& line, std::size_t end) {
    line.kind = StyleLine::Kind::Assignment;
    std::string_view rest = line.text;
    const std::size_t first = std::min(rest.find_first_not_of(" \t-.*+!@$%^&()/\\|,;:<>?~[]{}"), rest.size());
    line.lead = rest.substr(0, first);
    rest.remove_prefix(first);
    if (rest.starts_with("export ") || rest.starts_with("export\t")) {
      line.exported = true;
      rest = trim_ascii(rest.substr(7));
    }
    const std::size_t equals = rest.find('=');
    line.has_value = equals != std::string_view::npos;
    const std::string_view key = rest.substr(0, equals);
    line.key = trim_ascii(key);
    line.written_key = line.exported ? line.key : trim_ascii(line.text.substr(0, line.text.find('=')));
    if (!line.has_value) return end;
    const std::string_view value = rest.substr(equals + 1);
    line.spaced = (!key.empty() && lint::is_blank(key.back())) || (!value.empty() && lint::is_blank(value.front()));
    const std::string_view trimmed = trim_ascii(value);
    if (!trimmed.empty() && (trimmed.front() == '"' || trimmed.front() == '\'')) {
      const auto open = static_cast<std::size_t>(trimmed.data() - text_.data());
      const std::size_t close = closing_quote(text_, open);
      if (close != std::string_view::npos) {
        const std::size_t line_end = std::min(text_.find('\n', close), text_.size());
        const std::string_view behind = trim_ascii(text_.substr(close + 1, line_end - close - 1));
        if (behind.empty() || behind.front() == '#') {
          line.value = text_.substr(open, close + 1 - open);
          return line_end;
        }
      }
    }
    const std::size_t comment = trimmed.find(" #");
    line.value = trim_ascii(trimmed.substr(0, comment));
    return end;
  }

  std::string_view text_;
  std::vector<StyleLine> out_;
  std::size_t at_ = 0;
  std::uint32_t number_ = 1;
};

}  // namespace

std::vector<StyleLine> style_lines(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Splitter(text).run();
}

std::optional<StyleSwitch> style_switch(std::string_view comment) {
  comment = trim_ascii(comment);
  while (comment.starts_with('#')) comment.remove_prefix(1);
  comment = trim_ascii(comment);
  if (!comment.starts_with("dotenv-linter:")) return std::nullopt;
  comment.remove_prefix(14);
  StyleSwitch out;
  if (comment.starts_with("off")) {
    comment.remove_prefix(3);
  } else if (comment.starts_with("on")) {
    out.off = false;
    comment.remove_prefix(2);
  } else {
    return std::nullopt;
  }
  while (!comment.empty()) {
    const std::size_t comma = std::min(comment.find(','), comment.size());
    const std::string_view name = trim_ascii(comment.substr(0, comma));
    if (!name.empty()) out.names.emplace_back(name);
    comment.remove_prefix(std::min(comma + 1, comment.size()));
  }
  return out;
}

bool has_wrong_delimiter(std::string_view key) { return !detect::all(key, is_key_char); }

bool has_needless_quotes(std::string_view value) {
  if (value.find_first_of("'\"") == std::string_view::npos) return false;
  return value.find_first_of(" \t\n\r$#&=\\`") == std::string_view::npos && value.find("\\n") == std::string_view::npos;
}

bool lacks_quotes(std::string_view value) {
  if (value.empty() || value.front() == '"' || value.front() == '\'') return false;
  return value.find_first_of(" \t") != std::string_view::npos;
}

std::vector<std::string_view> referred_keys(std::string_view value) {
  const auto escaped = [](std::string_view before) {
    const std::size_t last = before.find_last_not_of('\\');
    return (before.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 == 1;
  };
  std::vector<std::string_view> found;
  if (value.starts_with('\'') || value.find('$') == std::string_view::npos) return found;
  if (value.starts_with('"')) {
    if (value.size() < 2 || !value.ends_with('"') || escaped(value.substr(0, value.size() - 1))) return found;
    value = value.substr(1, value.size() - 2);
  }
  for (std::size_t dollar = value.find('$'); dollar != std::string_view::npos; dollar = value.find('$')) {
    const bool literal = escaped(value.substr(0, dollar));
    value.remove_prefix(dollar + 1);
    if (literal) continue;
    const std::size_t close = value.starts_with('{') ? value.find('}') : std::string_view::npos;
    const std::size_t begin = close != std::string_view::npos ? 1 : 0;
    std::size_t end = begin;
    while (end < value.size() && is_key_char(value[end])) ++end;
    if (close != std::string_view::npos) end = close;
    if (end == begin) return found;
    found.push_back(value.substr(begin, end - begin));
    value.remove_prefix(end);
  }
  return found;
}

bool has_broken_reference(std::string_view value) {
  if (value.starts_with('\'')) return false;
  for (std::size_t dollar = value.find('$'); dollar != std::string_view::npos; dollar = value.find('$', dollar + 1)) {
    if (dollar > 0 && value[dollar - 1] == '\\') continue;
    const bool braced = dollar + 1 < value.size() && value[dollar + 1] == '{';
    std::size_t end = dollar + (braced ? 2 : 1);
    const std::size_t name = end;
    while (end < value.size() && is_key_char(value[end])) ++end;
    if (braced) {
      const std::size_t close = value.find('}', end);
      const std::size_t next = value.find('$', end);
      if (close == std::string_view::npos || (next < close && next != std::string_view::npos && end == name))
        return true;
      // "${X:-default}" is a name and an operator; anything else behind the name is odd.
      if (close != end && value[end] != ':' && value[end] != '-' && value[end] != '+' && value[end] != '?' &&
          value[end] != '=')
        return true;
    } else if (end > name && end < value.size() && value[end] == '}') {
      return true;
    }
  }
  return false;
}

}  // namespace tightship::env
