#include "lint/dockerfile.h"

#include <algorithm>
#include <map>

namespace tightship::lint {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

// A character of a joined instruction still knows its place in the file.
struct Joined {
  std::string text;
  std::vector<At> at;
  void add(std::string_view part, At where) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      text += part[i];
      at.push_back({where.line, where.column + static_cast<std::uint32_t>(i)});
    }
  }
  At place(std::size_t i) const { return at.empty() ? At{} : at[std::min(i, at.size() - 1)]; }
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text.substr(0, kMaxDockerfile)) {
    if (text_.rfind("\xef\xbb\xbf", 0) == 0) text_.remove_prefix(3);
  }

  Dockerfile run() {
    directives();
    while (at_ < text_.size() && file_.instructions.size() < kMaxDockerInstructions) instruction();
    find_shipped();
    return std::move(file_);
  }

 private:
  // The next line without its end; at_ is behind it.
  std::string_view line() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view found = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size() + 1);
    if (end >= text_.size()) at_ = text_.size();
    ++line_;
    if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
  }

  void directives() {
    for (;;) {
      const std::size_t before = at_;
      if (at_ >= text_.size()) return;
      const std::string_view found = trimmed(line());
      const std::size_t equals = found.find('=');
      if (found.empty() || found.front() != '#' || equals == std::string_view::npos) {
        at_ = before;
        --line_;
        return;
      }
      if (upper(trimmed(found.substr(1, equals - 1))) == "ESCAPE" && trimmed(found.substr(equals + 1)) == "`")
        escape_ = '`';
    }
  }

  void instruction() {
    Joined joined;
    bool more = true;
    while (more && at_ < text_.size()) {
      std::string_view found = line();
      const std::string_view bare = trimmed(found);
      if (bare.empty() || bare.front() == '#') {
        if (joined.text.empty() && bare.empty()) return;
        if (joined.text.empty()) return;
        continue;  // a comment or an empty line inside of a continued one
      }
      while (!found.empty() && is_blank(found.back())) found.remove_suffix(1);
      more = !found.empty() && found.back() == escape_;
      if (more) found.remove_suffix(1);
      const std::size_t indent = found.find_first_not_of(" \t");
      if (indent != std::string_view::npos)
        joined.add(found.substr(indent), {line_, static_cast<std::uint32_t>(indent + 1)});
      if (more) joined.add(" ", {line_, static_cast<std::uint32_t>(found.size() + 1)});
    }
    if (!joined.text.empty()) take(joined);
  }

  void take(const Joined& joined) {
    DockerInstruction made;
    made.at = joined.place(0);
    const std::size_t end = std::min(joined.text.find_first_of(" \t"), joined.text.size());
    made.name = upper(std::string_view(joined.text).substr(0, end));
    std::size_t at = end;
    skip(joined.text, at);
    while (joined.text.compare(at, 2, "--") == 0) {
      const std::size_t stop = std::min(joined.text.find_first_of(" \t", at), joined.text.size());
      made.flags.push_back({joined.text.substr(at, stop - at), joined.place(at)});
      at = stop;
      skip(joined.text, at);
    }
    made.rest = std::string(trimmed(std::string_view(joined.text).substr(at)));
    words(joined, at, made);
    heredocs(made);
    if (made.name == "FROM") from(made);
    made.stage = file_.stages;
    file_.instructions.push_back(std::move(made));
  }

  static void skip(const std::string& text, std::size_t& at) {
    while (at < text.size() && is_blank(text[at])) ++at;
  }

  void words(const Joined& joined, std::size_t at, DockerInstruction& made) {
    if (at < joined.text.size() && joined.text[at] == '[' && exec_words(joined, at, made)) return;
    while (skip(joined.text, at), at < joined.text.size()) made.words.push_back(word(joined, at));
  }

  DockerWord word(const Joined& joined, std::size_t& at) {
    DockerWord made;
    made.at = joined.place(at);
    char quote = 0;
    for (; at < joined.text.size(); ++at) {
      const char c = joined.text[at];
      if (quote == 0 && is_blank(c)) break;
      if (c == escape_ && quote != '\'' && at + 1 < joined.text.size()) {
        made.text += joined.text[++at];
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        made.text += c;
      }
    }
    return made;
  }

  // ["a", "b"]; false when it is no list of texts.
  static bool exec_words(const Joined& joined, std::size_t at, DockerInstruction& made) {
    std::vector<DockerWord> found;
    bool wants = true;
    for (++at; at < joined.text.size(); ++at) {
      const char c = joined.text[at];
      if (is_blank(c)) continue;
      if (c == ']') {
        made.exec_form = true;
        made.words = std::move(found);
        return true;
      }
      if (c == ',' && !wants) {
        wants = true;
      } else if (c == '"' && wants) {
        DockerWord one;
        one.at = joined.place(at + 1);
        for (++at; at < joined.text.size() && joined.text[at] != '"'; ++at) {
          if (joined.text[at] == '\\' && at + 1 < joined.text.size()) ++at;
          one.text += joined.text[at];
        }
        found.push_back(std::move(one));
        wants = false;
      } else {
        return false;
      }
    }
    return false;
  }

  void heredocs(DockerInstruction& made) {
    if (made.name != "RUN" && made.name != "COPY" && made.name != "ADD") return;
    std::string_view rest = made.rest;
    for (std::size_t at = rest.find("<<"); at != std::string_view::npos; at = rest.find("<<", at + 2)) {
      std::size_t i = at + 2;
      const bool tabs = i < rest.size() && rest[i] == '-';
      if (tabs) ++i;
      if (i < rest.size() && (rest[i] == '"' || rest[i] == '\'')) ++i;
      std::size_t end = i;
      while (end < rest.size() && (is_word(rest[end]))) ++end;
      if (end == i || (rest[i] >= '0' && rest[i] <= '9')) continue;
      made.heredocs.push_back(heredoc(rest.substr(i, end - i), tabs));
    }
  }

  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  // To the line of `end`. Without one there is none: BuildKit refuses such a file.
  // A file with many of them is not read again and again.
  std::string heredoc(std::string_view end, bool tabs) {
    if (open_heredocs_ >= 64) return {};
    const std::size_t start = at_;
    const std::uint32_t start_line = line_;
    std::string body;
    while (at_ < text_.size()) {
      std::string_view found = line();
      while (tabs && !found.empty() && found.front() == '\t') found.remove_prefix(1);
      if (found == end) return body;
      body.append(found).append("\n");
    }
    at_ = start;
    line_ = start_line;
    ++open_heredocs_;
    return {};
  }

  void from(const DockerInstruction& made) {
    ++file_.stages;
    Dockerfile::Stage stage;
    if (!made.words.empty()) stage.base = made.words[0].text;
    if (made.words.size() >= 3 && upper(made.words[1].text) == "AS") stage.name = made.words[2].text;
    file_.stage_names.push_back(std::move(stage));
  }

  // From the last stage along FROM, always to an earlier one: `FROM a AS a` is no circle.
  void find_shipped() {
    file_.shipped.assign(file_.stages, false);
    std::vector<std::uint32_t> from(file_.stages, 0);
    std::map<std::string, std::uint32_t> names;
    for (std::uint32_t i = 0; i < file_.stages; ++i) {
      const auto known = names.find(upper(file_.stage_names[i].base));
      if (known != names.end()) from[i] = known->second;
      if (!file_.stage_names[i].name.empty()) names[upper(file_.stage_names[i].name)] = i + 1;
    }
    for (std::uint32_t stage = file_.stages; stage != 0; stage = from[stage - 1]) file_.shipped[stage - 1] = true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
  unsigned open_heredocs_ = 0;
  char escape_ = '\\';
  Dockerfile file_;
};

}  // namespace

