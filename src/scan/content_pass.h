#pragma once

// First pass of an audit: every blob, commit and tag, delta-aware in packs, whole where loose.
// (Trees come second, when it is known which blobs to look for in them: scan/tree_pass.h.)

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"
#include "detect/rule.h"
#include "git/object_store.h"
#include "scan/audit.h"
#include "scan/content_scanner.h"
#include "scan/value_table.h"
#include "scan/worktree.h"

namespace tightship::scan {

struct ObjectHit {
  git::ObjectPlace object;
  ValueId value = 0;
  friend auto operator<=>(const ObjectHit&, const ObjectHit&) = default;
};

// What the history needs of a commit. Oids by their first 64 bits: they are compared in millions,
// and whatever is reported is read again and checked by its full oid.
struct CommitRecord {
  git::ObjectPlace place;
  std::uint64_t id = 0, tree = 0;
  std::int64_t time = 0;                               // committer
  std::uint32_t parents_begin = 0, parents_count = 0;  // in ContentPass::parents
};

struct TagRecord {
  git::ObjectPlace place;
  std::uint64_t id = 0, target = 0;
};

struct MediaCount {
  std::uint64_t count = 0, bytes = 0;  // bytes: as packed
};

struct ContentPass {
  ValueTable values;
  std::vector<ObjectHit> hits;  // each (object, value) once; sorted
  std::vector<CommitRecord> commits;
  std::vector<Oid> parents;
  std::vector<TagRecord> tags;
  std::vector<std::uint32_t> loose_trees;                // entries of store.loose() that are trees
  std::map<std::string, MediaCount, std::less<>> media;  // left out, by format
  ArchiveCounts archives;
  std::uint64_t objects = 0;   // read, or left out as media
  std::uint64_t blobs = 0;     // scanned
  std::uint64_t bytes = 0;     // expanded, of everything scanned
  std::uint64_t searched = 0;  // bytes that went through the matcher
};

// Where a value can be found again: the `ordinal`th hit of an entry.
struct ValueSource {
  std::uint32_t entry = 0, ordinal = 0;
};

// One pack's part of the pass, before it is known what else the store holds.
struct PackContents {
  ContentPass pass;                  // hits in no order, some twice
  std::vector<ValueSource> sources;  // one for each value
  std::vector<Loss> unread;          // parts of archives; they are told each time
};

class PackCache;

// Packs that `cache` (may be null) has are not read; the others are given to it.
ContentPass scan_contents(const detect::RuleSet& rules, const git::ObjectStore& store, const AuditOptions& options,
                          Progress& progress, Ledger& ledger, PackCache* cache = nullptr);

}  // namespace tightship::scan
