#include "lint/dotenv_compose.h"

#include <algorithm>

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

std::size_t name_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_name_start(text[at])) return at;
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

// The end of the longest braced reference at `text[open]` == '{': a name, then } or an operator and any text of the
// same line up to the last }. Position of that }, or npos.
std::size_t longest_braced(std::string_view text, std::size_t open) {
  const std::size_t end = name_end(text, open + 1);
  if (end == open + 1 || end >= text.size()) return std::string_view::npos;
  std::size_t op = end;
  if (text[op] == ':') ++op;
  if (op < text.size() && (text[op] == '-' || text[op] == '+' || text[op] == '?')) {
    const std::size_t line_end = std::min(text.find('\n', op), text.size());
    const std::size_t close = text.substr(0, line_end).rfind('}');
    if (close != std::string_view::npos && close > op) return close;
  }
  return text[end] == '}' ? end : std::string_view::npos;
}

// The } that closes the first brace; the byte after each opening one is passed over, as compose does.
std::size_t first_close(std::string_view text) {
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}' && --open == 0) return i;
    if (text[i] == '{') {
      ++open;
      ++i;
    }
  }
  return std::string_view::npos;
}

class Substitution {
 public:
  Substitution(const NameLookup& lookup, Substituted& out) : lookup_(lookup), out_(out) {}

  std::string text(std::string_view in, unsigned depth) {
    std::string made;
    for (std::size_t i = 0; i < in.size() && made.size() < kMaxExpanded;) {
      const std::size_t dollar = std::min(in.find('$', i), in.size());
      made.append(in.substr(i, dollar - i));
      if (dollar + 1 >= in.size()) return made.append(in.substr(dollar));
      i = reference(in, dollar, depth, made);
    }
    return made;
  }

 private:
  // Replaces what begins at `dollar`; gives where to go on.
  std::size_t reference(std::string_view in, std::size_t dollar, unsigned depth, std::string& made) {
    const char next = in[dollar + 1];
    if (next == '$') {
      made += '$';
      return dollar + 2;
    }
    if (next == '{') {
      const std::size_t close = longest_braced(in, dollar + 1);
      if (close == std::string_view::npos || depth >= kMaxReferenceDepth) {
        out_.failed = true;
        return dollar + 2;
      }
      braced(in.substr(dollar, close + 1 - dollar), depth, made);
      return close + 1;
    }
    const std::size_t end = name_end(in, dollar + 1);
    if (end == dollar + 1) {
      made += '$';
      return dollar + 1;
    }
    plain(in.substr(dollar + 1, end - dollar - 1), made);
    return end;
  }

  void plain(std::string_view name, std::string& made) {
    out_.expanded = true;
    const auto found = lookup_(name);
    if (!found) out_.undefined.emplace_back(name);
    made += found.value_or("");
  }

  // `whole` is "${...}", perhaps with more behind its first closing brace.
  void braced(std::string_view whole, unsigned depth, std::string& made) {
    out_.expanded = true;
    const std::size_t close = first_close(whole);
    std::string_view behind;
    if (close != std::string_view::npos) {
      behind = whole.substr(close + 1);
      whole = whole.substr(0, close + 1);
    }
    const std::size_t last = longest_braced(whole, 1);
    if (last == std::string_view::npos) {
      out_.failed = true;
      return;
    }
    const std::string_view inner = whole.substr(2, last - 2);
    const std::size_t end = name_end(inner, 0);
    if (end == inner.size()) {
      plain(inner, made);  // compose drops what stands behind here as well
      return;
    }
    made += with_operator(inner.substr(0, end), inner.substr(end), depth);
    made += text(behind, depth + 1);
  }

  std::string with_operator(std::string_view name, std::string_view rest, unsigned depth) {
    const bool colon = rest.front() == ':';
    const char op = rest[colon ? 1 : 0];
    const std::string_view argument = rest.substr(colon ? 2 : 1);
    const auto found = lookup_(name);
    const bool present = found && (!colon || !found->empty());
    if (op == '+') return present ? text(argument, depth + 1) : found.value_or("");
    if (op == '-') return present ? *found : text(argument, depth + 1);
    if (!present) out_.failed = true;
    return found.value_or("");
  }

  const NameLookup& lookup_;
  Substituted& out_;
};

// Keys take letters of any script; whatever is not ASCII passes here.
bool is_compose_key(char c) {
  return is_word(c) || c == '.' || c == '-' || c == '[' || c == ']' || static_cast<unsigned char>(c) >= 0x80;
}

class ComposeReader {
 public:
  explicit ComposeReader(Collector& out) : out_(out), text_(out.source().text) {}

  void read() {
    while (to_statement()) {
      if (!read_statement()) return;
    }
  }

 private:
  void skip(SpaceWidth space) { at_ = skip_space(text_, at_, space); }
  bool to_statement() {
    at_ = next_go_statement(text_, at_);
    return at_ < text_.size();
  }

