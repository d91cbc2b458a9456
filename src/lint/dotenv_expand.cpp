// References to variables as the JavaScript loaders replace them, in a value that was read before. Three versions of
// one library with three behaviours: Next.js bundles an old one, Vite a new one, dotenvx its own.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "lint/dotenv_parts.h"

namespace tightship::lint {
namespace {

constexpr unsigned kMaxReplacements = 1'000;  // of references in one value: circular ones never end

using Values = std::unordered_map<std::string, std::string>;

bool is_escaped(std::string_view text, std::size_t at) { return at > 0 && text[at - 1] == '\\'; }

void drop_escapes(std::string& text) { replace_all(text, "\\$", "$"); }

// JavaScript's text.replace(what, by): the first occurrence, with $$, $&, $` and $' in `by` meaning something.
std::string replace_first(const std::string& text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) return text;
  std::string out = text.substr(0, at);
  for (std::size_t i = 0; i < by.size(); ++i) {
    const char next = by[i] == '$' && i + 1 < by.size() ? by[i + 1] : '\0';
    if (next == '$')
      out += '$';
    else if (next == '&')
      out += what;
    else if (next == '`')
      out.append(text, 0, at);
    else if (next == '\'')
      out.append(text, at + what.size());
    else {
      out += by[i];
      continue;
    }
    ++i;
  }
  return out.append(text, at + what.size());
}

struct Reference {
  std::string_view whole, name, fallback;
};

// Next's: the last $ of the value, a name of word characters, and a default that holds no brace.
std::optional<Reference> last_reference(std::string_view text) {
  std::size_t dollar = text.size();
  while (dollar > 0 && !(text[dollar - 1] == '$' && !is_escaped(text, dollar - 1))) --dollar;
  if (dollar == 0) return std::nullopt;
  --dollar;
  std::size_t at = dollar + 1;
  if (at < text.size() && text[at] == '{') ++at;
  const std::size_t name = at;
  while (at < text.size() && is_word(text[at])) ++at;
  if (at == name) return std::nullopt;
  Reference found;
  found.name = text.substr(name, at - name);
  if (text.substr(at).starts_with(":-")) {
    const std::size_t begin = at + 2;
    at = std::min(text.find_first_of("}\\", begin), text.size());
    found.fallback = text.substr(begin, at - begin);
  }
  if (at < text.size() && text[at] == '}') ++at;
  found.whole = text.substr(dollar, at - dollar);
  return found;
}

// Vite's and dotenvx's: the first ${...} without braces in it, or $ and a name.
struct Expression {
  std::string_view whole, inside;
};
std::optional<Expression> first_expression(std::string_view text) {
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (is_escaped(text, at) || at + 1 >= text.size()) continue;
    if (text[at + 1] == '{') {
      const std::size_t end = text.find_first_of("{}", at + 2);
      if (end != std::string_view::npos && text[end] == '}' && end > at + 2) {
        return Expression{text.substr(at, end + 1 - at), text.substr(at + 2, end - at - 2)};
      }
      continue;
    }
    std::size_t end = at + 1;
    if (!is_name_start(text[end])) continue;
    while (end < text.size() && is_word(text[end])) ++end;
    return Expression{text.substr(at, end - at), text.substr(at + 1, end - at - 1)};
  }
  return std::nullopt;
}

// "NAME:-default" and so on. An expression without an operator is split at the word "null", as the library does.
struct Operation {
  std::string name, argument;
  bool alternative = false;  // + and :+
};
Operation split_operation(std::string_view inside) {
  const std::size_t at = inside.find_first_of("+-");
  Operation out;
  if (at == std::string_view::npos) {
    const std::size_t null = inside.find("null");
    out.name = inside.substr(0, null);
    if (null != std::string_view::npos) out.argument = inside.substr(null + 4);
    return out;
  }
  const bool colon = at > 0 && inside[at - 1] == ':';
  out.alternative = inside[at] == '+';
  out.name = inside.substr(0, colon ? at - 1 : at);
  out.argument = inside.substr(at + 1);
  return out;
}

