#include "bundle/references.h"

#include <algorithm>

#include "bundle/unescape.h"

namespace tightship::bundle {
namespace {

constexpr std::size_t kMaxLength = 300;

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// Of the path of a file of a build: no blanks, nothing that a template would fill in.
bool is_path_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./@~%+()[]:\\").find(c) != std::string_view::npos;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// Whether the file's name ends at `at`: a quote (escaped perhaps), or the query behind it.
bool ends_name(std::string_view script, std::size_t at) {
  return at < script.size() && (is_quote(script[at]) || script[at] == '?' || script[at] == '\\' || script[at] == '#');
}

// The literal that ends at `end`, from its quote on; empty when something else stands before.
std::string_view literal_before(std::string_view script, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kMaxLength && is_path_char(script[begin - 1])) --begin;
  if (begin == 0 || !is_quote(script[begin - 1])) return {};
  return script.substr(begin, end - begin);
}

void add_endings(std::string_view script, std::string_view ending, std::vector<Reference>& out) {
  for (std::size_t at = script.find(ending); at != std::string_view::npos; at = script.find(ending, at + 1)) {
    const std::size_t end = at + ending.size();
    if (out.size() >= kMaxReferences) return;
    if (!ends_name(script, end)) continue;
    std::string text = unescape_js(literal_before(script, end));
    if (text.find('/') == std::string::npos || text.find("//") == 0) continue;
    const bool relative = text.starts_with("./") || text.starts_with("../");
    out.push_back({std::move(text), relative});
  }
}

// A table of string values, {"12":"ab",34:"cd"}, that ends before `end` (behind its brace).
using Table = std::vector<std::pair<std::string, std::string>>;

std::size_t table_begin(std::string_view script, std::size_t end) {
  constexpr std::size_t kMaxTable = 256 * 1024;
  const std::size_t begin = script.rfind('{', end);
  return begin == std::string_view::npos || end - begin > kMaxTable ? std::string_view::npos : begin;
}

std::string_view bare(std::string_view text) {
  const auto inside = [](char c) { return !is_quote(c) && c != ' ' && c != '\n'; };
  while (!text.empty() && !inside(text.front())) text.remove_prefix(1);
  while (!text.empty() && !inside(text.back())) text.remove_suffix(1);
  return text;
}

Table read_table(std::string_view inner) {
  Table table;
  while (!inner.empty() && table.size() < kMaxReferences) {
    const std::size_t comma = std::min(inner.find(','), inner.size());
    const std::string_view entry = inner.substr(0, comma);
    inner.remove_prefix(std::min(comma + 1, inner.size()));
    const std::size_t colon = entry.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view key = bare(entry.substr(0, colon)), value = bare(entry.substr(colon + 1));
    if (key.empty() || value.empty() || !std::all_of(value.begin(), value.end(), is_path_char)) return {};
    table.emplace_back(key, value);
  }
  return table;
}

// Walks back over what a chunk's name is put together from: literals, the chunk's id, tables of it.
struct Backwards {
  std::string_view script;
  std::size_t at;  // one past the last character that is not read yet

  void space() {
    while (at > 0 && (script[at - 1] == ' ' || script[at - 1] == '\n')) --at;
  }
  bool take(char c) {
    space();
    if (at == 0 || script[at - 1] != c) return false;
    --at;
    return true;
  }
  bool word() {
    space();
    const std::size_t from = at;
    while (at > 0 && is_word(script[at - 1])) --at;
    return at < from;
  }
  // "text" with its quotes.
  bool literal(std::string& out) {
    space();
    if (at == 0 || !is_quote(script[at - 1])) return false;
    const char quote = script[at - 1];
    const std::size_t end = at - 1;
    if (end == 0) return false;
    const std::size_t begin = script.rfind(quote, end - 1);
    if (begin == std::string_view::npos || end - begin > kMaxLength) return false;
    out = script.substr(begin + 1, end - begin - 1);
    at = begin;
    return std::all_of(out.begin(), out.end(), is_path_char);
  }
  // {...}[e]
  bool table(Table& out) {
    if (!take(']') || !word() || !take('[')) return false;
    space();
    if (at == 0 || script[at - 1] != '}') return false;
    const std::size_t begin = table_begin(script, at - 1);
    if (begin == std::string_view::npos) return false;
    out = read_table(script.substr(begin + 1, at - begin - 2));
    at = begin;
    return !out.empty();
  }
};

std::string value_of(const Table& table, const std::string& key) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == key; });
  return found == table.end() ? key : found->second;
}

// prefix + (e | ({...}[e]||e)) + separator + {...}[e] + suffix, or prefix + {...}[e] + suffix.
void read_chunks(Backwards back, std::string_view suffix, std::vector<std::string>& out) {
  Table hashes, names;
  std::string separator, prefix;
  if (!back.take('+') || !back.table(hashes) || !back.take('+') || !back.literal(separator)) return;
  bool named = false;
  if (back.take('+')) {
    const std::size_t before = back.at;
    if (back.take(')') && back.word() && back.take('|') && back.take('|') && back.table(names) && back.take('(')) {
      named = back.take('+') && back.literal(prefix);
    } else {
      back.at = before;
      named = back.word() && back.take('+') && back.literal(prefix);
    }
    if (!named) return;
  }
  for (const auto& [key, hash] : hashes) {
    if (out.size() >= kMaxReferences) return;
    out.push_back(named ? prefix + value_of(names, key) + separator + hash + std::string(suffix)
                        : separator + hash + std::string(suffix));
  }
}

}  // namespace

std::vector<Reference> script_references(std::string_view script) {
  std::vector<Reference> references;
  for (const std::string_view ending : {".js", ".mjs", "Manifest.json", "manifest.json"})
    add_endings(script, ending, references);
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()), references.end());
  return references;
}

std::vector<std::string> webpack_chunks(std::string_view script) {
  std::vector<std::string> chunks;
  for (std::size_t at = script.find(".js"); at != std::string_view::npos; at = script.find(".js", at + 1)) {
    const std::size_t end = at + 3;
    if (end >= script.size() || !is_quote(script[end])) continue;
    Backwards back{script, end + 1};
    std::string suffix;
    if (!back.literal(suffix)) continue;
    read_chunks(back, suffix, chunks);
  }
  std::sort(chunks.begin(), chunks.end());
  chunks.erase(std::unique(chunks.begin(), chunks.end()), chunks.end());
  return chunks;
}

}  // namespace tightship::bundle
