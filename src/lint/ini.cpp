#include "lint/ini.h"

#include <algorithm>

namespace tightship::lint {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::vector<IniLine> parse_ini(std::string_view text, bool colon) {
  std::vector<IniLine> found;
  std::string section;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < text.size() && found.size() < kMaxIniLines;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    const std::string_view bare = trimmed(line);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') continue;
    if (bare.front() == '[' && bare.back() == ']') {
      section = trimmed(bare.substr(1, bare.size() - 2));
      continue;
    }
    const std::size_t cut = colon ? line.find_first_of("=:") : line.find('=');
    if (cut == std::string_view::npos) continue;
    const std::string_view value = unquoted(trimmed(line.substr(cut + 1)));
    IniLine made{section, std::string(trimmed(line.substr(0, cut))), std::string(value), {}, {}};
    made.at = {number, static_cast<std::uint32_t>(bare.data() - line.data() + 1)};
    made.value_at = {number, static_cast<std::uint32_t>(value.data() - line.data() + 1)};
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace tightship::lint