// One value, re-read after every replacement. `value_of` gives nothing for what is not defined; `running` are the
// values that end the replacement when the result equals one of them.
template <class ValueOf>
std::string expand_expressions(std::string result, const ValueOf& value_of, const Values& running, EnvEntry& entry) {
  std::unordered_set<std::string> seen;
  for (unsigned i = 0; i < kMaxReplacements && result.size() < kMaxExpanded; ++i) {
    const auto found = first_expression(result);
    if (!found) break;
    seen.insert(result);
    const Operation operation = split_operation(found->inside);
    const std::string value = value_of(operation.name).value_or("");
    std::string by = operation.argument;
    if (operation.alternative)
      by = value.empty() ? "" : operation.argument;
    else if (!value.empty() && seen.count(value) == 0)
      by = value;
    if (value.empty() && !operation.alternative && operation.argument.empty() && !value_of(operation.name)) {
      entry.undefined.push_back(operation.name);
    }
    result = replace_first(result, found->whole, by);
    entry.expanded = true;
    const auto same = running.find(operation.name);
    if (same != running.end() && same->second == result) break;
  }
  return result;
}

}  // namespace

// Values of the environment win over the file's, also as what is expanded.
void expand_next(EnvFile& file, const ReadOptions& options) {
  Values parsed;
  for (const std::uint32_t i : file.effective) parsed[file.entries[i].key] = file.entries[i].value;
  const auto outer = [&](std::string_view name) {
    return options.environment ? options.environment(name) : std::nullopt;
  };
  for (const std::uint32_t i : file.effective) {
    EnvEntry& entry = file.entries[i];
    std::string value = outer(entry.key).value_or(entry.value);
    for (unsigned round = 0;; ++round) {
      const auto reference = last_reference(value);
      if (!reference) break;
      if (round >= kMaxReplacements || value.size() >= kMaxExpanded) {
        // The library's recursion overflows the stack, and Next.js goes on without the file.
        file.error = "a variable refers to itself";
        file.error_line = entry.offset;
        entry.value = entry.literal;
        return;
      }
      const std::string name(reference->name);
      std::string by = outer(name).value_or("");
      if (by.empty()) by = reference->fallback;
      const auto own = parsed.find(name);
      if (by.empty() && own != parsed.end()) by = own->second;
      if (by.empty() && own == parsed.end() && !outer(name)) entry.undefined.push_back(name);
      value = replace_first(value, reference->whole, by);
      entry.expanded = true;
    }
    drop_escapes(value);
    entry.value = parsed[entry.key] = value;
  }
}

void expand_vite(EnvFile& file, const ReadOptions& options) {
  Values parsed;
  for (const std::uint32_t i : file.effective) parsed[file.entries[i].key] = file.entries[i].value;
  const auto outer = [&](std::string_view name) {
    return options.environment ? options.environment(name) : std::nullopt;
  };
  const auto value_of = [&](const std::string& name) {
    if (auto found = outer(name)) return found;
    const auto own = parsed.find(name);
    return own == parsed.end() ? std::optional<std::string>() : std::optional<std::string>(own->second);
  };
  for (const std::uint32_t i : file.effective) {
    EnvEntry& entry = file.entries[i];
    const auto set = outer(entry.key);
    std::string value =
        set && !set->empty() && *set != entry.value ? *set : expand_expressions(entry.value, value_of, parsed, entry);
    drop_escapes(value);
    entry.value = parsed[entry.key] = value;
  }
}

void expand_dotenvx(EnvEntry& entry, Collector& out) {
  // Commands first; their output is expanded like the rest.
  std::string text;
  for (std::size_t i = 0; i < entry.literal.size();) {
    const std::size_t open = entry.literal.find("$(", i);
    const std::size_t close = open == std::string::npos ? open : entry.literal.find(')', open);
    if (close == std::string::npos) {
      text.append(entry.literal, i);
      break;
    }
    text.append(entry.literal, i, open - i);
    std::string said = out.run(std::string_view(entry.literal).substr(open + 2, close - open - 2));
    while (said.ends_with('\n')) said.pop_back();
    text += said;
    entry.runs_command = true;
    i = close + 1;
  }
  Values running;
  if (const auto found = first_expression(text)) {
    const std::string name = split_operation(found->inside).name;
    if (const auto value = out.own(name)) running[name] = *value;
  }
  const auto value_of = [&](const std::string& name) { return out.value_of(name, true); };
  entry.value = expand_expressions(std::move(text), value_of, running, entry);
  drop_escapes(entry.value);
}

}  // namespace tightship::lint
