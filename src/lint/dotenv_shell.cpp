// A file of assignments as `set -a; . ./.env` reads it in bash. Assignments and `export` are followed; any other
// command is passed over with its arguments, and so is an assignment that only precedes one ("A=b c" runs c).

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

class Shell {
 public:
  explicit Shell(Collector& out) : out_(out), text_(out.source().text) {}

  void read() {
    while (at_ < text_.size() && !broken_) read_command();
  }

 private:
  struct Word {
    std::string value;
    std::size_t begin = 0, end = 0;
    EnvEntry facts;  // expanded, runs_command, undefined, quote
  };
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  static bool ends_command(char c) { return c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')'; }

  void skip_blanks() {
    for (;;) {
      if (is_blank(peek()))
        ++at_;
      else if (peek() == '\\' && peek(1) == '\n')
        at_ += 2;
      else
        return;
    }
  }

  // A word of an assignment's form: a name and =. Gives the length of the name, or 0.
  std::size_t name_length() const {
    std::size_t end = at_;
    if (end < text_.size() && !is_name_start(text_[end])) return 0;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return end < text_.size() && text_[end] == '=' ? end - at_ : 0;
  }

  struct Pending {
    std::string_view key;
    std::size_t key_at = 0, value_at = 0;
    Word word;
  };

