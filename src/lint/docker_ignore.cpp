#include "lint/docker_ignore.h"

#include <algorithm>

#include "lint/dockerfile.h"
#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

// Go's path.Clean: no "." and "..", no doubled or trailing slashes.
std::string clean(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (part != ".." || !rooted)
      parts.push_back(part);
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) out.append(i > 0 ? "/" : "").append(parts[i]);
  return out.empty() ? "." : out;
}

bool in_class(const std::string& set, bool negated, char c) {
  for (std::size_t i = 0; i + 1 < set.size(); i += 2) {
    if (set[i] <= c && c <= set[i + 1]) return !negated;
  }
  return negated;
}

}  // namespace

// A pattern as tokens; nothing when a bracket or an escape is left open.
std::optional<std::vector<DockerIgnore::Token>> DockerIgnore::tokens_of(std::string_view pattern) {
  std::vector<Token> out;
  const auto add = [&](Token::Kind kind, char literal = 0) {
    Token token;
    token.kind = kind;
    token.literal = literal;
    out.push_back(std::move(token));
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*' && pattern.substr(i).starts_with("**")) {
      ++i;
      if (i + 1 < pattern.size() && pattern[i + 1] == '/') ++i;
      add(i + 1 >= pattern.size() ? Token::Kind::Rest : Token::Kind::Folders);
    } else if (c == '*') {
      add(Token::Kind::Star);
    } else if (c == '?') {
      add(Token::Kind::Any);
    } else if (c == '\\') {
      if (i + 1 >= pattern.size()) return std::nullopt;
      add(Token::Kind::Literal, pattern[++i]);
    } else if (c == '[') {
      Token token;
      token.kind = Token::Kind::Class;
      ++i;
      if (i < pattern.size() && pattern[i] == '^') token.negated = ++i > 0;
      bool first = true;
      for (; i < pattern.size() && (pattern[i] != ']' || first); first = false) {
        const auto one = [&]() -> std::optional<char> {
          if (i < pattern.size() && pattern[i] == '\\') ++i;
          if (i >= pattern.size()) return std::nullopt;
          return pattern[i++];
        };
        if (first && pattern[i] == ']') return std::nullopt;
        const auto low = one();
        auto high = low;
        if (i < pattern.size() && pattern[i] == '-') {
          ++i;
          if (i < pattern.size() && pattern[i] == ']') return std::nullopt;
          high = one();
        }
        if (!low || !high) return std::nullopt;
        token.set += *low;
        token.set += *high;
      }
      if (i >= pattern.size()) return std::nullopt;
      out.push_back(std::move(token));
    } else {
      add(Token::Kind::Literal, c);
    }
  }
  return out;
}

DockerIgnore DockerIgnore::parse(std::string_view text) {
  DockerIgnore out;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('#')) continue;
    line = trim_ascii(line);
    if (line.empty()) continue;
    Pattern pattern;
    pattern.negated = line.front() == '!';
    if (pattern.negated) line = trim_ascii(line.substr(1));
    std::string cleaned = line.empty() ? std::string() : clean(line);
    if (cleaned.size() > 1 && cleaned[0] == '/') cleaned.erase(0, 1);
    if (cleaned.empty()) {
      out.error_ = "a lone ! takes nothing back";
      break;
    }
    const auto tokens = tokens_of(cleaned);
    if (!tokens || out.patterns_.size() >= kMaxIgnorePatterns) {
      out.error_ = tokens ? "more patterns than are evaluated" : "a bracket or an escape is not closed";
      break;
    }
    // "**x" and "**/x" without further wildcards are compared with the end of the path alone.
    pattern.suffix_only = cleaned.starts_with("**") &&
                          std::all_of(tokens->begin() + 1, tokens->end(),
                                      [](const Token& token) { return token.kind == Token::Kind::Literal; }) &&
                          cleaned.find('\\') == std::string::npos;
    if (pattern.suffix_only) pattern.suffix = cleaned.substr(2);
    pattern.tokens = *tokens;
    out.patterns_.push_back(std::move(pattern));
  }
  if (out.error_) out.patterns_.clear();
  return out;
}

