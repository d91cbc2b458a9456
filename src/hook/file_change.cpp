#include "hook/file_change.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "hook/script.h"

namespace tightship::hook {
namespace fs = std::filesystem;
namespace {

tl::unexpected<Error> failure(const std::string& path, int error) {
  const bool absent = error == ENOENT || error == ENOTDIR;
  return fail(absent ? ErrorKind::NotFound : ErrorKind::Io, std::strerror(error), path);
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string parent_of(const std::string& path) { return fs::path(path).parent_path().string(); }

}  // namespace

FileType type_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return FileType::Absent;
  if (S_ISLNK(status.st_mode)) return FileType::Symlink;
  if (S_ISDIR(status.st_mode)) return FileType::Folder;
  return S_ISREG(status.st_mode) ? FileType::Regular : FileType::Other;
}

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

std::optional<mode_t> mode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_mode & 07777;
}

mode_t script_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0777 & ~mask;
}

std::string read_hook(const std::string& path) { return read_file(path, kMaxHookSize).value_or(""); }

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return failure(path, errno);
  auto written = write_all(fd.get(), content, path);
  if (written && ::fchmod(fd.get(), mode) != 0) written = failure(path, errno);
  if (written && ::fsync(fd.get()) != 0 && errno != EINVAL) written = failure(path, errno);
  fd = FileDescriptor();  // a script that is open for writing cannot be run
  if (written) written = rename_file(temporary, path);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<void> keep_as(const std::string& path, const std::string& kept) {
  if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(), 0) == 0) return {};
  const int error = errno;
  const bool no_links = error == EPERM || error == EOPNOTSUPP || error == EMLINK || error == ENOSYS;
  if (!no_links || type_of(kept) != FileType::Absent) return failure(kept, error);
  return rename_file(path, kept);
}

bool same_file(const std::string& path, const std::string& other) {
  struct stat one {
  }, two{};
  return ::lstat(path.c_str(), &one) == 0 && ::lstat(other.c_str(), &two) == 0 && one.st_dev == two.st_dev &&
         one.st_ino == two.st_ino;
}

// rename(2) of two names of one file does nothing: then the first name goes.
Result<void> rename_file(const std::string& from, const std::string& to) {
  if (same_file(from, to) && from != to) return remove_file(from);
  if (std::rename(from.c_str(), to.c_str()) != 0) return failure(to, errno);
  return {};
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return failure(path, errno);
  return {};
}

Result<unsigned> make_folders(const std::string& path) {
  unsigned missing = 0;
  std::string first = path;
  for (; !first.empty() && type_of(first) == FileType::Absent; first = parent_of(first)) {
    if (++missing > kMaxMadeFolders) return fail(ErrorKind::Limit, "too many folders are missing", path);
  }
  std::error_code error;
  if (missing > 0) fs::create_directories(path, error);
  if (error) return fail(ErrorKind::Io, error.message(), path);
  return missing;
}

void remove_folders(std::string path, unsigned count) {
  for (; count > 0 && ::rmdir(path.c_str()) == 0; --count) path = parent_of(path);
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const std::string real = fs::weakly_canonical(path, error).string();
  if (error) return {};
  // What is left of a link that leads nowhere is still a link.
  for (std::string at = real; at.size() > 1; at = parent_of(at)) {
    if (type_of(at) == FileType::Symlink) return {};
    if (type_of(at) != FileType::Absent) break;
  }
  return real;
}

bool lies_in(std::string_view path, std::string_view folder) {
  if (folder.empty() || !path.starts_with(folder)) return false;
  return path.size() == folder.size() || folder == "/" || path[folder.size()] == '/';
}

}  // namespace tightship::hook
