#pragma once

// The parts of git's index file (gitformat-index(5)) that read_index() and parse_index() share.

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/oid.h"
#include "base/result.h"
#include "git/repository.h"

namespace tightship::git {

inline constexpr std::uint64_t kMaxIndexSize = std::uint64_t{1} << 30;
// Version 4 names share prefixes, so few bytes could make many: all names together.
inline constexpr std::uint64_t kMaxIndexNames = std::uint64_t{1} << 30;

// The extension "link": this file lists only what changed against a shared one. Bit i of a bitmap
// speaks of entry i of the shared index.
struct IndexLink {
  Oid base;  // names the file sharedindex.<hex> and is its checksum
  std::vector<bool> deleted, replaced;
};

struct IndexContent {
  std::vector<IndexEntry> entries;  // replaced ones of a split index have an empty path
  std::optional<IndexLink> link;    // none when it names no base
  Oid checksum;                     // as the trailer says
};

// Fails with Corrupt, Unsupported (version, or an extension that git says must be understood) or Limit.
// A trailer of zeros (index.skipHash) is accepted, any other must be the content's hash.
Result<IndexContent> parse_index_content(Bytes content, HashKind hash);

// The body of the extension "link". Fails with Corrupt.
Result<IndexLink> parse_index_link(Bytes body, HashKind hash);

// Applies a split index to the shared one. Fails with Corrupt when the bitmaps do not fit.
Result<std::vector<IndexEntry>> merge_split_index(std::vector<IndexEntry> base, IndexContent split);

}  // namespace tightship::git
