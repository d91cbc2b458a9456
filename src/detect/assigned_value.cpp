#include "detect/assigned_value.h"

#include <algorithm>

#include "detect/folded.h"
#include "detect/text_class.h"

namespace tightship::detect {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kMaxWrapper = 32;

// Reads along the text; every step takes off what it has read.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  void take(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }
  template <class F>
  std::string_view take_while(F is) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool take_word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void skip_blanks() {
    take_while([](char c) { return is_one_of(c, kBlanks); });
  }

 private:
  std::string_view rest_;
};

bool is_name_character(char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; }
bool is_closer(char c) { return is_quote(c) || c == ']' || c == ')' || c == '\\'; }
bool is_type_character(char c) { return is_letter(c) || is_one_of(c, "?<>[]"); }
bool is_blank(char c) { return is_one_of(c, kBlanks); }
bool is_bare_character(char c) { return !is_blank(c) && !is_one_of(c, "\"'`<>,;(){}[]|&"); }
bool may_follow_bare(char c) { return is_blank(c) || is_one_of(c, "\"'`,;&<)]}"); }

// `: Type` before an `=`.
void skip_type(Reader& reader) {
  Reader ahead = reader;
  ahead.skip_blanks();
  if (!ahead.take_word(":")) return;
  ahead.skip_blanks();
  if (ahead.take_while(is_type_character).empty()) return;
  ahead.skip_blanks();
  if (ahead.next() == '=' && !ahead.rest().starts_with("==") && !ahead.rest().starts_with("=>")) reader = ahead;
}

// `value=` of an element whose other attribute was the name.
bool take_value_attribute(Reader& reader) {
  Reader ahead = reader;
  if (lowered(ahead.rest().substr(0, 5)) != "value") return false;
  ahead.take(5);
  ahead.skip_blanks();
  if (!ahead.take_word("=")) return false;
  reader = ahead;
  return true;
}

std::string_view take_operator(Reader& reader) {
  for (const std::string_view word : {":=", "=>", "===", "==", "=", "!==", "!=", ":", "->", "<-", ",", "(", ">"}) {
    if (reader.take_word(word)) return word;
  }
  return take_value_attribute(reader) ? "value" : "";
}

// Up to two calls around the value, and the letters before a string.
void skip_wrappers(Reader& reader) {
  reader.take_word("new ");
  for (int i = 0; i < 2; ++i) {
    Reader ahead = reader;
    const std::size_t width =
        ahead.take_while([](char c) { return is_alphanumeric(c) || c == '_' || c == '.'; }).size();
    if (width == 0 || width > kMaxWrapper || !ahead.take_word("(")) break;
    reader = ahead;
  }
  Reader ahead = reader;
  const std::size_t width = ahead.take_while([](char c) { return is_one_of(c, "bruLf@$"); }).size();
  if (width <= 2 && is_quote(ahead.next())) reader = ahead;
}

// Up to the same quote; a value with blanks is a text.
std::string_view quoted(Reader reader) {
  reader.take_while([](char c) { return c == '\\'; });
  const char quote = reader.next();
  if (!is_quote(quote)) return {};
  reader.take(1);
  const std::size_t close = reader.rest().find(quote);
  if (close == std::string_view::npos) return {};
  std::string_view value = reader.rest().substr(0, close);
  while (value.ends_with('\\')) value.remove_suffix(1);
  return std::none_of(value.begin(), value.end(), is_blank) ? value : std::string_view();
}

std::string_view marked_up(Reader reader) {
  const std::string_view value = reader.take_while([](char c) { return !is_blank(c) && c != '<' && c != '>'; });
  return reader.rest().starts_with("</") ? value : std::string_view();
}

// `;` and the end of the line: code, in which a bare word is a variable.
bool ends_statement(std::string_view rest) { return rest == ";" || rest.starts_with(";\n") || rest.starts_with(";\r"); }
bool is_identifier_character(char c) { return is_letter(c) || c == '_' || c == '.' || c == '-' || c == ':'; }