std::string DockerInstruction::flag(std::string_view wanted) const {
  for (const DockerWord& flag : flags) {
    const std::string_view text = std::string_view(flag.text).substr(2);
    if (text == wanted) return "true";
    if (text.substr(0, wanted.size()) == wanted && text.substr(wanted.size(), 1) == "=") {
      return std::string(text.substr(wanted.size() + 1));
    }
  }
  return {};
}

std::vector<DockerInstruction::Pair> DockerInstruction::pairs() const {
  std::vector<Pair> found;
  if (words.empty()) return found;
  if (name == "ENV" && words[0].text.find('=') == std::string::npos) {
    Pair pair{words[0], {}, words.size() > 1};
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (i == 1) pair.value.at = words[i].at;
      pair.value.text += (i > 1 ? " " : "") + words[i].text;
    }
    return {pair};
  }
  for (const DockerWord& word : words) {
    const std::size_t equals = word.text.find('=');
    Pair pair{word, {}, equals != std::string::npos};
    pair.name.text = word.text.substr(0, equals);
    if (pair.has_value) {
      pair.value.text = word.text.substr(equals + 1);
      pair.value.at = {word.at.line, word.at.column + static_cast<std::uint32_t>(equals + 1)};
    }
    found.push_back(std::move(pair));
  }
  return found;
}

Dockerfile parse_dockerfile(std::string_view text) { return Reader(text).run(); }

}  // namespace tightship::lint