  bool read_statement() {
    bool exported = false;
    if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() && is_ascii_space(text_[at_ + 6])) {
      exported = true;
      at_ += 6;
      skip(go_blank);
    }
    const std::size_t begin = at_;
    std::size_t i = begin;
    while (i < text_.size() && (go_blank(text_, i) > 0 || is_compose_key(text_[i])))
      i += std::max<std::size_t>(go_blank(text_, i), 1);
    if (i < text_.size() && text_[i] != '=' && text_[i] != ':' && text_[i] != '\n') {
      out_.give_up("a variable name holds a character that Docker Compose does not allow", i);
      return false;
    }
    // Without any = up to the end all of it is the value of a variable without a name.
    const bool nameless = i >= text_.size();
    const std::string_view key = nameless ? std::string_view() : trim_right(text_.substr(begin, i - begin), go_space);
    if (key.find(' ') != std::string_view::npos) {
      out_.give_up("a variable name holds a blank", begin);
      return false;
    }
    const bool alone = !nameless && text_[i] == '\n';
    at_ = nameless ? begin : i + 1;
    skip(go_blank);
    if (!alone) return read_value(key, begin, exported);
    if (const auto inherited = out_.outer(key)) {
      EnvEntry& entry = out_.add(key, begin, {}, i);
      entry.has_value = false;
      entry.value = entry.literal = *inherited;
      out_.define(entry);
    }
    return true;
  }

  bool read_value(std::string_view key, std::size_t key_at, bool exported) {
    const char first = at_ < text_.size() ? text_[at_] : '\0';
    if (first == '"' || first == '\'') return read_quoted(key, key_at, exported, first);
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    line = trim_right(line.substr(0, line.find(" #")), go_space);
    EnvEntry& entry = out_.add(key, key_at, line, at_);
    entry.exported = exported;
    entry.literal = line;
    at_ = std::min(end + 1, text_.size());
    return expand(entry, line);
  }

  bool read_quoted(std::string_view key, std::size_t key_at, bool exported, char quote) {
    std::string inner;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      const bool escaped = text_[i] == '\\' && i + 1 < text_.size();
      if (escaped && text_[i + 1] != quote) inner.append(text_.substr(i, 2));
      if (escaped && text_[i + 1] == quote) inner += quote;
      if (escaped) {
        ++i;
        continue;
      }
      if (text_[i] != quote) {
        inner += text_[i];
        continue;
      }
      EnvEntry& entry = out_.add(key, key_at, text_.substr(at_, i + 1 - at_), at_);
      entry.quote = quote;
      entry.exported = exported;
      at_ = i + 1;
      entry.literal = quote == '"' ? unescape(inner, false) : inner;
      if (quote == '"') return expand(entry, unescape(inner, true));
      entry.value = inner;
      out_.define(entry);
      return true;
    }
    out_.give_up("a quoted value is not closed", at_);
    return false;
  }

  // \n and its kin, \0 with up to three octal digits, and \$: which becomes $$ for the replacement of references.
  static std::string unescape(std::string_view text, bool for_references) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 >= text.size()) {
        out += text[i];
        continue;
      }
      constexpr std::string_view kNames = "abfnrtv\"\\", kBytes = "\a\b\f\n\r\t\v\"\\";
      const char next = text[i + 1];
      if (const std::size_t at = kNames.find(next); at != std::string_view::npos) {
        out += kBytes[at];
        ++i;
      } else if (next == '$') {
        out += for_references ? "$$" : "$";
        ++i;
      } else {
        i += octal(text, i, out);
      }
    }
    return out;
  }

  // Appends what stands for "\0123" or, where that is no character, for the backslash; gives the bytes passed beyond it.
  static std::size_t octal(std::string_view text, std::size_t at, std::string& out) {
    std::size_t digits = 0;
    unsigned value = 0;
    if (text[at + 1] == '0') {
      for (std::size_t i = at + 2; i < text.size() && digits < 3 && is_digit_char(text[i]); ++i, ++digits) {
        value = text[i] > '7' ? 1000 : value * 8 + static_cast<unsigned>(text[i] - '0');
      }
    }
    if (digits == 3 && value <= 255) {
      if (value < 128)
        out += static_cast<char>(value);
      else
        out.append({static_cast<char>(0xC0 | (value >> 6)), static_cast<char>(0x80 | (value & 0x3F))});
      return 4;
    }
    out += '\\';
    return 0;
  }

  bool expand(EnvEntry& entry, std::string_view text) {
    const auto made = substitute_compose(text, [&](std::string_view name) { return out_.value_of(name, true); });
    if (made.failed) {
      out_.give_up("a reference to a variable cannot be resolved", entry.value_offset);
      entry.value = entry.literal;
      return false;
    }
    entry.value = made.text;
    entry.expanded = made.expanded;
    entry.undefined = made.undefined;
    out_.define(entry);
    return true;
  }

  Collector& out_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Substituted substitute_compose(std::string_view text, const NameLookup& lookup) {
  Substituted out;
  out.text = Substitution(lookup, out).text(text, 0);
  return out;
}

void read_compose(Collector& out) { ComposeReader(out).read(); }

}  // namespace tightship::lint
