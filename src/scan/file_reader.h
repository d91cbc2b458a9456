#pragma once

// One file of a tree that others may change meanwhile, read into a buffer that is used again.
// Never mapped: a file that is truncated while it is mapped raises SIGBUS.

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/ledger.h"
#include "unpack/unpack.h"

namespace tightship::scan {

struct OpenedFile {
  FileDescriptor fd;
  struct stat status {};
  std::uint64_t size() const { return static_cast<std::uint64_t>(status.st_size); }
  bool is_regular() const { return S_ISREG(status.st_mode); }
};

// Opens `name` in `folder` without following a symbolic link, without waiting (FIFOs, devices), and
// without touching the access time where the system lets us. The loss has no place yet.
struct OpenAnswer {
  OpenedFile file;
  std::optional<Loss> loss;
};
OpenAnswer open_file(int folder, const std::string& name);

// The reason of an errno, in lower case: "permission denied".
std::string system_reason(int error);

struct ReadAnswer {
  Bytes content;           // valid until the next read; what was read also after a loss
  std::string_view media;  // name of a compressed format: only the head was read, content is empty
  std::optional<Loss> loss;
};

// Not thread-safe: one a thread.
class FileReader {
 public:
  explicit FileReader(std::uint64_t max_size, const unpack::Limits& archives = unpack::kClosed)
      : max_size_(max_size), archives_(archives) {}

  // Reads as many bytes as the file had when it was opened; one that says it has none (procfs) to
  // its end. Loses LimitExceeded over max_size, ChangedFile when its size or time of change is
  // another one afterwards, UnreadableFile.
  ReadAnswer read(const OpenedFile& file);

  // Gives the buffer back when it has grown beyond what most files need.
  void shrink();

 private:
  bool grow(std::uint64_t wanted, std::uint64_t used);
  bool read_to(int fd, std::uint64_t target, std::uint64_t& used, ReadAnswer& answer);

  std::uint64_t max_size_;
  unpack::Limits archives_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::uint64_t capacity_ = 0;
};

}  // namespace tightship::scan
