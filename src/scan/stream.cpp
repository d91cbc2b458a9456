// Standard input, scanned as one file. It is read whole, since a secret may stand anywhere and what
// is said of it depends on its line; the limit bounds the memory.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>

#include "scan/file_scanner.h"
#include "scan/worktree.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

// Reads on until the end or `limit` bytes, and one more byte to know whether that was the end.
Result<std::string> read_stream(int fd, std::uint64_t limit, std::string_view name, Progress& progress) {
  std::string content;
  while (content.size() <= limit && !progress.cancelled) {
    const std::size_t used = content.size();
    content.resize(used + static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, limit + 1 - used)));
    const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
    const int error = errno;
    content.resize(used + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && error != EINTR) return fail(ErrorKind::Io, system_reason(error), std::string(name));
    if (got == 0) break;
    progress.total = content.size();
  }
  return content;
}

}  // namespace

Result<detect::ScanResult> scan_stream(const detect::RuleSet& rules, int fd, std::string_view name,
                                       const WorktreeOptions& options, Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t limit = std::min(options.max_file_size, kMaxContent);
  auto content = read_stream(fd, limit, name, progress);
  if (!content) return tl::unexpected(content.error());

  Ledger ledger;
  ScanShared shared{ledger, progress, {}, {}};
  FileScanner scanner(rules, shared, limit, options.archives);
  const std::string path(name);
  if (content->size() > limit) {
    content->resize(static_cast<std::size_t>(limit));
    scanner.lose(
        {LossKind::LimitExceeded, fmt::format("more than the limit of {} bytes: the rest was not read", limit), {}, {}},
        path);
  }
  scanner.scan_content(as_bytes(*content), detect::Place::Stdin, path, path);

  detect::ScanResult result;
  result.subject = path;
  fill_result(rules, scanner.hits(), shared, result);
  result.coverage.files = 1;
  result.coverage.bytes = content->size();
  add_archives(scanner.counts().archives, result.coverage);
  progress.done = progress.total = content->size();
  result.coverage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace tightship::scan
