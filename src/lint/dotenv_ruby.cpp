// dotenv of Ruby, as in version 2: one line at a time, so that a value of several lines is cut. Outside of single
// quotes variables are replaced, then commands are run; both on the unquoted and unescaped text.

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

bool is_key(char c) { return is_word(c) || c == '.'; }
// Ruby's \s leaves the vertical tab in, as ours; strip also takes NUL.
bool is_stripped(char c) { return is_ascii_space(c) || c == '\0'; }

std::string_view strip(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_stripped(text.back())) text.remove_suffix(1);
  return text;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '$') ++i;
    out += text[i];
  }
  return out;
}

struct Parts {
  std::string_view key, value;
  bool exported = false;
};

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_space(text[at])) ++at;
  return at;
}

// Nothing but blanks and a comment from `at` on.
bool ends(std::string_view line, std::size_t at) {
  at = skip_space(line, at);
  return at >= line.size() || line[at] == '#';
}

std::string_view value_at(std::string_view line, std::size_t at) {
  if (at < line.size() && (line[at] == '\'' || line[at] == '"')) {
    for (std::size_t close = line.rfind(line[at]); close > at; close = line.rfind(line[at], close - 1)) {
      if (ends(line, close + 1)) return line.substr(at, close + 1 - at);
    }
  }
  return line.substr(at, std::min(line.find('#', at), line.size()) - at);
}

std::optional<Parts> split_from(std::string_view line, std::size_t at, bool exported) {
  std::size_t end = at;
  while (end < line.size() && is_key(line[end])) ++end;
  if (end == at) return std::nullopt;
  const std::size_t equals = skip_space(line, end);
  if (equals < line.size() && line[equals] == '=') {
    return Parts{line.substr(at, end - at), value_at(line, skip_space(line, equals + 1)), exported};
  }
  if (end + 1 < line.size() && line[end] == ':' && is_ascii_space(line[end + 1])) {
    return Parts{line.substr(at, end - at), value_at(line, end + 2), exported};
  }
  return std::nullopt;
}

std::optional<Parts> split(std::string_view line) {
  const std::size_t begin = skip_space(line, 0);
  if (line.substr(begin).starts_with("export")) {
    const std::size_t key = skip_space(line, begin + 6);
    if (key > begin + 6) {
      if (auto parts = split_from(line, key, true)) return parts;
    }
  }
  return split_from(line, begin, false);
}

// \$X, ${X}, $X: the braces need not match.
void replace_variables(EnvEntry& entry, const Collector& out) {
  std::string made;
  const std::string text = entry.value;
  for (std::size_t i = 0; i < text.size() && made.size() < kMaxExpanded;) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '$';
    const std::size_t dollar = escaped ? i + 1 : i;
    if (text[dollar] != '$' || (dollar + 1 < text.size() && text[dollar + 1] == '(')) {
      made += text[i++];
      continue;
    }
    std::size_t name = dollar + 1;
    if (name < text.size() && text[name] == '{') ++name;
    std::size_t end = name;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view referred = std::string_view(text).substr(name, end - name);
    if (end < text.size() && text[end] == '}') ++end;
    if (escaped || referred.empty()) {
      made.append(text, dollar, end - dollar);
    } else {
      const auto found = out.value_of(referred, true);
      if (!found) entry.undefined.emplace_back(referred);
      made += found.value_or("");
      entry.expanded = true;
    }
    i = end;
  }
  entry.value = std::move(made);
}

// The end of a command in balanced brackets that begins at `open`, or npos. "()" is none.
std::size_t command_end(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && (text[i - 1] == '(' || --depth == 0)) return text[i - 1] == '(' ? std::string_view::npos : i;
  }
  return std::string_view::npos;
}

void run_commands(EnvEntry& entry, const Collector& out) {
  std::string made;
  const std::string text = entry.value;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t open = text.find("$(", i);
    if (open == std::string::npos) {
      made.append(text, i);
      break;
    }
    const std::size_t close = command_end(text, open + 1);
    if (close == std::string::npos) {
      made.append(text, i, open + 2 - i);
      i = open + 2;
      continue;
    }
    const bool escaped = open > i && text[open - 1] == '\\';
    made.append(text, i, open - i - (escaped ? 1 : 0));
    if (escaped) {
      made.append(text, open, close + 1 - open);
    } else {
      std::string said = out.run(std::string_view(text).substr(open + 2, close - open - 2));
      if (said.ends_with('\n')) said.pop_back();
      made += said;
      entry.runs_command = true;
    }
    i = close + 1;
  }
  entry.value = std::move(made);
}

void take(Collector& out, const Parts& parts, std::size_t line_at, std::string_view line) {
  const auto at = [&](std::string_view part) { return line_at + static_cast<std::size_t>(part.data() - line.data()); };
  const std::string_view raw = strip(parts.value);
  EnvEntry& entry = out.add(parts.key, at(parts.key), raw, at(parts.value));
  entry.exported = parts.exported;
  entry.literal = raw;
  if (raw.size() >= 2 && raw.front() == raw.back() && (raw.front() == '\'' || raw.front() == '"')) {
    entry.quote = raw.front();
    entry.literal = raw.substr(1, raw.size() - 2);
  }
  if (entry.quote == '"') {
    replace_all(entry.literal, "\\n", "\n");
    replace_all(entry.literal, "\\r", "\r");
    entry.literal = unescape(entry.literal);
  }
  entry.value = entry.literal;
  if (entry.quote != '\'') {
    replace_variables(entry, out);
    run_commands(entry, out);
  }
  out.define(entry);
}

// "export A B" of variables that are not set is an error of the whole file.
bool exports_unset(const Collector& out, std::string_view line) {
  line = trim_ascii(line);
  if (!line.starts_with("export") || (line.size() > 6 && !is_ascii_space(line[6]))) return false;
  line.remove_prefix(6);
  while (!(line = trim_ascii(line)).empty()) {
    std::size_t end = 0;
    while (end < line.size() && !is_ascii_space(line[end])) ++end;
    if (!out.own(line.substr(0, end))) return true;
    line.remove_prefix(end);
  }
  return false;
}

}  // namespace

void read_ruby(Collector& out) {
  const std::string_view text = out.source().text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (const auto parts = split(line)) {
      take(out, *parts, at, line);
    } else if (exports_unset(out, line)) {
      return out.give_up("exports a variable that is not set", at);
    }
    at = end + 1;
  }
}

}  // namespace tightship::lint
