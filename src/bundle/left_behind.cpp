#include "bundle/left_behind.h"

#include <algorithm>

#include "bundle/layout.h"

namespace tightship::bundle {
namespace {

bool is_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// "NAME=value", behind "export" perhaps; a value must be there.
bool is_assignment(std::string_view line) {
  if (line.starts_with("export ")) line.remove_prefix(7);
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 >= line.size()) return false;
  const std::string_view name = line.substr(0, equals);
  if (!std::all_of(name.begin(), name.end(), is_name_char)) return false;
  return line[equals + 1] != '\r';
}

bool is_env_name(std::string_view name) {
  if (name != ".env" && !name.starts_with(".env.")) return false;
  for (const std::string_view sample : {"example", "sample", "template", "dist", "defaults", "schema", "vault"}) {
    if (name.find(sample) != std::string_view::npos) return false;
  }
  return true;
}

bool is_dump(std::string_view extension, std::string_view content) {
  if (extension != "sql" && extension != "dump") return false;
  return content.find("INSERT INTO") != std::string_view::npos || content.find("\nCOPY ") != std::string_view::npos ||
         content.starts_with("PGDMP");
}

bool is_backup(std::string_view name, std::string_view extension) {
  return extension == "bak" || extension == "orig" || extension == "swp" || name.ends_with('~');
}

}  // namespace

Sighting left_behind(std::string path, std::string_view kind) {
  Sighting sighting;
  sighting.sight = Sight::File;
  sighting.subject = kind;
  sighting.spot.path = std::move(path);
  return sighting;
}

bool has_assignments(std::string_view content) {
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    if (is_assignment(content.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

std::optional<Sighting> judge_left_behind(const std::string& path, std::string_view content) {
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  const std::string extension = extension_of(path);
  if (is_env_name(name) && has_assignments(content)) return left_behind(path, "environment file");
  if (is_dump(extension, content)) return left_behind(path, "database dump");
  if ((extension == "pem" || extension == "key") && content.find("PRIVATE KEY-----") != std::string_view::npos) {
    return left_behind(path, "private key");
  }
  if (is_backup(name, extension)) return left_behind(path, "backup file");
  if (name == ".DS_Store") return left_behind(path, "folder index of macOS");
  return std::nullopt;
}

}  // namespace tightship::bundle
