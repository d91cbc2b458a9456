#include "cli/nested_config.h"

#include <sys/stat.h>

#include <algorithm>

#include "allow/source.h"
#include "base/file.h"
#include "base/ledger.h"
#include "git/repository.h"

namespace tightship::cli {

std::vector<std::string> nested_config(const std::string& root, std::string_view name) {
  Ledger unused;
  const auto repository = git::open_repository(root, false, unused);
  if (!repository) return {};
  const auto index = git::read_index(*repository);
  if (!index) return {};
  const std::string ending = "/" + std::string(name);
  std::vector<std::string> folders;
  for (const git::IndexEntry& entry : *index) {
    if (!entry.path.ends_with(ending)) continue;
    folders.push_back(entry.path.substr(0, entry.path.size() - name.size()));
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());  // several stages of a merge
  if (folders.size() > kMaxNested) folders.resize(kMaxNested);
  return folders;
}

Result<std::optional<std::string>> read_nested(const std::string& root, const std::string& path) {
  for (std::size_t end = path.find('/'); ; end = path.find('/', end + 1)) {
    const std::string part = root + "/" + path.substr(0, end);
    struct stat status {};
    if (::lstat(part.c_str(), &status) != 0) return std::nullopt;
    if (S_ISLNK(status.st_mode)) return fail(ErrorKind::Config, "is a symbolic link", part, "make it a file");
    if (end == std::string::npos) break;
  }
  auto text = read_file(root + "/" + path, allow::kMaxFile);
  if (text) return std::optional<std::string>(std::move(*text));
  if (text.error().kind == ErrorKind::NotFound) return std::nullopt;
  return tl::unexpected(text.error());
}

}  // namespace tightship::cli
