#pragma once

// What the readers of env files share: the text as a loader sees it, blanks, and variables so far.

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lint/dotenv.h"

namespace tightship::lint {

// Text after a loader's treatment of line ends and marks, with the way back to the original.
class Source {
 public:
  explicit Source(std::string_view original) : text(original) {}
  // "\r\n" becomes "\n".
  static Source without_crlf(std::string_view original);
  // ... and a lone "\r" as well.
  static Source with_newlines(std::string_view original);
  // All "\r" are taken out.
  static Source without_cr(std::string_view original);

  std::size_t original_offset(std::size_t offset) const;
  std::string_view text;

  Source(Source&&) = default;
  Source(const Source&) = delete;

 private:
  template <class Drop>
  static Source filtered(std::string_view original, char stand_in, Drop drop);
  std::vector<char> owned_;             // moves without moving its bytes
  std::vector<std::uint32_t> removed_;  // offsets in `text` before which one byte of the original is left out
};

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool is_digit_char(char c) { return c >= '0' && c <= '9'; }
inline bool is_word(char c) { return is_name_start(c) || is_digit_char(c); }

// Width in bytes of the white space of JavaScript at `at` (Unicode's, in UTF-8, and U+FEFF), 0 when there is none.
std::size_t js_space(std::string_view text, std::size_t at);
// The same of Go's unicode.IsSpace, and of the Go readers' own blanks, which leave line ends out.
std::size_t go_space(std::string_view text, std::size_t at);
std::size_t go_blank(std::string_view text, std::size_t at);

std::string_view trim_ascii(std::string_view text);
using SpaceWidth = std::size_t (*)(std::string_view, std::size_t);
std::size_t skip_space(std::string_view text, std::size_t at, SpaceWidth space);
// Where the next statement of the Go readers begins: behind white space and comments; the text's size at its end.
std::size_t next_go_statement(std::string_view text, std::size_t at);
std::string_view trim_left(std::string_view text, SpaceWidth space);
std::string_view trim_right(std::string_view text, SpaceWidth space);

void replace_all(std::string& text, std::string_view from, std::string_view to);

// How many entries to make room for: entries are large, and letting a list of 20 000 grow by itself cost a third of
// reading it. Bounded, since a hostile file may be nothing but line ends.
std::size_t expected_entries(std::string_view text);

// Collects the entries of one text.
class Collector {
 public:
  Collector(const Source& source, const ReadOptions& options, EnvFile& file)
      : source_(source),
        options_(options),
        file_(file),
        refers_(source.text.find('$') != std::string_view::npos ||
                source.text.find("export") != std::string_view::npos) {}

  // `raw` is a view into the source's text, or empty; then `value_at` tells where the value would stand.
  EnvEntry& add(std::string_view key, std::size_t key_at, std::string_view raw, std::size_t value_at);
  // Value of a variable that was read before, else of the environment; `outer_first` the other way round.
  std::optional<std::string> value_of(std::string_view name, bool outer_first = false) const;
  std::optional<std::string> outer(std::string_view name) const;
  std::optional<std::string> own(std::string_view name) const;
  // Makes the last entry's value known to those that follow.
  void define(const EnvEntry& entry);
  std::string run(std::string_view command) const { return options_.run ? options_.run(command) : std::string(); }
  void give_up(std::string what, std::size_t at);
  const Source& source() const { return source_; }
  EnvFile& file() { return file_; }

 private:
  const Source& source_;
  const ReadOptions& options_;
  EnvFile& file_;
  bool refers_;  // without $ and "export NAME" in the text nobody asks for what is defined
  std::unordered_map<std::string, std::string> defined_;
};

// One of each file. `text` of the source is read, entries and the error are left.
void read_dotenv_lines(Collector& out, Loader loader);  // node dotenv, Next, dotenvx
void read_node_builtin(Collector& out);                 // node --env-file, Vite
void read_python(Collector& out);
void read_ruby(Collector& out);
void read_godotenv(Collector& out);
void read_compose(Collector& out);
void read_docker_run(Collector& out);
void read_shell(Collector& out);

// Variables as a map in the order of first occurrence, expanded after all was read.
void expand_next(EnvFile& file, const ReadOptions& options);
void expand_vite(EnvFile& file, const ReadOptions& options);
// One value, by the variables before it (dotenvx).
void expand_dotenvx(EnvEntry& entry, Collector& out);

}  // namespace tightship::lint
