#include "scan/state_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "git/loose.h"
#include "scan/cache.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kTrailer = 32;  // holds the checksum of a pack or index
constexpr std::uint64_t kMaxConfig = 16 << 20;

void add_stat(const struct stat& status, CacheWriter& out) {
  out.u64(status.st_dev);
  out.u64(status.st_ino);
  out.u64(static_cast<std::uint64_t>(status.st_size));
  for (const timespec& time : {status.st_mtim, status.st_ctim}) {
    out.u64(static_cast<std::uint64_t>(time.tv_sec));
    out.u64(static_cast<std::uint64_t>(time.tv_nsec));
  }
}

void add_oid(const Oid& oid, CacheWriter& out) { out.text(as_text(oid.raw())); }

void add_texts(const std::vector<std::string>& texts, CacheWriter& out) {
  out.u32(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) out.text(text);
}

void add_repository(const git::Repository& repository, CacheWriter& out) {
  for (const std::string* path : {&repository.git_dir, &repository.common_dir, &repository.work_tree}) out.text(*path);
  out.u8(static_cast<std::uint8_t>(repository.hash));
  out.u8(repository.bare);
  out.u8(repository.partial);
  out.u32(static_cast<std::uint32_t>(repository.shallow.size()));
  for (const Oid& oid : repository.shallow) add_oid(oid, out);
  add_texts(repository.object_dirs, out);
  add_texts(repository.worktree_git_dirs, out);
  out.u32(static_cast<std::uint32_t>(repository.config.size()));
  for (const auto& [key, value] : repository.config) {
    out.text(key);
    out.text(value);
  }
  for (const std::string& path : config_files(repository)) {
    const auto content = read_file(path, kMaxConfig);
    out.u8(content ? 1 : 0);
    out.text(content ? *content : content.error().what);
  }
}

void add_packs(const std::string& folder, CacheWriter& out) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  out.u32(static_cast<std::uint32_t>(error.value()));
  out.u32(static_cast<std::uint32_t>(files.size()));
  for (const std::string& path : files) {
    out.text(path);
    if (path.ends_with(".pack") || path.ends_with(".idx")) add_file_identity(path, out);
  }
}

void add_loose(const std::string& folder, HashKind hash, CacheWriter& out) {
  Ledger losses;  // the audit lists again and tells them; here they only must make a difference
  const std::vector<git::LooseObject> objects = git::list_loose(folder, hash, losses);
  out.u64(losses.total());
  out.u64(objects.size());
  for (const git::LooseObject& object : objects) {
    out.text(object.path);
    struct stat status {};
    if (::stat(object.path.c_str(), &status) == 0) add_stat(status, out);
  }
}

void add_refs(const std::vector<git::Ref>& refs, const std::vector<git::ReflogEntry>& reflogs, CacheWriter& out) {
  out.u64(refs.size());
  for (const git::Ref& ref : refs) {
    out.text(ref.name);
    add_oid(ref.target, out);
    out.text(ref.symbolic);
  }
  out.u64(reflogs.size());
  for (const git::ReflogEntry& entry : reflogs) {
    for (const std::string* text : {&entry.ref, &entry.identity, &entry.message, &entry.file}) out.text(*text);
    add_oid(entry.from, out);
    add_oid(entry.to, out);
    out.u32(entry.line);
  }
}

}  // namespace

std::vector<std::string> config_files(const git::Repository& repository) {
  std::vector<std::string> files{repository.common_dir + "/config"};
  for (const std::string& dir : repository.worktree_git_dirs) files.push_back(dir + "/config.worktree");
  files.push_back(repository.git_dir + "/config.worktree");
  std::sort(files.begin() + 1, files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

void add_file_identity(const std::string& path, CacheWriter& out) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return out.u8(0);
  out.u8(1);
  add_stat(status, out);
  char trailer[kTrailer] = {};
  const off_t at = status.st_size - static_cast<off_t>(kTrailer);
  const ssize_t got = S_ISREG(status.st_mode) && at >= 0 ? ::pread(fd.get(), trailer, kTrailer, at) : 0;
  out.text({trailer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))});
}

StateKey state_key(const detect::RuleSet& rules, const unpack::Limits& archives, const git::Repository& repository,
                   const std::vector<git::Ref>& refs, const std::vector<git::ReflogEntry>& reflogs) {
  CacheWriter state;
  state.text("state");
  state.text(cache_basis(rules.content_hash(), archives));
  state.text(repository.common_dir);
  state.text(repository.git_dir);
  const std::string name = std::string("s-").append(cache_digest(state.str()).hex(), 0, 40);
  add_repository(repository, state);
  for (const std::string& folder : repository.object_dirs) {
    add_packs(folder + "/pack", state);
    add_loose(folder, repository.hash, state);
  }
  add_refs(refs, reflogs, state);
  return {name, cache_digest(state.str())};
}

}  // namespace tightship::scan
