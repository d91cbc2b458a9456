#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "base/parallel.h"
#include "scan/anchor_search.h"
#include "scan/change_set.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kBlobsAThread = 48;  // below that a second thread costs more than it saves
constexpr std::size_t kManyBlobs = 128;    // of which most are versions of others
constexpr std::size_t kPlainTexts = 1 << 17;
constexpr std::size_t kChunk = 16;  // neighbours are versions of one file: they share delta bases

LossKind loss_of(const Error& error) {
  if (error.kind == ErrorKind::NotFound) return LossKind::MissingObject;
  if (error.kind == ErrorKind::Limit) return LossKind::LimitExceeded;
  return error.kind == ErrorKind::Io ? LossKind::UnreadableFile : LossKind::CorruptObject;
}

class Worker {
 public:
  Worker(const detect::RuleSet& rules, const unpack::Limits& archives, PlainTexts* known, bool partial, Ledger& ledger)
      : scanner_(rules, archives, known), archives_(archives), partial_(partial), ledger_(ledger) {}

  void scan(git::ObjectReader& objects, const Oid& oid) {
    const auto object = objects.read(oid);
    if (!object) {
      if (partial_ && object.error().kind == ErrorKind::NotFound)
        ++counts.promised;
      else
        ledger_.add({loss_of(object.error()), object.error().what, oid.hex(), "git fsck"});
      return;
    }
    const Bytes content = object->bytes;
    if (!left_out_media(content.first(std::min(content.size(), kMediaHead)), archives_).empty()) {
      ++counts.media;
      counts.media_bytes += content.size();
      return;
    }
    ++counts.blobs;
    counts.bytes += content.size();
    const std::vector<Hit> hits = scanner_.scan(content, {});
    counts.archives += scanner_.counts();
    for (Loss& loss : scanner_.losses_at(oid.hex())) ledger_.add(std::move(loss));
    if (scanner_.truncated()) {
      ledger_.add({LossKind::LimitExceeded, "more findings than the limit", oid.hex(), {}});
    }
    if (!hits.empty()) found.emplace(oid, secrets_of(hits));
  }

  BlobSecrets found;
  BlobCounts counts;

 private:
  ContentScanner scanner_;
  unpack::Limits archives_;
  bool partial_;
  Ledger& ledger_;
};

}  // namespace

std::vector<SecretKey> secrets_of(const std::vector<Hit>& hits) {
  std::vector<SecretKey> keys;
  for (const Hit& hit : hits) keys.push_back({hit.rule, hit.secret});
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void name_archives(const std::vector<BlobUse>& uses, std::vector<Loss>& losses) {
  for (Loss& loss : losses) {
    if (loss.kind != LossKind::UnreadArchive) continue;
    const std::size_t end = std::min(loss.where.find('!'), loss.where.size());
    const auto blob = Oid::from_hex(std::string_view(loss.where).substr(0, end));
    if (!blob) continue;
    const auto use =
        std::find_if(uses.begin(), uses.end(), [&](const BlobUse& u) { return u.blob == *blob && !u.path.empty(); });
    if (use != uses.end()) loss.where.replace(0, end, use->path);
  }
}

BlobSecrets scan_blobs(const detect::RuleSet& rules, const git::Repository& repository, git::ObjectReader& objects,
                       std::vector<Oid> blobs, const ChangeOptions& options, Progress& progress, BlobCounts& counts,
                       Ledger& ledger) {
  const auto wanted =
      static_cast<unsigned>(std::min<std::size_t>(thread_count(options.threads), blobs.size() / kBlobsAThread + 1));
  std::optional<PlainTexts> known;
  if (blobs.size() >= kManyBlobs) known.emplace(kPlainTexts);
  std::atomic<std::size_t> next{0};
  std::mutex merging;
  BlobSecrets found;
  run_threads(wanted, [&](unsigned number) {
    std::optional<git::ObjectReader> own;
    if (number > 0) own.emplace(repository, ledger);
    git::ObjectReader& reader = own ? *own : objects;
    Worker worker(rules, options.archives, known ? &*known : nullptr, repository.partial, ledger);
    for (;;) {
      const std::size_t begin = next.fetch_add(kChunk, std::memory_order_relaxed);
      if (begin >= blobs.size() || progress.cancelled.load(std::memory_order_relaxed)) break;
      const std::size_t end = std::min(begin + kChunk, blobs.size());
      const std::uint64_t before = worker.counts.bytes;
      for (std::size_t i = begin; i < end; ++i) worker.scan(reader, blobs[i]);
      progress.done += worker.counts.bytes - before;
    }
    const std::lock_guard lock(merging);
    found.merge(worker.found);
    counts.blobs += worker.counts.blobs;
    counts.bytes += worker.counts.bytes;
    counts.media += worker.counts.media;
    counts.media_bytes += worker.counts.media_bytes;
    counts.promised += worker.counts.promised;
    counts.archives += worker.counts.archives;
  });
  return found;
}

}  // namespace tightship::scan
