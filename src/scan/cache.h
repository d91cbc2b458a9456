#pragma once

// What audits remember from one run to the next, so that an unchanged repository costs next to nothing
// and a changed one only what is new (docs/cache.md, docs/decisions/0005-cache.md).
//
// Two kinds of files in one folder:
//   s-...  the state of a repository (every pack, loose object, ref, reflog entry, configuration) and
//          the answer for exactly that state                                   scan/state_cache.h
//   p-...  a pack: which of its entries have hits, its commits and trees       scan/pack_cache.h
//
// No secret is in them, and no hash of one: objects that have hits are named, and are read and scanned
// again. The folder is used only when it is the user's own, closed to everybody else (0700) and no
// symlink; files likewise (0600). A file appears by rename, so that readers and other writers see a
// whole one. Nothing here ever fails: without a cache everything is computed.
//
// Hooks: scanning a new blob costs less than asking a file whether it was scanned before (0005), so
// there is no memory of single blobs; a push that is walked pack by pack takes `cache_folder` in its
// AuditOptions like an audit.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "scan/cache_file.h"
#include "unpack/unpack.h"

namespace tightship::scan {

inline constexpr std::uint64_t kMaxCacheBytes = std::uint64_t{256}
                                                << 20;  // of all files; the least recently used go first
inline constexpr std::uint64_t kMaxCacheFile = std::uint64_t{64} << 20;  // larger ones are not written, and not read

// XDG_CACHE_HOME/tightship, else HOME/.cache/tightship; empty when neither is known as an absolute path,
// or TIGHTSHIP_CACHE=off.
std::string default_cache_folder();

struct CacheSize {
  std::uint64_t files = 0, bytes = 0;
};

class Cache {
 public:
  Cache() = default;  // none: remembers nothing
  explicit Cache(std::string folder, std::uint64_t max_bytes = kMaxCacheBytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}

  bool on() const { return !folder_.empty(); }
  // The payload that was stored as `name` for `key`; marks it as used.
  std::optional<std::string> load(const std::string& name, const CacheKey& key) const;
  // Returns whether it was stored. Makes the folder (0700) when it is not there.
  bool store(const std::string& name, const CacheKey& key, std::string_view payload) const;
  CacheSize size() const;
  // Removes every file of ours, and the folder if nothing else is in it. Returns what was removed.
  CacheSize clear() const;
  // Why the folder cannot be used: "is not yours"; empty when it can, or is not there yet.
  std::string problem() const;

 private:
  std::string folder_;
  std::uint64_t max_bytes_ = kMaxCacheBytes;
};

// What every key contains: format, version and build of the program, the content of the rules, and how far
// archives are opened.
std::string cache_basis(const std::string& rules_hash, const unpack::Limits& archives);

}  // namespace tightship::scan
