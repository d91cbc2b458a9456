// Fixes of form. What they change is the form alone: a fix that would change a value in some loader is not made.

#include <algorithm>
#include <map>
#include <set>

#include "detect/text_class.h"
#include "env/style.h"
#include "env/style_lines.h"
#include "lint/dotenv.h"

namespace tightship::env {
namespace {

struct Piece {
  StyleLine::Kind kind = StyleLine::Kind::Blank;
  std::string key;
  std::string text;
  bool movable = false;  // UnorderedKey is on where it stands
};

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return detect::is_lower(c) ? static_cast<char>(c - 32) : c; });
  return out;
}

class Fixer {
 public:
  Fixer(std::string_view text, const std::vector<std::string>& ignore) : text_(text) {
    off_.insert(ignore.begin(), ignore.end());
  }

  std::string run() {
    for (const StyleLine& line : style_lines(text_)) add(line);
    sort_groups();
    std::string out;
    for (std::size_t i = 0; i < pieces_.size(); ++i) out.append(pieces_[i].text).append("\n");
    if (off_.count("EndingBlankLine") != 0 && !text_.ends_with('\n') && !out.empty()) out.pop_back();
    if (text_.starts_with("\xEF\xBB\xBF")) out.insert(0, "\xEF\xBB\xBF");
    return out;
  }

 private:
  bool on(std::string_view check) const { return off_.count(check) == 0; }

  void add(const StyleLine& line) {
    Piece piece;
    piece.kind = line.kind;
    piece.movable = on("UnorderedKey");
    piece.text = line.text;
    if (line.kind == StyleLine::Kind::Comment) {
      if (const auto said = style_switch(line.text)) apply(*said);
    }
    if (line.kind == StyleLine::Kind::Blank) {
      if (on("ExtraBlankLine") && !pieces_.empty() && pieces_.back().kind == StyleLine::Kind::Blank) return;
      if (on("TrailingWhitespace")) piece.text.clear();
    }
    if (line.kind == StyleLine::Kind::Assignment) piece = assignment(line);
    if (on("TrailingWhitespace")) {
      while (piece.text.ends_with(' ') || piece.text.ends_with('\t')) piece.text.pop_back();
    }
    pieces_.push_back(std::move(piece));
  }

  void apply(const StyleSwitch& said) {
    for (const std::string_view name : style_checks()) {
      if (!said.names.empty() && std::find(said.names.begin(), said.names.end(), name) == said.names.end()) continue;
      if (said.off)
        off_.insert(std::string(name));
      else
        off_.erase(std::string(name));
    }
  }

  Piece assignment(const StyleLine& line) {
    Piece piece;
    piece.kind = line.kind;
    piece.movable = on("UnorderedKey");
    std::string key(line.key);
    if (on("LowercaseKey")) key = upper(key);
    if (on("IncorrectDelimiter") && !key.empty()) {
      std::replace_if(
          key.begin() + 1, key.end(), [](char c) { return !detect::is_alphanumeric(c) && c != '_'; }, '_');
    }
    std::string head(on("LeadingCharacter") ? std::string_view() : line.lead);
    if (line.exported) head += "export ";
    const bool tight = on("SpaceCharacter") || !line.spaced;
    std::string equals = line.has_value ? (tight ? "=" : between(line)) : on("KeyWithoutValue") ? "=" : "";
    piece.key = key;
    piece.text = head + key + equals + value_of(line) + tail_of(line);
    const auto [first, added] = seen_.try_emplace(key, line.value);
    // Of two different values the last one counts: which of them is wrong only their author knows.
    if (on("DuplicatedKey") && !added && first->second == line.value) {
      piece.text.insert(0, "# ");
      piece.kind = StyleLine::Kind::Comment;
      std::string_view rest = piece.text;
      // Every line of a value of several lines becomes a comment.
      std::string commented;
      for (const char c : rest) {
        commented += c;
        if (c == '\n') commented += "# ";
      }
      piece.text = commented;
    }
    return piece;
  }

