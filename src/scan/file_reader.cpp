#include "scan/file_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "scan/content_scanner.h"

namespace tightship::scan {
namespace {

// The first read: most files whole, and enough of a picture to know that it is one.
constexpr std::uint64_t kFirstRead = std::uint64_t{64} << 10;
constexpr std::uint64_t kKeptBuffer = std::uint64_t{8} << 20;

Loss unreadable(int error) { return {LossKind::UnreadableFile, system_reason(error), {}, {}}; }
Loss changed(std::string what) { return {LossKind::ChangedFile, std::move(what), {}, {}}; }

Loss open_loss(int error) {
  if (error == ENOENT) return changed("vanished before it was read");
  if (error == ELOOP) return changed("became a symbolic link before it was read");
  return unreadable(error);
}

// At most `wanted` bytes, fewer at the end of the file; errno in `error`.
std::uint64_t read_up_to(int fd, std::uint8_t* to, std::uint64_t wanted, int& error) {
  std::uint64_t used = 0;
  while (used < wanted) {
    const ssize_t got = ::read(fd, to + used, wanted - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    used += static_cast<std::uint64_t>(got);
  }
  return used;
}

bool same_time(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

bool is_unchanged(const OpenedFile& file, std::uint64_t used) {
  struct stat now {};
  if (::fstat(file.fd.get(), &now) != 0) return false;
  const bool says_nothing = file.status.st_size == 0;
  return now.st_size == file.status.st_size && same_time(now.st_mtim, file.status.st_mtim) &&
         (says_nothing || used == file.size());
}

}  // namespace

std::string system_reason(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

OpenAnswer open_file(int folder, const std::string& name) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  OpenAnswer answer;
  int fd = ::openat(folder, name.c_str(), kFlags | O_NOATIME);
  if (fd < 0 && errno == EPERM) fd = ::openat(folder, name.c_str(), kFlags);  // not our file
  if (fd < 0) {
    answer.loss = open_loss(errno);
    return answer;
  }
  answer.file.fd = FileDescriptor(fd);
  if (::fstat(fd, &answer.file.status) != 0) answer.loss = unreadable(errno);
  return answer;
}

bool FileReader::grow(std::uint64_t wanted, std::uint64_t used) {
  if (wanted <= capacity_) return true;
  std::unique_ptr<std::uint8_t[]> larger(new (std::nothrow) std::uint8_t[wanted]);
  if (larger == nullptr) return false;
  if (used > 0) std::memcpy(larger.get(), buffer_.get(), used);
  buffer_ = std::move(larger);
  capacity_ = wanted;
  return true;
}

void FileReader::shrink() {
  if (capacity_ <= kKeptBuffer) return;
  buffer_.reset();
  capacity_ = 0;
}

bool FileReader::read_to(int fd, std::uint64_t target, std::uint64_t& used, ReadAnswer& answer) {
  int error = grow(target, used) ? 0 : ENOMEM;
  if (error == 0) used += read_up_to(fd, buffer_.get() + used, target - used, error);
  answer.content = {buffer_.get(), used};
  if (error != 0) answer.loss = unreadable(error);
  return error == 0;
}

ReadAnswer FileReader::read(const OpenedFile& file) {
  ReadAnswer answer;
  const std::uint64_t size = file.size();
  if (size > max_size_) {
    answer.loss =
        Loss{LossKind::LimitExceeded, fmt::format("{} bytes, more than the limit of {}", size, max_size_), {}, {}};
    return answer;
  }
  const bool says_size = size != 0;
  const std::uint64_t expected = says_size ? size : max_size_;
  std::uint64_t used = 0, target = std::min(expected, kFirstRead);
  if (!read_to(file.fd.get(), target, used, answer)) return answer;
  answer.media = left_out_media(answer.content.first(std::min<std::uint64_t>(used, kMediaHead)), archives_);
  if (!answer.media.empty()) {
    answer.content = {};
    return answer;
  }
  // The rest at once when the size is known, else in growing pieces.
  while (used == target && used < expected) {
    target = says_size ? expected : std::min(expected, target * 4);
    if (!read_to(file.fd.get(), target, used, answer)) return answer;
  }
  if (!is_unchanged(file, used)) answer.loss = changed("changed while it was read");
  return answer;
}

}  // namespace tightship::scan
