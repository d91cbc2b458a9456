#pragma once

// What new commits bring, told apart object by object: the material of scan_changes.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ledger.h"
#include "base/oid.h"
#include "detect/rule.h"
#include "git/commit_walk.h"
#include "git/object_reader.h"
#include "git/repository.h"
#include "scan/changes.h"
#include "scan/content_scanner.h"

namespace tightship::scan {

// A blob that a commit puts at a path where no parent of it has that blob.
struct BlobUse {
  Oid commit;  // zero for a blob that a tag or ref names without a commit
  std::string path;
  std::uint32_t mode = 0;
  Oid blob;
  std::vector<Oid> before;  // blobs that the parents have there
};

struct NameUse {
  Oid commit;
  std::string path;
};

struct ChangeSet {
  std::vector<Oid> messages;  // commits and tags whose text is to be scanned
  std::vector<BlobUse> uses;
  std::vector<NameUse> names;
  std::vector<Oid> boundary_trees;  // root trees of known parents
  std::uint64_t commits = 0, tags = 0;
  bool cut_off = false;                            // as ChangeFacts has it
  std::unordered_map<Oid, std::string> tag_names;  // of tag objects: what they call themselves
};

// A secret without its place.
struct SecretKey {
  std::uint16_t rule = 0;
  std::string secret;
  friend auto operator<=>(const SecretKey&, const SecretKey&) = default;
};

// By blob; blobs without secrets are left out.
using BlobSecrets = std::unordered_map<Oid, std::vector<SecretKey>>;

struct BlobCounts {
  std::uint64_t blobs = 0, bytes = 0;
  std::uint64_t media = 0, media_bytes = 0;
  std::uint64_t promised = 0;  // that only the promisor remote has
  ArchiveCounts archives;
};

// Scans each of `blobs` once, on `threads` at most, without a path.
BlobSecrets scan_blobs(const detect::RuleSet& rules, const git::Repository& repository, git::ObjectReader& objects,
                       std::vector<Oid> blobs, const ChangeOptions& options, Progress& progress, BlobCounts& counts,
                       Ledger& ledger);

// Parts of archives that could not be read are told by the blob's name; where a use says its path, by that.
void name_archives(const std::vector<BlobUse>& uses, std::vector<Loss>& losses);

// Different secrets of hits, sorted.
std::vector<SecretKey> secrets_of(const std::vector<Hit>& hits);

}  // namespace tightship::scan
