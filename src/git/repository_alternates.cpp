#include "git/repository_alternates.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "git/repository_discover.h"

namespace tightship::git {
namespace {

std::optional<char> simple_escape(char c) {
  constexpr std::string_view names = "abfnrtv\\\"", values = "\a\b\f\n\r\t\v\\\"";
  const std::size_t at = names.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(values[at]);
}

// `rest` begins after a backslash. Three octal digits, or one letter.
std::optional<char> take_escape(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  if (rest[0] < '0' || rest[0] > '3') {
    const auto c = simple_escape(rest[0]);
    rest.remove_prefix(1);
    return c;
  }
  if (rest.size() < 3) return std::nullopt;
  int value = 0;
  for (const char c : rest.substr(0, 3)) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + (c - '0');
  }
  rest.remove_prefix(3);
  return static_cast<char>(value);
}

// Takes a quoted string off `rest`; nothing when the quotes or an escape are wrong.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string_view at = rest.substr(1);
  std::string text;
  while (!at.empty()) {
    const char c = at[0];
    at.remove_prefix(1);
    if (c == '"') {
      rest = at;
      return text;
    }
    if (c != '\\') {
      text += c;
      continue;
    }
    const auto escaped = take_escape(at);
    if (!escaped) return std::nullopt;
    text += *escaped;
  }
  return std::nullopt;
}

struct Pending {
  std::string dir;
  int depth = 0;
};

class Collector {
 public:
  Collector(std::string own, Ledger& ledger) : ledger_(ledger) { dirs_.push_back({std::move(own), 0}); }

  // `depth` counts the files between our own object directory and the one that names `path`.
  void add(const std::string& path, const std::string& base, int depth, const std::string& source) {
    if (path.find('\0') != std::string::npos) return lose(LossKind::CorruptIndex, "NUL in a path", source);
    const std::string dir = absolute_path(path, base);
    const auto same = [&](const Pending& known) { return known.dir == dir; };
    if (std::any_of(dirs_.begin(), dirs_.end(), same)) return;
    std::error_code error;
    if (!std::filesystem::is_directory(dir, error)) {
      return lose(LossKind::MissingObject, "alternate object directory is not there", dir);
    }
    if (depth > kMaxAlternateDepth) return lose(LossKind::LimitExceeded, "too deeply nested", source);
    if (dirs_.size() >= kMaxObjectDirs) return lose(LossKind::LimitExceeded, "too many alternates", source);
    dirs_.push_back({dir, depth + 1});
  }

  // Breadth first: what is appended to the list is read in its turn.
  void read_files() {
    for (std::size_t i = 0; i < dirs_.size(); ++i) {
      const Pending lender = dirs_[i];
      const std::string file = lender.dir + "/info/alternates";
      const auto content = read_file(file, kMaxAlternatesFile);
      if (!content) {
        if (content.error().kind == ErrorKind::NotFound) continue;
        const bool limit = content.error().kind == ErrorKind::Limit;
        lose(limit ? LossKind::LimitExceeded : LossKind::UnreadableFile, content.error().what, file);
        continue;
      }
      for (const auto& path : parse_alternates(*content, '\n')) add(path, lender.dir, lender.depth, file);
    }
  }

  std::vector<std::string> dirs() const {
    std::vector<std::string> result;
    for (const Pending& dir : dirs_) result.push_back(dir.dir);
    return result;
  }

 private:
  void lose(LossKind kind, std::string what, std::string where) {
    ledger_.add({kind, std::move(what), std::move(where), {}});
  }

  std::vector<Pending> dirs_;
  Ledger& ledger_;
};

}  // namespace

std::vector<std::string> parse_alternates(std::string_view content, char separator) {
  std::vector<std::string> paths;
  while (!content.empty()) {
    std::string path;
    std::optional<std::string> quoted;
    if (content[0] == '"') quoted = take_quoted(content);
    const std::size_t end = std::min(content.find(separator), content.size());
    if (quoted)
      path = std::move(*quoted);
    else if (content[0] != '#')
      path = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    if (!path.empty()) paths.push_back(std::move(path));
  }
  return paths;
}

std::vector<std::string> all_object_dirs(const std::string& own, std::string_view environment, const std::string& start,
                                         Ledger& ledger) {
  Collector collector(own, ledger);
  for (const auto& path : parse_alternates(environment, ':')) {
    collector.add(path, start, 0, "GIT_ALTERNATE_OBJECT_DIRECTORIES");
  }
  collector.read_files();
  return collector.dirs();
}

}  // namespace tightship::git
