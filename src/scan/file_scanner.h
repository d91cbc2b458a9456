#pragma once

// What one thread of a scan does: reads files, scans their content and their names, counts.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/ledger.h"
#include "detect/finding.h"
#include "detect/rule.h"
#include "scan/content_scanner.h"
#include "scan/file_list.h"
#include "scan/file_reader.h"
#include "scan/worktree.h"

namespace tightship::scan {

struct PlacedHit {
  detect::Place place = detect::Place::File;
  std::string path;  // as shown
  Hit hit;
};

// Kept over all threads; what hostile content goes beyond is a loss.
inline constexpr std::uint64_t kMaxKeptHits = 500'000;

// Shared by the threads of one scan.
struct ScanShared {
  Ledger& ledger;
  Progress& progress;
  std::mutex big_file;  // held while a big file is read, so that only one is in memory at a time
  std::atomic<std::uint64_t> hits{0};
};

struct FileCounts {
  std::uint64_t files = 0, bytes = 0;
  std::uint64_t media = 0, media_bytes = 0;
  std::uint64_t special = 0;  // became a pipe or device after it was listed
  ArchiveCounts archives;
};

class FileScanner {
 public:
  FileScanner(const detect::RuleSet& rules, ScanShared& shared, std::uint64_t max_file_size,
              const unpack::Limits& archives);

  void scan(const Batch& batch);
  // `content` found under `path`; also tells the ledger what was left out of it.
  void scan_content(Bytes content, detect::Place place, const std::string& path, const std::string& rule_path);
  void lose(Loss loss, const std::string& path);

  std::vector<PlacedHit>& hits() { return hits_; }
  const FileCounts& counts() const { return counts_; }

 private:
  void scan_file(const Batch& batch, const FoundFile& file);
  void scan_opened(const OpenedFile& opened, const std::string& path, const std::string& rule_path);
  void scan_symlink(const Batch& batch, const FoundFile& file);
  void scan_name(const Batch& batch, const FoundFile& file);
  void keep(detect::Place place, const std::string& path, Hit&& hit);

  const detect::RuleSet& rules_;
  ScanShared& shared_;
  ContentScanner scanner_;
  FileReader reader_;
  std::vector<PlacedHit> hits_;
  FileCounts counts_;
};

// Findings, counts and losses of a finished scan; `hits` in any order.
void fill_result(const detect::RuleSet& rules, std::vector<PlacedHit>& hits, ScanShared& shared,
                 detect::ScanResult& result);

}  // namespace tightship::scan
