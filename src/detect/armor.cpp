#include "detect/armor.h"

#include <algorithm>

#include "detect/codec.h"

namespace tightship::detect {
namespace {

bool is_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Escapes become line ends: \n, \r, \t, \/ and their doubled forms.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    while (i + 1 < text.size() && text[i + 1] == '\\') ++i;
    if (i + 1 < text.size() && text[i + 1] == '/') continue;
    if (i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r' || text[i + 1] == 't')) ++i;
    out.push_back('\n');
  }
  return out;
}

// What a line says: without the quotes of a string literal around it, without a comment mark.
std::string_view line_content(std::string_view line) {
  line = trim(line);
  for (const std::string_view mark : {"# ", "// ", "* ", "> ", "-- ", "; "}) {
    if (line.starts_with(mark)) line = trim(line.substr(mark.size()));
  }
  std::string_view longest;
  while (!line.empty()) {
    const std::size_t quote = std::min(line.find_first_of("\"'`"), line.size());
    if (quote > longest.size()) longest = line.substr(0, quote);
    line.remove_prefix(std::min(quote + 1, line.size()));
  }
  longest = trim(longest);
  // What is left of a concatenation: `+`, `,` or `.` alone.
  return longest == "+" || longest == "," || longest == "." ? std::string_view() : longest;
}

bool is_header(std::string_view line) {
  const std::size_t colon = line.find(": ");
  return colon != std::string_view::npos && colon > 0 && line.find_first_of(" \"'`") > colon;
}

// `marker` is "BEGIN " or "END "; finds "-----marker LABEL-----" from `at` on, which is moved behind it.
std::optional<std::string_view> read_marker(std::string_view text, std::string_view marker, std::size_t& at) {
  const std::size_t word = text.find(marker, at);
  if (word == std::string_view::npos) return std::nullopt;
  const std::size_t begin = word + marker.size();
  const std::size_t end = text.find("----", begin);
  if (end == std::string_view::npos) return std::nullopt;
  at = end;
  while (at < text.size() && text[at] == '-') ++at;
  return trim(text.substr(begin, end - begin));
}

}  // namespace

std::optional<Armor> read_armor(std::string_view raw) {
  const std::string text = unescape(raw);
  std::size_t begin = 0;
  const auto label = read_marker(text, "BEGIN ", begin);
  if (!label) return std::nullopt;
  std::size_t end = text.find("END ", begin);
  if (end == std::string::npos) return std::nullopt;
  while (end > begin && (text[end - 1] == '-' || text[end - 1] == ' ')) --end;

  Armor armor;
  armor.label = *label;
  std::string base64;
  std::string_view rest = std::string_view(text).substr(begin, end - begin);
  while (!rest.empty()) {
    const std::size_t stop = std::min(rest.find('\n'), rest.size());
    const std::string_view whole = trim(rest.substr(0, stop));
    const std::string_view line = is_header(whole) ? whole : line_content(whole);  // a value may have quotes
    rest.remove_prefix(std::min(stop + 1, rest.size()));
    if (line.empty()) continue;
    if (is_header(line)) {
      armor.headers.append(line).push_back('\n');
    } else if (line.size() == 5 && line[0] == '=' && !base64.empty()) {
      armor.checksum = line.substr(1);
    } else if (std::all_of(line.begin(), line.end(), is_base64)) {
      base64 += line;
    } else {
      // Lines joined by spaces, as environment files and YAML have them.
      for (const char c : line) {
        if (!is_base64(c) && !is_space(c)) return std::nullopt;
        if (!is_space(c)) base64.push_back(c);
      }
    }
  }
  auto body = decode_base64(base64, Base64::Standard);
  if (!body || body->empty()) return std::nullopt;
  armor.body = std::move(*body);
  return armor;
}

}  // namespace tightship::detect