  void read_command() {
    std::vector<Pending> assignments;
    bool exported = false, other = false;
    std::size_t words = 0;
    for (;;) {
      skip_blanks();
      if (at_ >= text_.size()) break;
      if (peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (ends_command(peek())) {
        // Anything but a line end or ; makes it a job, a pipe or a group: no assignment of this shell.
        other |= peek() != '\n' && peek() != ';';
        ++at_;
        break;
      }
      const std::size_t name = (words == assignments.size() || exported) ? name_length() : 0;
      if (name > 0) {
        Pending pending;
        pending.key = text_.substr(at_, name);
        pending.key_at = at_;
        at_ += name + 1;
        pending.value_at = at_;
        if (!read_word(pending.word)) return;
        assignments.push_back(std::move(pending));
        ++words;
        continue;
      }
      Word word;
      if (!read_word(word)) return;
      const bool first = words == 0;
      ++words;
      if (first && (word.value == "export" || word.value == "declare" || word.value == "readonly"))
        exported = true;
      else
        other |= !exported;
    }
    if (other) return;
    for (Pending& pending : assignments) keep(pending, exported);
  }

  void keep(Pending& pending, bool exported) {
    const std::string_view raw = text_.substr(pending.word.begin, pending.word.end - pending.word.begin);
    EnvEntry& entry = out_.add(pending.key, pending.key_at, raw, pending.value_at);
    entry.exported = exported;
    entry.value = entry.literal = std::move(pending.word.value);
    entry.expanded = pending.word.facts.expanded;
    entry.runs_command = pending.word.facts.runs_command;
    entry.undefined = std::move(pending.word.facts.undefined);
    if (raw.size() >= 2 && raw.front() == raw.back() && (raw.front() == '\'' || raw.front() == '"'))
      entry.quote = raw.front();
    out_.define(entry);
  }

  bool unfinished(std::string_view what) {
    out_.give_up(std::string(what), std::min(at_, text_.size()));
    broken_ = true;
    return false;
  }

  bool read_word(Word& word) {
    word.begin = at_;
    while (at_ < text_.size()) {
      const char c = peek();
      if (is_blank(c) || ends_command(c) || c == '<' || c == '>') break;
      if (!read_part(word, false)) return false;
    }
    if (at_ == word.begin && (peek() == '<' || peek() == '>')) ++at_;  // a redirection: the command is passed over
    word.end = at_;
    return true;
  }

  // One character, quoted text or expansion of a word or of text in double quotes.
  bool read_part(Word& word, bool quoted) {
    const char c = peek();
    if (c == '\\') return read_backslash(word, quoted);
    if (c == '\'' && !quoted) return read_single(word);
    if (c == '"' && !quoted) return read_double(word);
    if (c == '`') return read_backticks(word);
    if (c == '$') return read_dollar(word, quoted);
    word.value += c;
    ++at_;
    return true;
  }

  bool read_backslash(Word& word, bool quoted) {
    const char next = peek(1);
    if (at_ + 1 >= text_.size()) {
      word.value += '\\';
      ++at_;
      return true;
    }
    if (next != '\n') {
      if (quoted && std::string_view("$`\"\\").find(next) == std::string_view::npos) word.value += '\\';
      word.value += next;
    }
    at_ += 2;
    return true;
  }

  bool read_single(Word& word) {
    const std::size_t close = text_.find('\'', at_ + 1);
    if (close == std::string_view::npos) return unfinished("a quote is not closed");
    word.value.append(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    return true;
  }

  bool read_double(Word& word) {
    for (++at_; at_ < text_.size();) {
      if (peek() == '"') {
        ++at_;
        return true;
      }
      if (!read_part(word, true)) return false;
    }
    return unfinished("a quote is not closed");
  }

  bool read_backticks(Word& word) {
    std::size_t close = at_ + 1;
    while (close < text_.size() && text_[close] != '`') close += text_[close] == '\\' ? 2 : 1;
    if (close >= text_.size()) return unfinished("a backtick is not closed");
    run(word, text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    return true;
  }

  void run(Word& word, std::string_view command) {
    std::string said = out_.run(command);
    while (said.ends_with('\n')) said.pop_back();
    word.value += said;
    word.facts.runs_command = true;
  }

  bool read_dollar(Word& word, bool quoted) {
    const char next = peek(1);
    if (next == '(') return read_command_substitution(word);
    if (next == '{') return read_braced(word);
    if (next == '\'' && !quoted) return read_ansi(word);
    if (next == '"' && !quoted) {
      ++at_;
      return read_double(word);
    }
    std::size_t end = at_ + 1;
    if (end < text_.size() && is_name_start(text_[end])) {
      while (end < text_.size() && is_word(text_[end])) ++end;
    } else if (end < text_.size() &&
               (is_digit_char(text_[end]) || std::string_view("@*#?$!-").find(text_[end]) != std::string_view::npos)) {
      // Parameters of the shell: none are set, but for a few that are never empty.
      word.facts.expanded = true;
      if (text_[end] == '#' || text_[end] == '?') word.value += '0';
      at_ = end + 1;
      return true;
    }
    if (end == at_ + 1) {
      word.value += '$';
      ++at_;
      return true;
    }
    refer(word, text_.substr(at_ + 1, end - at_ - 1));
    at_ = end;
    return true;
  }

  void refer(Word& word, std::string_view name) {
    word.facts.expanded = true;
    const auto found = out_.value_of(name);
    if (!found) word.facts.undefined.emplace_back(name);
    if (word.value.size() < kMaxExpanded) word.value += found.value_or("");
  }

  // Where the bracket that opens at `open` closes, quotes respected; npos when it does not.
  std::size_t closing(std::size_t open, char left, char right) const {
    int depth = 0;
    for (std::size_t i = open; i < text_.size(); ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == '\'' && left == '(') {
        i = text_.find('\'', i + 1);
        if (i == std::string_view::npos) return i;
      } else if (text_[i] == left)
        ++depth;
      else if (text_[i] == right && --depth == 0)
        return i;
    }
    return std::string_view::npos;
  }

  bool read_command_substitution(Word& word) {
    const std::size_t close = closing(at_ + 1, '(', ')');
    if (close == std::string_view::npos) return unfinished("a bracket is not closed");
    run(word, text_.substr(at_ + 2, close - at_ - 2));
    at_ = close + 1;
    return true;
  }

  // ${X}, ${X:-d}, ${X-d}, ${X:+d}, ${X+d}; other operators leave the variable as it is.
  bool read_braced(Word& word) {
    const std::size_t close = closing(at_ + 1, '{', '}');
    if (close == std::string_view::npos) return unfinished("a brace is not closed");
    const std::string_view inside = text_.substr(at_ + 2, close - at_ - 2);
    at_ = close + 1;
    std::size_t end = 0;
    while (end < inside.size() && is_word(inside[end])) ++end;
    const std::string_view name = inside.substr(0, end);
    std::string_view rest = inside.substr(end);
    const bool colon = rest.starts_with(":");
    if (colon) rest.remove_prefix(1);
    if (rest.empty() || (rest[0] != '-' && rest[0] != '+')) {
      refer(word, name);
      return true;
    }
    word.facts.expanded = true;
    const auto found = out_.value_of(name);
    const bool present = found && (!colon || !found->empty());
    if (rest[0] == '+' && present) word.value += rest.substr(1);
    if (rest[0] == '-') word.value += present ? std::string_view(*found) : rest.substr(1);
    return true;
  }

  bool read_ansi(Word& word) {
    at_ += 2;
    constexpr std::string_view kNames = "abefnrtv\\'\"?", kBytes = "\a\b\x1b\f\n\r\t\v\\'\"?";
    for (; at_ < text_.size(); ++at_) {
      if (peek() == '\'') {
        ++at_;
        return true;
      }
      if (peek() == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const std::size_t known = kNames.find(peek());
        if (known == std::string_view::npos) word.value += '\\';
        word.value += known == std::string_view::npos ? peek() : kBytes[known];
        continue;
      }
      word.value += peek();
    }
    return unfinished("a quote is not closed");
  }

  Collector& out_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace

void read_shell(Collector& out) { Shell(out).read(); }

}  // namespace tightship::lint