// By the set of token positions that are reached, so that no pattern takes more than tokens x length.
bool DockerIgnore::matches(const Pattern& pattern, std::string_view path) {
  if (pattern.suffix_only) {
    const std::string_view suffix = pattern.suffix;
    return path.ends_with(suffix) || (suffix.starts_with('/') && path == suffix.substr(1));
  }
  using Kind = Token::Kind;
  const std::vector<Token>& tokens = pattern.tokens;
  // Two states a token: 2i = before token i; 2i+1 = inside the folders of a `**`, not behind a slash yet.
  std::vector<char> now(tokens.size() * 2 + 1, 0), next(now.size(), 0);
  const auto enter = [&](std::vector<char>& states, std::size_t token, auto&& self) -> void {
    if (states[token * 2] != 0) return;
    states[token * 2] = 1;
    if (token < tokens.size() &&
        (tokens[token].kind == Kind::Star || tokens[token].kind == Kind::Rest || tokens[token].kind == Kind::Folders)) {
      self(states, token + 1, self);
    }
  };
  enter(now, 0, enter);
  for (const char c : path) {
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const Token& token = tokens[i];
      const bool here = now[i * 2] != 0, inside = now[i * 2 + 1] != 0;
      if (!here && !inside) continue;
      switch (token.kind) {
        case Kind::Literal:
          if (c == token.literal) enter(next, i + 1, enter);
          break;
        case Kind::Any:
          if (c != '/') enter(next, i + 1, enter);
          break;
        case Kind::Class:
          if (in_class(token.set, token.negated, c)) enter(next, i + 1, enter);
          break;
        case Kind::Star:
          if (c != '/') enter(next, i, enter);
          break;
        case Kind::Rest: enter(next, i, enter); break;
        case Kind::Folders:
          next[i * 2 + 1] = 1;
          if (c == '/') enter(next, i + 1, enter);
          break;
      }
    }
    std::swap(now, next);
  }
  return now[tokens.size() * 2] != 0;
}

bool DockerIgnore::excludes(std::string_view path) const {
  bool excluded = false;
  for (const Pattern& pattern : patterns_) {
    if (pattern.negated != excluded) continue;
    bool hit = matches(pattern, path);
    for (std::size_t slash = path.find('/'); !hit && slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      hit = matches(pattern, path.substr(0, slash));
    }
    if (hit) excluded = !pattern.negated;
  }
  return excluded;
}

std::vector<DockerCopy> docker_copies(std::string_view dockerfile) {
  std::vector<DockerCopy> out;
  const Dockerfile file = parse_dockerfile(dockerfile);
  for (const DockerInstruction& instruction : file.instructions) {
    if ((instruction.name != "COPY" && instruction.name != "ADD") || !instruction.flag("from").empty()) continue;
    for (std::size_t i = 0; i + 1 < instruction.words.size(); ++i) {
      const DockerWord& word = instruction.words[i];
      if (word.text.starts_with("<<") || word.text.find("://") != std::string::npos) continue;
      out.push_back({word.text, instruction.at.line, file.ships(instruction.stage)});
    }
  }
  return out;
}

bool copy_covers(std::string_view source, std::string_view path) {
  std::string cleaned = clean(source);
  if (cleaned.starts_with('/')) cleaned.erase(0, 1);
  if (cleaned == "." || cleaned.empty()) return true;
  // A source is a pattern without ** and without exceptions; a folder brings what is below it.
  std::string pattern = cleaned;
  if (pattern.starts_with('!') || pattern.starts_with('#')) pattern.insert(0, "\\");
  return DockerIgnore::parse(pattern).excludes(path);
}

}  // namespace tightship::lint
