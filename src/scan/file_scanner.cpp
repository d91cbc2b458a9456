#include "scan/file_scanner.h"
#include "detect/detector.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <tuple>
#include <utility>

namespace tightship::scan {
namespace {

// A file over this size is read by one thread at a time: memory stays at one big file and a small
// buffer for each thread.
constexpr std::uint64_t kBigFile = std::uint64_t{32} << 20;

// The progress line shows done of total; an index may have said less than there is.
void advance(Progress& progress, std::uint64_t bytes) {
  const std::uint64_t done = progress.done += bytes;
  std::uint64_t total = progress.total;
  while (total < done && !progress.total.compare_exchange_weak(total, done)) {
  }
}

auto order_key(const PlacedHit& placed) {
  return std::make_tuple(std::string_view(placed.path), placed.place, std::string_view(placed.hit.member),
                         placed.hit.position.offset, placed.hit.rule);
}

}  // namespace

FileScanner::FileScanner(const detect::RuleSet& rules, ScanShared& shared, std::uint64_t max_file_size,
                         const unpack::Limits& archives)
    : rules_(rules), shared_(shared), scanner_(rules, archives), reader_(max_file_size, archives) {}

void FileScanner::lose(Loss loss, const std::string& path) {
  loss.where = path;
  shared_.ledger.add(std::move(loss));
}

void FileScanner::keep(detect::Place place, const std::string& path, Hit&& hit) {
  ++shared_.progress.findings;
  if (++shared_.hits <= kMaxKeptHits) hits_.push_back({place, path, std::move(hit)});
}

void FileScanner::scan_content(Bytes content, detect::Place place, const std::string& path,
                               const std::string& rule_path) {
  counts_.bytes += content.size();
  for (Hit& hit : scanner_.scan(content, rule_path)) keep(place, path, std::move(hit));
  counts_.archives += scanner_.counts();
  for (Loss& loss : scanner_.losses_at(path)) shared_.ledger.add(std::move(loss));
  if (scanner_.truncated()) {
    lose(
        {LossKind::LimitExceeded, "holds more candidates, or more in encodings, than is looked at in one file", {}, {}},
        path);
  }
}

// A folder's name is reported at the folder, not again at everything in it.
void FileScanner::scan_name(const Batch& batch, const FoundFile& file) {
  const std::string path = batch.shown(file);
  const std::size_t own = path.size() - std::min(path.size(), file.name.size());
  for (Hit& hit : scanner_.scan(as_bytes(path), batch.rule_path(file), Decoding::Off)) {
    if (hit.position.offset + hit.secret.size() > own) keep(detect::Place::FileName, path, std::move(hit));
  }
  if (file.kind != FoundFile::Kind::Content) return;
  for (const std::uint16_t rule : detect::rules_of_path(rules_, batch.rule_path(file))) {
    keep(detect::Place::FileName, path, path_hit(rule, batch.rule_path(file)));
  }
}

void FileScanner::scan_symlink(const Batch& batch, const FoundFile& file) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(batch.folder->fd.get(), file.name.c_str(), target.data(), target.size());
  if (size < 0) {
    const bool gone = errno == ENOENT || errno == EINVAL;
    return lose({gone ? LossKind::ChangedFile : LossKind::UnreadableFile,
                 gone ? "vanished before it was read" : system_reason(errno),
                 {},
                 {}},
                batch.shown(file));
  }
  target.resize(static_cast<std::size_t>(size));
  ++counts_.files;
  scan_content(as_bytes(target), detect::Place::SymlinkTarget, batch.shown(file), batch.rule_path(file));
}

void FileScanner::scan_opened(const OpenedFile& opened, const std::string& path, const std::string& rule_path) {
  std::unique_lock big(shared_.big_file, std::defer_lock);
  if (opened.size() > kBigFile || opened.size() == 0) big.lock();  // size 0: procfs may have any
  ReadAnswer answer = reader_.read(opened);
  if (answer.loss) lose(std::move(*answer.loss), path);
  if (!answer.media.empty()) {
    ++counts_.media;
    counts_.media_bytes += opened.size();
    return;
  }
  if (answer.content.empty() && answer.loss) return;
  ++counts_.files;
  scan_content(answer.content, detect::Place::File, path, rule_path);
  if (big.owns_lock()) reader_.shrink();
}

void FileScanner::scan_file(const Batch& batch, const FoundFile& file) {
  const std::string path = batch.shown(file);
  OpenAnswer opened = open_file(batch.folder->fd.get(), file.name);
  if (opened.loss) return lose(std::move(*opened.loss), path);
  if (!opened.file.is_regular()) {
    ++counts_.special;
    return;
  }
  scan_opened(opened.file, path, batch.rule_path(file));
  advance(shared_.progress, opened.file.size());
}

void FileScanner::scan(const Batch& batch) {
  for (const FoundFile& file : batch.files) {
    if (shared_.progress.cancelled) return;
    scan_name(batch, file);
    if (file.kind == FoundFile::Kind::Content) scan_file(batch, file);
    if (file.kind == FoundFile::Kind::Symlink) scan_symlink(batch, file);
  }
}

void fill_result(const detect::RuleSet& rules, std::vector<PlacedHit>& hits, ScanShared& shared,
                 detect::ScanResult& result) {
  std::sort(hits.begin(), hits.end(),
            [](const PlacedHit& a, const PlacedHit& b) { return order_key(a) < order_key(b); });
  FindingSet findings(rules);
  for (PlacedHit& placed : hits) {
    detect::Occurrence where;
    where.place = placed.place;
    where.path = std::move(placed.path);
    findings.add(placed.hit, std::move(where));
  }
  hits.clear();
  const std::uint64_t all = shared.hits;
  const std::uint64_t left_out = findings.left_out() + (all > kMaxKeptHits ? all - kMaxKeptHits : 0);
  shared.ledger.add_many(
      {LossKind::LimitExceeded, fmt::format("{} findings over the limit are left out", left_out), {}, {}}, left_out);
  if (shared.progress.cancelled) {
    shared.ledger.add({LossKind::UnreadableFile, "interrupted: the rest was not read", {}, {}});
  }
  result.findings = findings.take();
  result.hidden_notes = static_cast<std::uint64_t>(
      std::count_if(result.findings.begin(), result.findings.end(),
                    [](const detect::Finding& f) { return f.severity == detect::Severity::Note; }));
  result.losses = shared.ledger.entries();
  std::sort(result.losses.begin(), result.losses.end(), [](const Loss& a, const Loss& b) {
    return std::tie(a.where, a.kind, a.what) < std::tie(b.where, b.kind, b.what);
  });
  result.loss_count = shared.ledger.total();
  result.rules_version = rules.version();
}

}  // namespace tightship::scan
