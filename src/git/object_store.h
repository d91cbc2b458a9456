#pragma once

// All objects of a repository: its packs and loose objects, those of its alternates, each oid once.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ledger.h"
#include "base/result.h"
#include "git/inflate.h"
#include "git/loose.h"
#include "git/pack.h"
#include "git/pack_walk.h"
#include "git/repository.h"

namespace tightship::git {

struct OpenPack {
  Pack pack;
  PackTable table;
  bool promisor = false;  // a .promisor file lies beside it
  // Entries that an earlier pack has as well, one bit each; empty when there are none.
  std::vector<bool> duplicate;
};

// Where an object lies. `store` is the number of its pack, or kLoose.
struct ObjectPlace {
  static constexpr std::uint32_t kLoose = ~std::uint32_t{0};
  std::uint32_t store = kLoose;
  std::uint32_t entry = 0;  // of the pack's table, or of loose()
  friend auto operator<=>(const ObjectPlace&, const ObjectPlace&) = default;
};

struct StoredObject {
  ObjectType type = ObjectType::Blob;
  std::vector<std::uint8_t> bytes;
};

// Immutable after open; const methods are thread-safe.
class ObjectStore {
 public:
  // Opens everything there is; what cannot be opened goes into `ledger`.
  static ObjectStore open(const Repository& repository, unsigned threads, Ledger& ledger);

  const std::vector<OpenPack>& packs() const { return packs_; }
  // Loose objects that no pack has.
  const std::vector<LooseObject>& loose() const { return loose_; }
  HashKind hash() const { return hash_; }
  // Different objects in all.
  std::uint64_t object_count() const { return object_count_; }
  std::uint64_t packed_bytes() const;

  std::optional<ObjectPlace> find(Bytes oid) const;
  Oid oid(ObjectPlace place) const;
  // Of a packed object without reading it; a loose one has to be read, and is Blob when it cannot.
  ObjectType type(ObjectPlace place) const;
  // One object by itself, for the few that a report needs; a delta costs its whole chain.
  Result<StoredObject> read(ObjectPlace place) const;
  Result<StoredObject> read(const Oid& oid) const;
  // For walk_pack: bases that lie in other packs or loose.
  WalkOptions walk_options() const;

 private:
  void open_packs(const std::string& object_dir, unsigned threads, Ledger& ledger);
  void find_duplicates();
  ObjectType chain_type(ObjectPlace place) const;
  void set_external_types();

  HashKind hash_ = HashKind::Sha1;
  std::vector<OpenPack> packs_;
  std::vector<LooseObject> loose_;
  std::uint64_t object_count_ = 0;
};

}  // namespace tightship::git
