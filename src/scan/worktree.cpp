#include "scan/worktree.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/parallel.h"
#include "scan/file_list.h"
#include "scan/file_scanner.h"

namespace tightship::scan {
namespace {

// Batches that wait: enough that no worker idles while a large folder is listed, few enough that
// the folders which they keep open stay far below the limit of descriptors (usually 1024).
constexpr std::size_t kQueue = 128;

Result<std::vector<ListArgument>> look_at_arguments(const std::vector<std::string>& paths) {
  std::vector<ListArgument> arguments;
  for (const std::string& path : paths) {
    auto argument = look_at_argument(path);
    if (!argument) return tl::unexpected(argument.error());
    arguments.push_back(std::move(*argument));
  }
  if (arguments.empty()) return look_at_arguments({"."});
  return arguments;
}

std::string subject_of(const std::vector<std::string>& paths) {
  std::string subject = paths.empty() ? "." : paths.front();
  if (paths.size() > 1) subject += " and " + std::to_string(paths.size() - 1) + " more";
  return subject;
}

void add_skipped(std::string reason, std::uint64_t count, std::uint64_t bytes, detect::Coverage& coverage) {
  if (count > 0) coverage.skipped.push_back({std::move(reason), count, bytes});
}

void fill_coverage(const ListAnswer& listed, const std::vector<FileScanner>& scanners, detect::Coverage& coverage) {
  FileCounts sum;
  for (const FileScanner& scanner : scanners) {
    const FileCounts& counts = scanner.counts();
    sum.files += counts.files;
    sum.bytes += counts.bytes;
    sum.media += counts.media;
    sum.media_bytes += counts.media_bytes;
    sum.special += counts.special;
    sum.archives += counts.archives;
  }
  coverage.files = sum.files;
  coverage.bytes = sum.bytes;
  add_archives(sum.archives, coverage);
  add_skipped("compressed or drawn (pictures, sound, fonts, archives)", sum.media, sum.media_bytes, coverage);
  add_skipped("ignored by git (files and whole folders)", listed.ignored, 0, coverage);
  add_skipped("pipes, sockets and devices", listed.special + sum.special, 0, coverage);
  add_skipped("git directories", listed.git_directories, 0, coverage);
}

// The calling thread lists, and scans what finds no room in the queue; the others scan.
void list_and_scan(const std::vector<ListArgument>& arguments, const ListOptions& options, ScanShared& shared,
                   std::vector<FileScanner>& scanners, ListAnswer& listed) {
  WorkQueue<Batch> queue(kQueue);
  const auto produce = [&] {
    const auto take = [&](Batch batch) {
      if (!queue.try_push(batch)) scanners[0].scan(batch);
    };
    for (const ListArgument& argument : arguments) list_files(argument, options, shared.ledger, take, listed);
    queue.close();
  };
  run_threads(static_cast<unsigned>(scanners.size()), [&](unsigned worker) {
    if (worker == 0) produce();
    while (const auto batch = queue.pop()) scanners[worker].scan(*batch);
  });
}

}  // namespace

Result<detect::ScanResult> scan_worktree(const detect::RuleSet& rules, const WorktreeOptions& options,
                                         Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const auto arguments = look_at_arguments(options.paths);
  if (!arguments) return tl::unexpected(arguments.error());

  Ledger ledger;
  ScanShared shared{ledger, progress, {}, {}};
  std::vector<FileScanner> scanners;
  const unsigned threads = thread_count(options.threads);
  for (unsigned i = 0; i < threads; ++i) {
    scanners.emplace_back(rules, shared, std::min(options.max_file_size, kMaxContent), options.archives);
  }
  ListAnswer listed;
  list_and_scan(*arguments, {options.no_ignore, &progress.cancelled, &progress.total}, shared, scanners, listed);

  std::vector<PlacedHit> hits;
  for (FileScanner& scanner : scanners) {
    std::move(scanner.hits().begin(), scanner.hits().end(), std::back_inserter(hits));
  }
  detect::ScanResult result;
  result.subject = subject_of(options.paths);
  result.remarks = std::move(listed.remarks);
  fill_result(rules, hits, shared, result);
  fill_coverage(listed, scanners, result.coverage);
  progress.done = progress.total.load();
  result.coverage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace tightship::scan
