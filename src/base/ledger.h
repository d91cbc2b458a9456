#pragma once

// What a scan could not read. A scan claims to be complete only when its ledger is empty; what is
// left out by a stated policy (compressed media, say) is not a loss and is counted in Coverage.
//
// Thread-safe. Keeps the first kMaxEntries entries and counts all, so that a hostile repository
// cannot grow it without bound.

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tightship {

enum class LossKind : std::uint8_t {
  MissingObject,   // named by something that was read, and not there
  CorruptObject,   // cannot be inflated, parsed, or rebuilt from its base
  CorruptPack,     // a pack file as a whole, or a part that no entry could be told from
  CorruptIndex,    // pack index, alternates file, refs file, git index
  UnreadableFile,  // the operating system refused to open or read it
  ChangedFile,     // vanished or changed while it was read
  LimitExceeded,   // larger than a stated bound
  Unsupported,     // a format that is known and not handled
  ShallowHistory,  // commits below a shallow boundary are not here
  PartialClone,    // objects that a promisor remote keeps
  Unreachable,     // a server that did not answer
  UnreadArchive,   // part of an archive: damaged, over a stated bound, or packed in an unknown way
};
inline constexpr std::size_t kLossKinds = 12;
std::string_view loss_kind_name(LossKind kind);  // "missing-object", ...: stable, used in reports

struct Loss {
  LossKind kind = LossKind::UnreadableFile;
  std::string what;   // "zlib stream ends early"
  std::string where;  // oid, "pack-1234.pack at offset 5678", path: raw, escaped by whoever prints
  std::string help;   // a command to paste, or empty
};

class Ledger {
 public:
  static constexpr std::size_t kMaxEntries = 1000;

  void add(Loss loss);
  // `count` more losses of a kind without an entry for each.
  void add_many(Loss loss, std::uint64_t count);
  bool empty() const { return total() == 0; }
  std::uint64_t total() const;
  std::uint64_t total(LossKind kind) const;
  std::vector<Loss> entries() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Loss> entries_;
  std::array<std::uint64_t, kLossKinds> counts_{};
};

}  // namespace tightship
