// node's own reader, of --env-file and util.parseEnv, which Vite has used since its version 8: a key is all up to the
// next =, whatever lies between, but for empty lines and comments before it. A quoted value ends at the next quote
// of its kind, escaped or not, and what follows on its line is dropped.

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

bool is_trimmed(char c) { return c == ' '; }

std::size_t skip(std::string_view text, std::size_t at) {
  while (at < text.size() && is_trimmed(text[at])) ++at;
  return at;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_trimmed(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_trimmed(text.back())) text.remove_suffix(1);
  return text;
}

class Reader {
 public:
  explicit Reader(Collector& out) : out_(out), text_(trim(out.source().text)) {
    base_ = static_cast<std::size_t>(text_.data() - out.source().text.data());
  }

  void read() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\n' || text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
        continue;
      }
      if (!read_key()) return;
    }
  }

 private:
  bool read_key() {
    const std::size_t equals = text_.find('=', at_);
    if (equals == std::string_view::npos) return false;
    std::string_view key = trim(text_.substr(at_, equals - at_));
    if (key.empty()) return false;
    const bool exported = key.starts_with("export ");
    if (exported) key.remove_prefix(7);
    at_ = equals + 1;
    if (at_ >= text_.size() || text_[at_] == '\n') {
      add(key, {}, exported);
      ++at_;
      return true;
    }
    at_ = skip(text_, at_);
    if (at_ >= text_.size()) {
      add(key, {}, exported);
      return true;
    }
    take_value(key, exported);
    return true;
  }

  void take_value(std::string_view key, bool exported) {
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'' || quote == '`') {
      const std::size_t close = text_.find(quote, at_ + 1);
      if (close != std::string_view::npos) {
        EnvEntry& entry = add(key, text_.substr(at_, close + 1 - at_), exported);
        entry.quote = quote;
        entry.literal = text_.substr(at_ + 1, close - at_ - 1);
        if (quote == '"') replace_all(entry.literal, "\\n", "\n");
        entry.value = entry.literal;
        at_ = std::min(text_.find('\n', close + 1), text_.size());
        return;
      }
      // An open quote on the last line, without a line end: nothing is set, and the quote begins the next name.
      const std::size_t end = text_.find('\n', at_);
      if (end == std::string_view::npos) return;
      add(key, text_.substr(at_, end - at_), exported);
      at_ = end;
      return;
    }
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    add(key, trim(line.substr(0, line.find('#'))), exported);
    at_ = end;
  }

  EnvEntry& add(std::string_view key, std::string_view raw, bool exported) {
    const auto key_at = static_cast<std::size_t>(key.data() - text_.data());
    EnvEntry& entry = out_.add(key, base_ + key_at, raw, base_ + std::min(at_, text_.size()));
    entry.exported = exported;
    entry.literal = raw;
    entry.value = entry.literal;
    return entry;
  }

  Collector& out_;
  std::string_view text_;
  std::size_t base_ = 0, at_ = 0;
};

}  // namespace

void read_node_builtin(Collector& out) { Reader(out).read(); }

}  // namespace tightship::lint
