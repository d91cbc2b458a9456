#include "scan/unstaged.h"

#include <algorithm>
#include <chrono>

#include "base/file.h"
#include "git/object_reader.h"
#include "scan/change_set.h"
#include "scan/content_scanner.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

class UnstagedScan {
 public:
  UnstagedScan(const detect::RuleSet& rules, const git::Repository& repository, const unpack::Limits& archives)
      : repository_(repository),
        archives_(archives),
        objects_(repository, ledger_),
        scanner_(rules, archives),
        findings_(rules) {}

  void scan(const git::IndexEntry& entry) {
    if ((entry.mode & 0170000) != 0100000 || entry.skip_worktree || entry.stage != 0) return;
    const std::string path = repository_.work_tree + "/" + entry.path;
    auto content = read_file(path, kMaxContent);
    if (!content) {
      if (content.error().kind == ErrorKind::NotFound) return;
      return ledger_.add({LossKind::UnreadableFile, content.error().what, entry.path, {}});
    }
    ++files_;
    bytes_ += content->size();
    const Bytes bytes = as_bytes(*content);
    const auto staged = objects_.read(entry.oid);
    if (staged && as_text(staged->bytes) == *content) return;
    if (!left_out_media(bytes.first(std::min(bytes.size(), kMediaHead)), archives_).empty()) return;
    const std::vector<Hit> hits = scanner_.scan(bytes, entry.path);
    opened_ += scanner_.counts();
    for (Loss& loss : scanner_.losses_at(entry.path)) ledger_.add(std::move(loss));
    if (hits.empty()) return;
    std::vector<SecretKey> before;
    if (staged) before = secrets_of(scanner_.scan(staged->bytes, {}));
    for (const Hit& hit : hits) {
      if (std::binary_search(before.begin(), before.end(), SecretKey{hit.rule, hit.secret})) continue;
      detect::Occurrence where;
      where.path = entry.path;
      findings_.add(hit, std::move(where));
    }
  }

  detect::ScanResult finish() {
    detect::ScanResult result;
    result.job = detect::ScanResult::Job::Staged;
    result.subject = repository_.work_tree;
    result.findings = findings_.take();
    for (const detect::Finding& finding : result.findings) {
      if (finding.severity == detect::Severity::Note) ++result.hidden_notes;
    }
    result.coverage.files = files_;
    result.coverage.bytes = bytes_;
    add_archives(opened_, result.coverage);
    result.losses = ledger_.entries();
    result.loss_count = ledger_.total();
    return result;
  }

  Ledger& ledger() { return ledger_; }

 private:
  const git::Repository& repository_;
  unpack::Limits archives_;
  ArchiveCounts opened_;
  Ledger ledger_;
  git::ObjectReader objects_;
  ContentScanner scanner_;
  FindingSet findings_;
  std::uint64_t files_ = 0, bytes_ = 0;
};

}  // namespace

Result<detect::ScanResult> scan_unstaged(const detect::RuleSet& rules, const git::Repository& repository,
                                         const unpack::Limits& archives, Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const auto index = git::read_index(repository);
  if (!index) return tl::unexpected(index.error());
  UnstagedScan scan(rules, repository, archives);
  for (const git::IndexEntry& entry : *index) {
    if (progress.cancelled) {
      scan.ledger().add({LossKind::LimitExceeded, "interrupted: not everything was read", repository.work_tree, {}});
      break;
    }
    scan.scan(entry);
  }
  detect::ScanResult result = scan.finish();
  result.rules_version = rules.version();
  result.coverage.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace tightship::scan
