// node dotenv's lines, which Next.js and dotenvx read as well: a key, = or a colon and a blank, then a value in
// one of three kinds of quotes or up to a #, then a comment. What does not fit costs its line only.
//
// Blanks between the parts may be line ends, so `A` and `=1` on the next line belong together. A quoted value that
// is followed by anything but a comment is no quoted value: it is then read up to the # as if quotes were letters.

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

bool is_key(char c) { return is_word(c) || c == '.' || c == '-'; }

class Lines {
 public:
  Lines(Collector& out, Loader loader) : out_(out), text_(out.source().text), loader_(loader) {}

  void read() {
    while (at_ < text_.size()) {
      at_ = skip_space(at_);
      if (at_ >= text_.size()) return;
      if (!read_statement(at_)) next_line();
    }
  }

 private:
  std::size_t skip_space(std::size_t at) const {
    for (std::size_t width = js_space(text_, at); width > 0; width = js_space(text_, at)) at += width;
    return at;
  }
  std::size_t line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }
  void next_line() { at_ = line_end(at_) + 1; }

  bool read_statement(std::size_t begin) {
    if (text_.substr(begin).starts_with("export")) {
      const std::size_t key = skip_space(begin + 6);
      if (key > begin + 6 && read_assignment(key, true)) return true;
    }
    return read_assignment(begin, false);
  }

  bool read_assignment(std::size_t begin, bool exported) {
    std::size_t end = begin;
    while (end < text_.size() && is_key(text_[end])) ++end;
    if (end == begin) return false;
    const std::size_t equals = skip_space(end);
    std::size_t value = 0;
    if (equals < text_.size() && text_[equals] == '=') {
      value = equals + 1;
    } else if (end < text_.size() && text_[end] == ':' && js_space(text_, end + 1) > 0) {
      value = end + 1 + js_space(text_, end + 1);
    } else {
      return false;
    }
    take(text_.substr(begin, end - begin), begin, value, exported);
    return true;
  }

  // Where the statement ends when nothing but blanks and a comment follow `at`.
  std::optional<std::size_t> rest(std::size_t at) const {
    const std::size_t next = skip_space(at);
    if (next >= text_.size()) return next;
    if (text_[next] == '#') return line_end(next);
    const std::size_t newline = next == 0 ? std::string_view::npos : text_.rfind('\n', next - 1);
    if (newline == std::string_view::npos || newline < at) return std::nullopt;
    return newline;
  }

  // The end of a value in quotes that begins at `open`, closing quote included: the first quote without a
  // backslash, else the last one with. `end` is where the statement ends.
  std::optional<std::size_t> quoted_end(std::size_t open, std::size_t& end) const {
    const char quote = text_[open];
    std::vector<std::size_t> escaped;
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\' && i + 1 < text_.size() && text_[i + 1] == quote) {
        escaped.push_back(++i);
      } else if (text_[i] == quote) {
        escaped.push_back(i);
        break;
      }
    }
    for (auto at = escaped.rbegin(); at != escaped.rend(); ++at) {
      if (const auto after = rest(*at + 1)) {
        end = *after;
        return *at + 1;
      }
    }
    return std::nullopt;
  }

  void take(std::string_view key, std::size_t key_at, std::size_t value_at, bool exported) {
    std::string_view raw;
    std::size_t end = value_at;
    const std::size_t open = skip_space(value_at);
    std::optional<std::size_t> close;
    if (open < text_.size() && (text_[open] == '\'' || text_[open] == '"' || text_[open] == '`')) {
      close = quoted_end(open, end);
    }
    if (close) {
      raw = text_.substr(open, *close - open);
    } else {
      const std::size_t stop = std::min(text_.find_first_of("#\n", value_at), text_.size());
      raw = trim_right(trim_left(text_.substr(value_at, stop - value_at), js_space), js_space);
      end = rest(stop).value_or(stop);
    }
    at_ = end;
    finish(out_.add(key, key_at, raw, value_at), raw, exported);
  }

  void finish(EnvEntry& entry, std::string_view raw, bool exported) {
    entry.exported = exported;
    const char first = raw.empty() ? '\0' : raw.front();
    const bool is_quote = first == '\'' || first == '"' || first == '`';
    const bool closed = is_quote && raw.size() >= 2 && raw.back() == first;
    if (closed) entry.quote = first;
    entry.literal = closed ? raw.substr(1, raw.size() - 2) : raw;
    if (first == '"') {
      replace_all(entry.literal, "\\n", "\n");
      replace_all(entry.literal, "\\r", "\r");
      if (loader_ == Loader::Dotenvx) replace_all(entry.literal, "\\t", "\t");
    }
    entry.value = entry.literal;
    if (loader_ != Loader::Dotenvx) return;
    if (first != '\'') expand_dotenvx(entry, out_);
    out_.define(entry);
  }

  Collector& out_;
  std::string_view text_;
  Loader loader_;
  std::size_t at_ = 0;
};

}  // namespace

void read_dotenv_lines(Collector& out, Loader loader) { Lines(out, loader).read(); }

}  // namespace tightship::lint
