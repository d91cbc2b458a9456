#include "cli/nested_config.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "allow/source.h"
#include "base/file.h"
#include "base/ledger.h"
#include "git/repository.h"

namespace tightship::cli {

namespace {

constexpr std::string_view kConfigFolder = "/.tightship/";

std::vector<std::string> read_config_paths(const std::string& root) {
  Ledger unused;
  const auto repository = git::open_repository(root, false, unused);
  if (!repository || !git::index_may_name(*repository, kConfigFolder)) return {};
  const auto index = git::read_index(*repository);
  if (!index) return {};
  std::vector<std::string> paths;
  for (const git::IndexEntry& entry : *index) {
    if (entry.path.find(kConfigFolder) != std::string::npos) paths.push_back(entry.path);
  }
  return paths;
}

// Rules and allowances are loaded one after the other, and a large index is read once for both.
const std::vector<std::string>& config_paths(const std::string& root) {
  static std::map<std::string, std::vector<std::string>> known;
  const auto [at, is_new] = known.try_emplace(root);
  if (is_new) at->second = read_config_paths(root);
  return at->second;
}

}  // namespace

std::vector<std::string> nested_config(const std::string& root, std::string_view name) {
  const std::string ending = "/" + std::string(name);
  std::vector<std::string> folders;
  for (const std::string& path : config_paths(root)) {
    if (path.ends_with(ending)) folders.push_back(path.substr(0, path.size() - name.size()));
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());  // several stages of a merge
  if (folders.size() > kMaxNested) folders.resize(kMaxNested);
  return folders;
}

Result<std::optional<std::string>> read_nested(const std::string& root, const std::string& path) {
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
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
