#include "git/pack_rebuild.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "git/delta.h"
#include "git/inflate.h"
#include "git/pack.h"
#include "git/pack_header.h"

namespace tightship::git {
namespace {

constexpr std::uint64_t kPackHeader = 12;
constexpr std::uint32_t kMaxRebuiltObject = 256u << 20;

struct Raw {
  EntryHeader header;
  std::uint64_t base = 0;  // offset, for an offset delta
};

class Rebuilder {
 public:
  Rebuilder(Bytes pack, HashKind hash) : pack_(pack), hash_(hash), end_(pack.size() - oid_size(hash)) {}

  // Reads entries one behind the other; behind a damaged one it goes on at the next offset of `known`.
  void find_entries(const std::set<std::uint64_t>& known) {
    std::uint64_t at = kPackHeader;
    while (at < end_) {
      const std::size_t length = read_entry(at);
      if (length != 0) {
        at += length;
        continue;
      }
      const auto next = known.upper_bound(at);
      if (next == known.end()) return;
      at = *next;
    }
  }

  std::vector<std::pair<Oid, std::uint64_t>> hash_all() {
    std::vector<std::pair<Oid, std::uint64_t>> found;
    // Reference deltas may name an object that is hashed later: go on while something new is found.
    for (bool progress = true; progress;) {
      progress = false;
      for (const auto& [offset, raw] : raws_) {
        if (done_.contains(offset)) continue;
        const auto oid = hash_one(offset);
        if (!oid) continue;
        done_.insert(offset);
        by_oid_.emplace(*oid, offset);
        found.emplace_back(*oid, offset);
        progress = true;
      }
    }
    return found;
  }

 private:
  // Length of the entry, 0 when it is damaged.
  std::size_t read_entry(std::uint64_t at) {
    Raw raw;
    const Bytes rest = pack_.subspan(at, end_ - at);
    if (!read_entry_header(rest, oid_size(hash_), raw.header) || raw.header.size > kMaxRebuiltObject) return 0;
    if (raw.header.size > rest.size() * 1032 + 1024) return 0;  // deflate cannot do that
    scratch_.resize(raw.header.size);
    const auto used = inflater_.inflate(rest.subspan(raw.header.length), scratch_.data(), scratch_.size());
    if (!used) return 0;
    if (raw.header.type == kOffsetDelta) raw.base = at - std::min(at, raw.header.base_distance);
    raws_.emplace(at, raw);
    return raw.header.length + *used;
  }

  std::optional<std::uint64_t> base_of(const Raw& raw) const {
    if (raw.header.type == kOffsetDelta) return raw.base;
    const auto known = by_oid_.find(Oid::from_raw(raw.header.base_oid));
    return known == by_oid_.end() ? std::nullopt : std::optional(known->second);
  }

  bool load(std::uint64_t offset, const Raw& raw, std::vector<std::uint8_t>& out) {
    out.resize(raw.header.size);
    return inflater_
        .inflate(pack_.subspan(offset + raw.header.length, end_ - offset - raw.header.length), out.data(), out.size())
        .has_value();
  }

  std::optional<Oid> hash_one(std::uint64_t offset) {
    std::vector<std::uint64_t> chain;  // from the object to its root
    for (std::optional<std::uint64_t> at = offset;;) {
      const auto raw = at ? raws_.find(*at) : raws_.end();
      if (raw == raws_.end() || chain.size() > raws_.size()) return std::nullopt;
      chain.push_back(*at);
      if (raw->second.header.type < kOffsetDelta) break;
      at = base_of(raw->second);
    }
    const Raw& root = raws_.at(chain.back());
    if (!load(chain.back(), root, object_)) return std::nullopt;
    for (auto at = chain.rbegin() + 1; at != chain.rend(); ++at) {
      if (!load(*at, raws_.at(*at), scratch_)) return std::nullopt;
      const auto size = decode_delta(scratch_, object_.size(), kMaxRebuiltObject, ops_);
      if (!size) return std::nullopt;
      next_.resize(*size);
      apply_delta(object_, scratch_, ops_, next_.data());
      object_.swap(next_);
    }
    return hash_object(static_cast<ObjectType>(root.header.type), object_, hash_);
  }

  Bytes pack_;
  HashKind hash_;
  std::uint64_t end_;
  Inflater inflater_;
  std::map<std::uint64_t, Raw> raws_;
  std::set<std::uint64_t> done_;
  std::unordered_map<Oid, std::uint64_t> by_oid_;
  std::vector<std::uint8_t> scratch_, object_, next_;
  std::vector<DeltaOp> ops_;
};

}  // namespace

PackIndex rebuild_index(Bytes pack, HashKind hash, const PackIndex* hint) {
  std::set<std::uint64_t> known;
  for (std::uint32_t i = 0; hint != nullptr && i < hint->count(); ++i) known.insert(hint->offset(i));
  Rebuilder rebuilder(pack, hash);
  rebuilder.find_entries(known);
  return PackIndex::from_entries(rebuilder.hash_all(), hash);
}

}  // namespace tightship::git
