#include "scan/cache.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

namespace tightship::scan {
namespace {

constexpr std::string_view kTemporary = ".new-";
constexpr std::time_t kAbandoned = 3600;  // seconds: a temporary file that old is a crash's
constexpr std::time_t kTouchAfter = 60;   // seconds: uses are not told apart finer than that

struct Listed {
  std::string name;
  std::uint64_t bytes = 0;
  timespec used{};
};

bool is_ours(std::string_view name) {
  if (name.starts_with(kTemporary)) return true;
  if (name.size() != 42 || (name[0] != 's' && name[0] != 'p') || name[1] != '-') return false;
  return name.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

bool is_private(const struct stat& status) { return status.st_uid == ::geteuid() && (status.st_mode & 077) == 0; }

FileDescriptor open_folder(const std::string& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !is_private(status)) return FileDescriptor();
  return fd;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

// Whether folders may be made in `path`: not in somebody else's home, as after sudo.
bool is_own_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// Two levels at most: ~/.cache need not be there.
FileDescriptor make_folder(const std::string& path) {
  const std::string parent = parent_of(path), above = parent_of(parent);
  struct stat status {};
  if (::stat(parent.c_str(), &status) != 0 && is_own_folder(above)) ::mkdir(parent.c_str(), 0700);
  if (is_own_folder(parent)) ::mkdir(path.c_str(), 0700);
  return open_folder(path);
}

FileDescriptor open_file(int folder, const std::string& name, struct stat& status) {
  FileDescriptor fd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || !is_private(status)) {
    return FileDescriptor();
  }
  return fd;
}

std::optional<std::string> read_whole(int fd, std::uint64_t size) {
  std::string content(size, '\0');
  std::size_t used = 0;
  while (used < content.size()) {
    const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    used += static_cast<std::size_t>(got);
  }
  return content;
}

bool write_whole(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::vector<Listed> list_files(int folder) {
  std::vector<Listed> files;
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(copy < 0 ? nullptr : ::fdopendir(copy), ::closedir);
  if (open == nullptr) {
    if (copy >= 0) ::close(copy);
    return files;
  }
  while (const dirent* entry = ::readdir(open.get())) {
    struct stat status {};
    if (!is_ours(entry->d_name) || ::fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    files.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size), status.st_mtim});
  }
  return files;
}

// Least recently used first, until the rest is within the bound; temporaries of crashed runs as well.
void shrink(int folder, std::uint64_t max_bytes) {
  std::vector<Listed> files = list_files(folder);
  std::uint64_t sum = 0;
  for (const Listed& file : files) sum += file.bytes;
  std::sort(files.begin(), files.end(), [](const Listed& a, const Listed& b) {
    return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
  });
  const std::time_t now = std::time(nullptr);
  for (const Listed& file : files) {
    const bool temporary = file.name.starts_with(kTemporary);
    const bool abandoned = temporary && file.used.tv_sec + kAbandoned < now;
    if (!abandoned && (temporary || sum <= max_bytes)) continue;
    if (::unlinkat(folder, file.name.c_str(), 0) == 0) sum -= file.bytes;
  }
}

std::string temporary_name() {
  static std::atomic<unsigned> number{0};
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::string(kTemporary) + std::to_string(::getpid()) + '-' + std::to_string(now.tv_nsec) + '-' +
         std::to_string(number.fetch_add(1));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

// The linker's build id of the program: an own build of changed sources must not take over answers.
int note_build_id(dl_phdr_info* info, std::size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);
    std::size_t left = header.p_memsz;
    while (left >= sizeof(ElfW(Nhdr))) {
      const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
      const std::size_t size = sizeof *note + padded(note->n_namesz) + padded(note->n_descsz);
      if (size > left) break;
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4) {
        static_cast<std::string*>(out)->assign(at + sizeof *note + 4, note->n_descsz);
        return 1;
      }
      at += size;
      left -= size;
    }
  }
  return 1;  // the first object is the program itself; no other is looked at
}

}  // namespace

std::string default_cache_folder() {
  if (environment("TIGHTSHIP_CACHE") == "off") return {};
  const std::string cache = environment("XDG_CACHE_HOME"), home = environment("HOME");
  if (cache.starts_with('/')) return cache + "/tightship";
  return home.starts_with('/') ? home + "/.cache/tightship" : std::string();
}

std::string cache_basis(const std::string& rules_hash, const unpack::Limits& archives) {
  std::string build;
  ::dl_iterate_phdr(note_build_id, &build);
  CacheWriter basis;
  basis.text("tightship cache, format 2");
  basis.text(TIGHTSHIP_VERSION);
  basis.text(build);
  basis.text(rules_hash);
  for (const std::uint64_t limit : {std::uint64_t{archives.depth}, archives.packed, archives.member, archives.total,
                                    archives.members, archives.ratio}) {
    basis.u64(limit);
  }
  return basis.take();
}

std::optional<std::string> Cache::load(const std::string& name, const CacheKey& key) const {
  if (!on()) return std::nullopt;
  const FileDescriptor folder = open_folder(folder_);
  if (!folder) return std::nullopt;
  struct stat status {};
  const FileDescriptor file = open_file(folder.get(), name, status);
  if (!file || static_cast<std::uint64_t>(status.st_size) > kMaxCacheFile) return std::nullopt;
  const auto content = read_whole(file.get(), static_cast<std::uint64_t>(status.st_size));
  const auto payload = content ? unseal(key, *content) : std::nullopt;
  if (!payload) return std::nullopt;
  if (status.st_mtim.tv_sec + kTouchAfter < std::time(nullptr)) ::futimens(file.get(), nullptr);
  return std::string(*payload);
}

bool Cache::store(const std::string& name, const CacheKey& key, std::string_view payload) const {
  if (!on() || payload.size() + 4096 > std::min(kMaxCacheFile, max_bytes_)) return false;
  const FileDescriptor folder = make_folder(folder_);
  if (!folder) return false;
  const std::string temporary = temporary_name();
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  bool stored = false;
  {
    const FileDescriptor file(::openat(folder.get(), temporary.c_str(), kFlags, 0600));
    // No fsync: a file that a crash leaves torn does not match its digest.
    stored = file && ::fchmod(file.get(), 0600) == 0 && write_whole(file.get(), seal(key, payload));
    if (!file) return false;
  }
  stored = stored && ::renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) == 0;
  if (!stored) ::unlinkat(folder.get(), temporary.c_str(), 0);
  shrink(folder.get(), max_bytes_);
  return stored;
}

CacheSize Cache::size() const {
  CacheSize sum;
  const FileDescriptor folder = open_folder(folder_);
  if (!on() || !folder) return sum;
  for (const Listed& file : list_files(folder.get())) {
    ++sum.files;
    sum.bytes += file.bytes;
  }
  return sum;
}

CacheSize Cache::clear() const {
  CacheSize sum;
  const FileDescriptor folder = open_folder(folder_);
  if (!on() || !folder) return sum;
  for (const Listed& file : list_files(folder.get())) {
    if (::unlinkat(folder.get(), file.name.c_str(), 0) != 0) continue;
    ++sum.files;
    sum.bytes += file.bytes;
  }
  ::rmdir(folder_.c_str());  // stays when something else is in it
  return sum;
}

std::string Cache::problem() const {
  struct stat status {};
  if (!on() || ::lstat(folder_.c_str(), &status) != 0) return {};
  if (S_ISLNK(status.st_mode)) return "is a symbolic link";
  if (!S_ISDIR(status.st_mode)) return "is not a folder";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  return is_private(status) ? std::string() : "is open to others (mode 0700 is needed)";
}

}  // namespace tightship::scan
