#pragma once

// One pack (gitformat-pack(5), versions 2 and 3) with its index, and the table of its entries in
// pack order with the delta forest they form.
//
// Everything in it is hostile: offsets, sizes, bases, cycles, types. What the table holds has been
// checked; an entry that is damaged is in the ledger and has `kind == EntryKind::Broken`.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/ledger.h"
#include "base/oid.h"
#include "base/result.h"
#include "git/object.h"
#include "git/pack_index.h"

namespace tightship::git {

// Objects larger than this are a loss (Limit): it bounds what a few crafted bytes can make us allocate.
inline constexpr std::uint32_t kMaxObjectSize = 1u << 30;

enum class EntryKind : std::uint8_t { Root, Delta, ExternalDelta, Broken };

struct PackEntry {
  std::uint64_t offset = 0;          // of its header in the pack
  std::uint32_t index_position = 0;  // in the PackIndex: its oid
  std::uint32_t base = 0;            // entry of the base (kind Delta)
  std::uint32_t size = 0;            // inflated: of the object (root) or of the delta
  std::uint8_t header_length = 0;
  ObjectType type = ObjectType::Blob;  // of the object, through all its bases
  EntryKind kind = EntryKind::Broken;
};

// The delta forest of a pack. `entries` is in pack order; children of entry e are
// children[child_begin[e] .. child_begin[e + 1]). Roots include ExternalDelta entries.
struct PackTable {
  std::vector<PackEntry> entries;
  std::vector<std::uint32_t> roots;
  std::vector<std::uint32_t> child_begin, children;
  std::vector<std::uint64_t> weight;  // packed bytes of the entry and everything that depends on it
  std::uint64_t objects_end = 0;      // where the pack's trailer begins

  std::uint32_t size() const { return static_cast<std::uint32_t>(entries.size()); }
  std::uint64_t packed_size(std::uint32_t entry) const {
    const std::uint64_t end = entry + 1 < entries.size() ? entries[entry + 1].offset : objects_end;
    return end - entries[entry].offset;
  }
};

class Pack {
 public:
  // `path` ends in .pack; its index lies beside it. A missing or damaged index is replaced by one
  // that is made from the pack itself (slow; said in the ledger). Fails with NotFound, Io, Corrupt
  // (not a pack at all), Unsupported (version).
  static Result<Pack> open(const std::string& path, HashKind hash, Ledger& ledger);

  const std::string& path() const { return path_; }
  const PackIndex& index() const { return index_; }
  Bytes bytes() const { return file_.bytes(); }
  HashKind hash() const { return hash_; }
  // The zlib stream of an entry and what follows it, up to the next entry.
  Bytes stream(const PackTable& table, std::uint32_t entry) const;
  Oid oid(const PackEntry& entry) const { return Oid::from_raw(index_.oid(entry.index_position)); }
  // "pack-1234.pack at offset 5678", for the ledger.
  std::string place(std::uint64_t offset) const;

  // Entry of an oid; needs the table that was built of this pack.
  std::optional<std::uint32_t> entry_of(Bytes oid) const;
  // Reads the headers of all entries (`threads` at once) and joins them to a forest.
  PackTable build_table(unsigned threads, Ledger& ledger);
  // Recomputes the pack's trailing checksum (`--verify`). Reads every byte.
  bool checksum_ok() const;
  // Whether the index file is whole by its own checksum, and says that it was made for this pack.
  bool index_checksum_ok() const;

 private:
  std::string path_;
  MappedFile file_;
  PackIndex index_;
  HashKind hash_ = HashKind::Sha1;
  std::vector<std::uint32_t> entry_of_position_;  // filled by build_table
};

// The oid of an object, as git computes it.
Oid hash_object(ObjectType type, Bytes content, HashKind hash);

}  // namespace tightship::git