std::string_view bare(Reader reader) {
  if (!reader.rest().empty() && is_one_of(reader.next(), "$%*")) return {};
  const std::string_view value = reader.take_while(is_bare_character);
  if (ends_statement(reader.rest()) && all(value, is_identifier_character)) return {};
  return reader.rest().empty() || may_follow_bare(reader.next()) ? value : std::string_view();
}

// `>-` or `|` of YAML and the end of its line.
bool take_block_sign(Reader& reader) {
  Reader ahead = reader;
  if (!is_one_of(ahead.next(), ">|")) return false;
  ahead.take(1);
  ahead.take_while([](char c) { return is_digit(c) || c == '+' || c == '-'; });
  ahead.take_while([](char c) { return is_one_of(c, " \t\r"); });
  if (ahead.next() != '\n') return false;
  ahead.take(1);
  reader = ahead;
  return true;
}

// The only line of a block, or base64 that is folded; of another text of several lines nothing.
std::string_view block(Reader reader) {
  const std::size_t indent = reader.take_while([](char c) { return c == ' '; }).size();
  if (indent == 0) return {};
  const std::string_view folded = folded_value(reader.rest());
  if (!folded.empty()) return folded;
  const std::string_view value = reader.take_while([](char c) { return !is_blank(c); });
  reader.take_while([](char c) { return is_one_of(c, " \t\r"); });
  if (!reader.take_word("\n")) return {};
  const bool goes_on = reader.take_while([](char c) { return c == ' '; }).size() >= indent;
  return goes_on ? std::string_view() : value;
}

// What a shell takes where the variable is not set, `NAME:-value}`. Behind `:?` stands what is said then.
std::string_view shell_default(Reader reader) {
  const char kind = reader.next();
  reader.take(1);
  Reader end = reader;
  const std::string_view value = is_quote(reader.next()) ? quoted(reader) : end.take_while(is_bare_character);
  if (kind == '?' || (!is_quote(reader.next()) && end.next() != '}')) return {};
  return value;
}

// After an option or the words of a statement: the next word.
std::string_view after_words(Reader reader) {
  for (;;) {
    reader.skip_blanks();
    if (is_quote(reader.next())) return quoted(reader);
    Reader ahead = reader;
    const std::string word = lowered(ahead.take_while(is_name_character));
    const bool statement =
        word == "with" || word == "by" || word == "as" || word.starts_with("mysql_") || word.starts_with("caching_");
    if (!statement || !is_blank(ahead.next())) return bare(reader);
    reader = ahead;
  }
}

}  // namespace

std::string_view assigned_value(std::string_view text) {
  Reader reader(text);
  reader.take_while(is_name_character);
  Reader words = reader;
  reader.take_while(is_closer);
  skip_type(reader);
  const bool blank = is_blank(reader.next());
  reader.skip_blanks();
  const std::string_view operation = take_operator(reader);
  if (operation.empty()) return blank ? after_words(words) : std::string_view();
  const std::string_view before = reader.rest();
  if (operation == ":" && !before.empty() && is_one_of(before.front(), "-?+")) {
    const std::string_view value = shell_default(reader);
    if (!value.empty() || before.front() == '?') return value;
  }
  reader.skip_blanks();
  if (operation == ">") {
    const std::string_view value = marked_up(reader);
    if (!value.empty()) return value;
  }
  Reader inner = reader;
  skip_wrappers(inner);
  if (is_quote(inner.next()) || inner.next() == '\\') return quoted(inner);
  const bool assigns = operation == "=" || operation == ":" || operation == "=>" || operation == ":=";
  if (operation == ":") {
    Reader ahead = reader;
    if (take_block_sign(ahead)) return block(ahead);
    const std::string_view folded = folded_value(reader.rest());
    if (!folded.empty()) return folded;
  }
  // A bare value stands on the line of its name.
  const std::string_view gap = before.substr(0, before.size() - reader.rest().size());
  if (!assigns || reader.rest().empty() || gap.find('\n') != std::string_view::npos) return {};
  return bare(reader);
}

}  // namespace tightship::detect
