#pragma once

// What a pack holds, as far as an audit needs it, remembered from one audit to the next: a pure function of
// the pack's bytes and the rules.
//
// Not remembered: packs with a delta whose base lies elsewhere (git keeps none), packs of which anything
// could not be read, and packs with a secret in a file name. Values of secrets are not written: each is
// named by the entry that holds it, which is read and scanned again.
//
// A record is for a pack's checksum. That the bytes are still those is believed when size, inode and time
// stamps of pack and index are as they were; else (git sets the time anew when an object is written that
// the pack has) both files must match their own checksums.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/oid.h"
#include "detect/rule.h"
#include "git/object_store.h"
#include "scan/cache.h"
#include "scan/content_pass.h"
#include "scan/tree_pass.h"

namespace tightship::scan {

// What a record may say depends on the pack that it is about.
struct PackShape {
  std::uint32_t store = 0;  // number of the pack: ObjectPlace::store
  std::uint32_t entries = 0;
  std::size_t oid_bytes = 20;
  std::function<Oid(std::uint32_t entry)> oid;
  std::function<git::ObjectType(std::uint32_t entry)> type;
  std::function<std::optional<std::uint32_t>(const Oid& oid)> entry_of;
};

// `values` of the contents are left empty: the reader has their sources.
std::string write_contents(const PackShape& shape, const PackContents& contents);
std::optional<PackContents> read_contents(const PackShape& shape, std::string_view record);

// Only what leads to a wanted blob, or out of the pack: the rest can never matter. `wanted` are those that
// the trees were searched for. Empty when a name is one of `secrets`, or holds one.
std::string write_trees(const PackTrees& trees, const std::unordered_set<std::uint64_t>& wanted,
                        const std::vector<std::string>& secrets);
// Nothing also when the trees name something outside of the pack that is wanted now and was not then.
std::optional<PackTrees> read_trees(const PackShape& shape, std::string_view record,
                                    const std::unordered_set<std::uint64_t>& wanted);

// The packs of one store. Not thread-safe.
class PackCache {
 public:
  PackCache(Cache cache, const detect::RuleSet& rules, const unpack::Limits& archives, const git::ObjectStore& store);

  std::optional<PackContents> contents(std::uint32_t pack) const;
  std::optional<PackTrees> trees(std::uint32_t pack, const std::unordered_set<std::uint64_t>& wanted) const;
  void keep_contents(std::uint32_t pack, const PackContents& contents);
  // Of the whole store: what no name in a record may hold. To be called before keep_trees.
  void set_secrets(const ValueTable& values);
  void keep_trees(std::uint32_t pack, const PackTrees& trees, const std::unordered_set<std::uint64_t>& wanted);
  // Something of the pack could not be read, or not be trusted.
  void forget(std::uint32_t pack);
  // Writes what is new, of packs whose files are still the same.
  void write() const;

 private:
  struct Slot {
    std::string name, contents, trees;
    std::string texts;       // of losses in the contents: names of members
    CacheKey key, identity;  // of the checksums; of the files as they lie there
    bool usable = false, changed = false;
  };
  void load(std::uint32_t pack);
  PackShape shape(std::uint32_t pack) const;
  CacheKey key(std::uint32_t pack) const;
  CacheKey identity(std::uint32_t pack) const;

  Cache cache_;
  std::string basis_;
  const git::ObjectStore& store_;
  std::vector<Slot> slots_;
  std::vector<std::string> secrets_;
};

}  // namespace tightship::scan
