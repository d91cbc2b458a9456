#pragma once

// Single objects, read where they lie: for the hook, which needs a few hundred of them and cannot pay for
// the table of a whole pack (git/object_store.h is for reading everything).
//
// Packs are opened when they are first asked; deltas are applied along their chain, and bases are kept in
// a cache of bounded size, since the versions that a push brings share theirs.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "base/result.h"
#include "git/object.h"
#include "git/object_store.h"
#include "git/repository.h"

namespace tightship::git {

// Not thread-safe: one a thread.
class ObjectReader {
 public:
  // Lists the packs of every object directory, and opens none. What cannot be listed or opened goes into
  // `ledger`, which must outlive the reader.
  ObjectReader(const Repository& repository, Ledger& ledger);
  ~ObjectReader();
  ObjectReader(ObjectReader&&) noexcept;

  HashKind hash() const;
  bool contains(const Oid& oid);
  // NotFound, Corrupt, Io, Limit (over kMaxObjectSize). A damaged copy is passed over for another one.
  Result<StoredObject> read(const Oid& oid);
  // The same, kept in the cache and shared.
  Result<std::shared_ptr<const StoredObject>> share(const Oid& oid);
  Result<ObjectType> type(const Oid& oid);  // reads it, into the cache
  // Every oid that begins with these hexadecimal digits, sorted; at most `limit`.
  std::vector<Oid> with_prefix(std::string_view hex, std::size_t limit);
  // Bytes of all packs, by the file system's word.
  std::uint64_t packed_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tightship::git
