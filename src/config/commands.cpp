#include "config/commands.h"

#include <algorithm>

#include "detect/text_class.h"

namespace tightship::config {
namespace {

std::string sql_part(std::string_view name) {
  const bool plain = !name.empty() && !detect::is_digit(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
    return detect::is_lower(c) || detect::is_digit(c) || c == '_';
  });
  if (plain) return std::string(name);
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return detect::is_alphanumeric(c) || detect::is_one_of(c, "._-/@+,:=%");
  });
  if (plain) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::vector<std::string> untrack(std::string_view path, std::string_view pattern) {
  std::vector<std::string> commands{"git rm --cached -- " + shell_word(path)};
  if (!pattern.empty()) commands.push_back("echo " + shell_word(pattern) + " >> .gitignore");
  return commands;
}

std::string sql_name(std::string_view full) {
  const std::size_t dot = full.find('.');
  if (dot == std::string_view::npos) return sql_part(full);
  return sql_part(full.substr(0, dot)) + "." + sql_part(full.substr(dot + 1));
}

}  // namespace tightship::config
