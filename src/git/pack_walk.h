#pragma once

// All objects of a pack, each inflated once and each delta applied once, in the order of the delta
// forest: a base before everything made of it. This is what makes the cost of reading a history
// follow its packed bytes.
//
// Idea: depth first, the heaviest child last, so that a base is let go as early as can be. Workers
// take whole trees of the forest, heavy ones first; a worker that runs dry takes subtrees from the
// others. Bytes of bases are bounded by `memory_cap`: beyond it the oldest are dropped and built
// again when their next child comes.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/ledger.h"
#include "git/delta.h"
#include "git/inflate.h"
#include "git/object.h"
#include "git/pack.h"

namespace tightship::git {

struct PackObject {
  std::uint32_t entry = 0;
  ObjectType type = ObjectType::Blob;
  Bytes data;
  // Of a delta: how `data` came from an object of `base_size` bytes. Null for a root, and for a
  // delta whose base the visitor did not want to see.
  const std::vector<DeltaOp>* ops = nullptr;
  std::uint32_t base_size = 0;
};

// What a visitor keeps of an object for the objects made of it.
class ObjectState {
 public:
  virtual ~ObjectState() = default;
};

// Called from several threads at once, from each with its own `worker` number (0..threads).
class PackVisitor {
 public:
  virtual ~PackVisitor() = default;
  // States are made when needed and used again for other objects without being cleared.
  virtual std::unique_ptr<ObjectState> make_state() = 0;
  // Whether to visit an object whose content begins with `head` (kHeadSize bytes, fewer only when
  // it is shorter). Refused objects are not inflated, unless something wanted is made of them.
  virtual bool wants(unsigned worker, std::uint32_t entry, Bytes head) = 0;
  // `base` is the state of the object that `object.ops` copies from; null when ops is null.
  // `own` must be left in a state fit for being a base when `has_children`.
  virtual void visit(unsigned worker, const PackObject& object, const ObjectState* base, ObjectState& own,
                     bool has_children) = 0;
};

inline constexpr std::size_t kHeadSize = 16;

struct WalkOptions {
  unsigned threads = 1;
  std::uint64_t memory_cap = std::uint64_t{96} << 20;  // bytes of bases, over all threads
  unsigned types = 0;                                  // bits 1 << ObjectType: which trees of the forest to walk
  bool look_at_heads = false;                          // whether wants() is asked
  std::atomic<std::uint64_t>* progress = nullptr;      // packed bytes are added
  const std::atomic<bool>* cancelled = nullptr;
  // Finds the base of a delta outside of this pack. Fails with NotFound.
  std::function<Result<std::vector<std::uint8_t>>(const Oid& base, ObjectType& type)> external;
};

// Damaged objects, and those that hang on them, go into `ledger`; everything else is visited.
void walk_pack(const Pack& pack, const PackTable& table, const WalkOptions& options, PackVisitor& visitor,
               Ledger& ledger);

// One object by itself, through its chain of bases. For the few that a report needs.
// Fails with Corrupt, Limit, or NotFound (external base).
Result<std::vector<std::uint8_t>> read_packed(const Pack& pack, const PackTable& table, std::uint32_t entry,
                                              Inflater& inflater, const WalkOptions& options);

// The base that an entry of kind ExternalDelta names.
Oid external_base_oid(const Pack& pack, const PackEntry& entry);

}  // namespace tightship::git
