#include "base/ledger.h"

#include <numeric>
#include <utility>

namespace tightship {

std::string_view loss_kind_name(LossKind kind) {
  switch (kind) {
    case LossKind::MissingObject: return "missing-object";
    case LossKind::CorruptObject: return "corrupt-object";
    case LossKind::CorruptPack: return "corrupt-pack";
    case LossKind::CorruptIndex: return "corrupt-index";
    case LossKind::UnreadableFile: return "unreadable-file";
    case LossKind::ChangedFile: return "changed-file";
    case LossKind::LimitExceeded: return "limit-exceeded";
    case LossKind::Unsupported: return "unsupported";
    case LossKind::ShallowHistory: return "shallow-history";
    case LossKind::PartialClone: return "partial-clone";
    case LossKind::Unreachable: return "unreachable";
    case LossKind::UnreadArchive: return "unread-archive";
  }
  return "unknown";
}

void Ledger::add(Loss loss) { add_many(std::move(loss), 1); }

void Ledger::add_many(Loss loss, std::uint64_t count) {
  if (count == 0) return;
  const std::lock_guard lock(mutex_);
  counts_[static_cast<std::size_t>(loss.kind)] += count;
  if (entries_.size() < kMaxEntries) entries_.push_back(std::move(loss));
}

std::uint64_t Ledger::total() const {
  const std::lock_guard lock(mutex_);
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t Ledger::total(LossKind kind) const {
  const std::lock_guard lock(mutex_);
  return counts_[static_cast<std::size_t>(kind)];
}

std::vector<Loss> Ledger::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

}  // namespace tightship
