#include "push/work_state.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/file.h"
#include "git/pack.h"
#include "git/tree_diff.h"

namespace tightship::push {
namespace {

constexpr std::uint64_t kMaxCompared = std::uint64_t{256} << 20;  // bytes; beyond them: changed, for all we know

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool differs_on_disk(const git::Repository& repository, const git::IndexEntry& entry, std::uint64_t& compared) {
  const std::string path = repository.work_tree + "/" + entry.path;
  struct ::stat info {};
  if (::lstat(path.c_str(), &info) != 0) return true;
  if (S_ISLNK(info.st_mode)) return (entry.mode & 0170000) != 0120000;
  if (!S_ISREG(info.st_mode)) return true;
  if (static_cast<std::uint32_t>(info.st_size) != entry.size) return true;
  compared += static_cast<std::uint64_t>(info.st_size);
  if (compared > kMaxCompared) return true;
  const auto content = read_file(path);
  return !content || git::hash_object(git::ObjectType::Blob, as_bytes(*content), repository.hash) != entry.oid;
}

}  // namespace

bool has_uncommitted_changes(const git::Repository& repository, git::ObjectReader& objects) {
  if (repository.work_tree.empty()) return false;
  const auto index = git::read_index(repository);
  if (!index) return true;
  Ledger ignored;
  const std::vector<git::Ref> refs = git::read_refs(repository, ignored);
  const auto head = std::find_if(refs.begin(), refs.end(), [](const git::Ref& ref) { return ref.name == "HEAD"; });
  if (head == refs.end()) return !index->empty();
  const auto object = objects.share(head->target);
  const auto commit = object ? git::parse_commit((*object)->bytes, objects.hash()) : Result<git::Commit>{};
  if (!object || !commit) return true;
  std::unordered_map<std::string, Oid> in_head;
  git::diff_trees(
      objects, commit->tree, {}, repository.partial,
      [&](const git::TreeChange& entry) {
        if (!entry.is_tree()) in_head.emplace(entry.path, entry.oid);
      },
      ignored);
  if (in_head.size() != index->size()) return true;
  std::uint64_t compared = 0;
  for (const git::IndexEntry& entry : *index) {
    const auto at = in_head.find(entry.path);
    if (at == in_head.end() || at->second != entry.oid) return true;
    if (entry.skip_worktree || (entry.mode & 0170000) == 0160000) continue;
    if (differs_on_disk(repository, entry, compared)) return true;
  }
  return false;
}

bool plainly_ignored(const git::Repository& repository, std::string_view path) {
  if (repository.work_tree.empty()) return false;
  const auto content = read_file(repository.work_tree + "/.gitignore", 1 << 20);
  if (!content) return false;
  const std::string_view name = base_name(path);
  const std::size_t dot = name.rfind('.');
  const std::string suffix = dot == std::string_view::npos ? std::string() : "*" + std::string(name.substr(dot));
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line == name || line == suffix || line == path || (line.starts_with('/') && line.substr(1) == path))
      return true;
    if (line == ".env*" && name.starts_with(".env")) return true;
  }
  return false;
}

bool is_secret_file(std::string_view path) {
  const std::string_view name = base_name(path);
  constexpr std::array<std::string_view, 5> kKeys = {".pem", ".key", ".p8", ".keystore", ".jks"};
  constexpr std::array<std::string_view, 4> kSamples = {"example", "sample", "template", "dist"};
  if (name.starts_with("id_rsa") || name.starts_with("id_ed25519") || name.starts_with("id_ecdsa"))
    return !name.ends_with(".pub");
  if (std::any_of(kKeys.begin(), kKeys.end(), [&](std::string_view suffix) { return name.ends_with(suffix); }))
    return true;
  if (name != ".env" && !name.starts_with(".env.")) return false;
  return std::none_of(kSamples.begin(), kSamples.end(),
                      [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

}  // namespace tightship::push