  // "=" with the blanks beside it, as written.
  static std::string between(const StyleLine& line) {
    const char* begin = line.key.data() + line.key.size();
    const char* end = line.value.empty() ? line.text.data() + line.text.size() : line.value.data();
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  std::string value_of(const StyleLine& line) const {
    const std::string value(line.value);
    if (on("QuoteCharacter") && has_needless_quotes(value) && value.size() >= 2 && value.front() == value.back() &&
        (value.front() == '"' || value.front() == '\'') && value.find(value.front(), 1) == value.size() - 1) {
      return checked(line, value, value.substr(1, value.size() - 2));
    }
    if (on("ValueWithoutQuotes") && lacks_quotes(value) && value.find_first_of("\"$`\\") == std::string::npos)
      return checked(line, value, "\"" + value + "\"");
    return value;
  }

  // The new form, if every loader that reads quotes as quotes gives the same value for both.
  static std::string checked(const StyleLine& line, const std::string& before, const std::string& after) {
    const std::string key = line.key.empty() || has_wrong_delimiter(line.key) ? "A" : std::string(line.key);
    for (const lint::Loader loader : lint::kLoaders) {
      if (loader == lint::Loader::DockerRun || loader == lint::Loader::Bash) continue;
      const lint::EnvFile a = lint::read_env(key + "=" + before + "\n", loader),
                          b = lint::read_env(key + "=" + after + "\n", loader);
      const lint::EnvEntry *was = a.find(key), *is = b.find(key);
      if (was == nullptr || is == nullptr || was->value != is->value) return before;
    }
    return after;
  }

  // A comment behind the value.
  static std::string tail_of(const StyleLine& line) {
    if (line.value.empty()) {
      const std::size_t hash = line.has_value ? line.text.find(" #", line.text.find('=')) : std::string_view::npos;
      return hash == std::string_view::npos ? "" : std::string(line.text.substr(hash));
    }
    const char* end = line.value.data() + line.value.size();
    const char* stop = line.text.data() + line.text.size();
    if (stop <= end) return "";
    std::string tail(end, static_cast<std::size_t>(stop - end));
    return tail.find('#') == std::string::npos ? "" : tail;
  }

  // Within a group of lines without a blank one keys are sorted; a comment goes with the key below it.
  void sort_groups() {
    std::vector<Piece> out;
    for (std::size_t begin = 0; begin < pieces_.size();) {
      std::size_t end = begin;
      while (end < pieces_.size() && pieces_[end].kind != StyleLine::Kind::Blank) ++end;
      sort_group(begin, end, out);
      if (end < pieces_.size()) out.push_back(pieces_[end]);
      begin = end + 1;
    }
    pieces_ = std::move(out);
  }

  void sort_group(std::size_t begin, std::size_t end, std::vector<Piece>& out) const {
    struct Block {
      std::string key;
      std::vector<const Piece*> pieces;
    };
    std::vector<Block> blocks;
    std::vector<const Piece*> comments;
    bool movable = true;
    for (std::size_t i = begin; i < end; ++i) {
      movable &= pieces_[i].movable;
      comments.push_back(&pieces_[i]);
      if (pieces_[i].kind != StyleLine::Kind::Assignment) continue;
      blocks.push_back({pieces_[i].key, std::move(comments)});
      comments.clear();
      // A reference to another variable of the group needs it above.
      movable &= pieces_[i].text.find('$') == std::string::npos;
    }
    if (movable)
      std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.key < b.key; });
    for (const Block& block : blocks) {
      for (const Piece* piece : block.pieces) out.push_back(*piece);
    }
    for (const Piece* piece : comments) out.push_back(*piece);
  }

  std::string_view text_;
  std::set<std::string, std::less<>> off_;
  std::map<std::string, std::string> seen_;  // first value of a key
  std::vector<Piece> pieces_;
};

}  // namespace

std::string fixed_style(std::string_view text, const std::vector<std::string>& ignore) {
  // A later key that is commented out, or a name in capitals, may make two keys one: until nothing changes.
  std::string now = Fixer(text, ignore).run();
  for (unsigned round = 0; round < 3; ++round) {
    std::string next = Fixer(now, ignore).run();
    if (next == now) break;
    now = std::move(next);
  }
  return now;
}

}  // namespace tightship::env
