#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tightship {
namespace {

tl::unexpected<Error> io_failure(const std::string& path, int error) {
  const bool absent = error == ENOENT || error == ENOTDIR;
  return fail(absent ? ErrorKind::NotFound : ErrorKind::Io, std::strerror(error), path);
}

struct OpenFile {
  FileDescriptor fd;
  std::uint64_t size = 0;
};

// O_NONBLOCK: opening a FIFO returns at once; it is then refused as not regular.
Result<OpenFile> open_regular(const std::string& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return io_failure(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return io_failure(path, errno);
  if (!S_ISREG(status.st_mode)) return fail(ErrorKind::Io, "not a regular file", path);
  return OpenFile{std::move(fd), static_cast<std::uint64_t>(status.st_size)};
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_failure(path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  auto file = open_regular(path);
  if (!file) return tl::unexpected(file.error());
  MappedFile mapped;
  if (file->size == 0) return mapped;
  void* address = ::mmap(nullptr, file->size, PROT_READ, MAP_PRIVATE, file->fd.get(), 0);
  if (address == MAP_FAILED) return io_failure(path, errno);
  mapped.data_ = static_cast<const std::uint8_t*>(address);
  mapped.size_ = file->size;
  return mapped;
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

Result<std::string> read_file(const std::string& path, std::uint64_t max_size) {
  auto file = open_regular(path);
  if (!file) return tl::unexpected(file.error());
  if (file->size > max_size) return fail(ErrorKind::Limit, "file is too large", path);
  std::string content;
  // One byte more than the size, so that a file of unchanged size ends in one extra read of zero.
  content.resize(file->size + 1);
  std::size_t used = 0;
  for (;;) {
    if (used == content.size()) {
      if (used > max_size) return fail(ErrorKind::Limit, "file is too large", path);
      content.resize(used + used / 2 + 4096);
    }
    const ssize_t got = ::read(file->fd.get(), content.data() + used, content.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure(path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  if (used > max_size) return fail(ErrorKind::Limit, "file is too large", path);
  content.resize(used);
  return content;
}

namespace {

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  FileDescriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // created with mode 0600
  if (!fd) return io_failure(path, errno);
  auto written = write_all(fd.get(), content, path);
  if (written && ::fchmod(fd.get(), mode) != 0) written = io_failure(path, errno);
  if (written && ::fsync(fd.get()) != 0 && errno != EINVAL) written = io_failure(path, errno);
  if (written && std::rename(temporary.c_str(), path.c_str()) != 0) written = io_failure(path, errno);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace

Result<void> write_private_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, 0600);
}

Result<void> write_shared_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, 0644);
}

}  // namespace tightship
