#pragma once

// Files: mapped for reading, or written whole.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace tightship {

// Owns a file descriptor; closes it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A regular file mapped read-only. An empty file gives an empty view. Fails with NotFound or Io;
// never opens a FIFO, socket or device (Io), so it cannot hang.
// A file that is truncated by somebody while it is mapped raises SIGBUS on access: map only what
// git treats as immutable (packs, indexes); read everything else with read_file.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();
  Bytes bytes() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Reads a whole regular file. Fails with NotFound, Io, or Limit when it is larger than `max_size`.
Result<std::string> read_file(const std::string& path, std::uint64_t max_size = std::uint64_t{1} << 30);

// Replaces `path` by `content` atomically (temporary file beside it, fsync, rename), mode 0600
// whatever the umask. A symlink at `path` is replaced, not followed.
Result<void> write_private_file(const std::string& path, std::string_view content);

// The same with mode 0644: for files that are committed.
Result<void> write_shared_file(const std::string& path, std::string_view content);

}  // namespace tightship
