// The table of a pack's entries: offsets sorted, headers read by several threads, bases resolved,
// forest built. On git's 849 000 entries the serial form took .25 s, half of it cache misses on
// the pack's pages; hence the threads, and the gallop for bases, which mostly lie close by.

#include <algorithm>
#include <array>
#include <atomic>

#include "base/parallel.h"
#include "git/pack.h"
#include "git/pack_header.h"

namespace tightship::git {
namespace {

constexpr std::uint64_t kPackHeader = 12;

struct Placed {
  std::uint64_t offset;
  std::uint32_t position;
};

// Radix sort by offset: 849 000 in 10 ms where std::sort takes 60.
void sort_by_offset(std::vector<Placed>& items) {
  std::uint64_t largest = 0;
  for (const Placed& item : items) largest = std::max(largest, item.offset);
  std::vector<Placed> other(items.size());
  for (unsigned shift = 0; shift < 64 && (largest >> shift) != 0; shift += 11) {
    std::array<std::size_t, 2049> begin{};
    for (const Placed& item : items) ++begin[(item.offset >> shift & 2047) + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const Placed& item : items) other[begin[item.offset >> shift & 2047]++] = item;
    items.swap(other);
  }
}

std::string oid_text(const PackIndex& index, std::uint32_t position) {
  return Oid::from_raw(index.oid(position)).hex();
}

// Entries of the index that can be entries of the pack, in pack order.
std::vector<Placed> sorted_offsets(const PackIndex& index, std::uint64_t end, Ledger& ledger) {
  std::vector<Placed> all(index.count());
  for (std::uint32_t i = 0; i < index.count(); ++i) all[i] = {index.offset(i), i};
  sort_by_offset(all);
  std::size_t kept = 0;
  for (const Placed& item : all) {
    if (item.offset < kPackHeader || item.offset >= end) {
      ledger.add({LossKind::CorruptIndex, "pack index points outside of its pack", oid_text(index, item.position),
                  "git index-pack"});
    } else if (kept > 0 && all[kept - 1].offset == item.offset) {
      ledger.add({LossKind::CorruptIndex, "pack index has two objects at one offset", oid_text(index, item.position),
                  "git index-pack"});
    } else {
      all[kept++] = item;
    }
  }
  all.resize(kept);
  return all;
}

// The entry at `offset`, which lies before entry `from`; size() when there is none.
std::uint32_t entry_before(const std::vector<PackEntry>& entries, std::uint32_t from, std::uint64_t offset) {
  std::uint32_t step = 1, high = from;
  while (high > 0 && entries[high - std::min(step, high)].offset > offset) {
    high -= std::min(step, high);
    step *= 2;
  }
  const std::uint32_t low = high - std::min(step, high);
  const auto at = std::lower_bound(entries.begin() + low, entries.begin() + from, offset,
                                   [](const PackEntry& e, std::uint64_t o) { return e.offset < o; });
  return at != entries.begin() + from && at->offset == offset ? static_cast<std::uint32_t>(at - entries.begin())
                                                              : static_cast<std::uint32_t>(entries.size());
}

struct HeaderReader {
  const Pack& pack;
  PackTable& table;
  Ledger& ledger;

  void lose(PackEntry& entry, const char* what) const {
    entry.kind = EntryKind::Broken;
    ledger.add({LossKind::CorruptObject, what,
                oid_text(pack.index(), entry.index_position) + " in " + pack.place(entry.offset), "git fsck"});
  }

  // Fills everything but the base of reference deltas and the type of deltas.
  // Returns the base's oid for a reference delta.
  Bytes read(std::uint32_t i) const {
    PackEntry& entry = table.entries[i];
    EntryHeader header;
    const std::uint64_t end = entry.offset + table.packed_size(i);
    if (!read_entry_header(pack.bytes().subspan(entry.offset, end - entry.offset), pack.index().oid_bytes(), header)) {
      lose(entry, "pack entry has no readable header");
      return {};
    }
    if (header.size > kMaxObjectSize) {
      entry.kind = EntryKind::Broken;
      ledger.add({LossKind::LimitExceeded, "object is larger than the limit",
                  oid_text(pack.index(), entry.index_position), ""});
      return {};
    }
    // Deflate cannot do better than 1032 : 1, so a size beyond that is a lie, told to make us allocate.
    if (header.size > (end - entry.offset) * 1032 + 1024) {
      lose(entry, "pack entry says that it is larger than its bytes can be");
      return {};
    }
    entry.size = static_cast<std::uint32_t>(header.size);
    entry.header_length = static_cast<std::uint8_t>(header.length);
    if (header.type == kOffsetDelta) {
      const std::uint64_t base = header.base_distance < entry.offset ? entry.offset - header.base_distance : 0;
      entry.base = entry_before(table.entries, i, base);
      if (entry.base == table.size()) {
        lose(entry, "delta has no entry at the place of its base");
      } else {
        entry.kind = EntryKind::Delta;
      }
    } else if (header.type == kReferenceDelta) {
      return header.base_oid;
    } else {
      entry.type = static_cast<ObjectType>(header.type);
      entry.kind = EntryKind::Root;
    }
    return {};
  }
};

using PendingBases = std::vector<std::pair<std::uint32_t, Bytes>>;

PendingBases read_headers(const HeaderReader& reader, unsigned threads) {
  const std::uint32_t n = reader.table.size();
  constexpr std::uint32_t kChunk = 16384;
  threads = std::max(1u, std::min(threads, n / kChunk + 1));
  std::vector<PendingBases> pending(threads);
  std::atomic<std::uint32_t> next{0};
  // Chunks are taken, not given: with fewer threads than wanted each is still read.
  run_threads(threads, [&](unsigned worker) {
    for (std::uint32_t begin; (begin = next.fetch_add(kChunk, std::memory_order_relaxed)) < n;) {
      for (std::uint32_t i = begin; i < std::min(n, begin + kChunk); ++i) {
        const Bytes base_oid = reader.read(i);
        if (!base_oid.empty()) pending[worker].emplace_back(i, base_oid);
      }
    }
  });
  for (unsigned worker = 1; worker < threads; ++worker) {
    pending[0].insert(pending[0].end(), pending[worker].begin(), pending[worker].end());
  }
  return std::move(pending[0]);
}

void link_children(PackTable& table) {
  const std::uint32_t n = table.size();
  table.child_begin.assign(std::size_t{n} + 1, 0);
  for (const PackEntry& entry : table.entries) {
    if (entry.kind == EntryKind::Delta) ++table.child_begin[entry.base + 1];
  }
  for (std::uint32_t i = 0; i < n; ++i) table.child_begin[i + 1] += table.child_begin[i];
  table.children.resize(table.child_begin[n]);
  std::vector<std::uint32_t> next(table.child_begin.begin(), table.child_begin.end() - 1);
  for (std::uint32_t i = 0; i < n; ++i) {
    const PackEntry& entry = table.entries[i];
    if (entry.kind == EntryKind::Delta) table.children[next[entry.base]++] = i;
  }
}

// Entries in an order in which every base comes before what is made of it. What is left out hangs
// on a broken base or in a cycle.
std::vector<std::uint32_t> forest_order(const PackTable& table) {
  std::vector<std::uint32_t> order = table.roots;
  order.reserve(table.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t entry = order[i];
    order.insert(order.end(), table.children.begin() + table.child_begin[entry],
                 table.children.begin() + table.child_begin[entry + 1]);
  }
  return order;
}

void lose_unreached(const HeaderReader& reader, const std::vector<std::uint32_t>& order) {
  if (order.size() == reader.table.size()) return;
  std::vector<bool> reached(reader.table.size());
  for (const std::uint32_t entry : order) reached[entry] = true;
  for (std::uint32_t i = 0; i < reader.table.size(); ++i) {
    PackEntry& entry = reader.table.entries[i];
    if (!reached[i] && entry.kind != EntryKind::Broken) {
      reader.lose(entry, "delta hangs on a damaged base or in a cycle");
    }
  }
}

}  // namespace

PackTable Pack::build_table(unsigned threads, Ledger& ledger) {
  PackTable table;
  table.objects_end = bytes().size() - oid_size(hash_);
  const std::vector<Placed> offsets = sorted_offsets(index_, table.objects_end, ledger);
  table.entries.resize(offsets.size());
  entry_of_position_.assign(index_.count(), static_cast<std::uint32_t>(offsets.size()));
  for (std::uint32_t i = 0; i < offsets.size(); ++i) {
    table.entries[i].offset = offsets[i].offset;
    table.entries[i].index_position = offsets[i].position;
    entry_of_position_[offsets[i].position] = i;
  }
  const HeaderReader reader{*this, table, ledger};
  for (const auto& [entry, base_oid] : read_headers(reader, threads)) {
    const auto base = entry_of(base_oid);
    PackEntry& e = table.entries[entry];
    e.kind = base && *base < table.size() ? EntryKind::Delta : EntryKind::ExternalDelta;
    e.base = e.kind == EntryKind::Delta ? *base : 0;
  }
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    const EntryKind kind = table.entries[i].kind;
    if (kind == EntryKind::Root || kind == EntryKind::ExternalDelta) table.roots.push_back(i);
  }
  link_children(table);
  const std::vector<std::uint32_t> order = forest_order(table);
  lose_unreached(reader, order);
  table.weight.resize(table.size());
  for (std::uint32_t i = 0; i < table.size(); ++i) table.weight[i] = table.packed_size(i);
  for (const std::uint32_t i : order) {
    PackEntry& entry = table.entries[i];
    if (entry.kind == EntryKind::Delta) entry.type = table.entries[entry.base].type;
  }
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    const PackEntry& entry = table.entries[*i];
    if (entry.kind == EntryKind::Delta) table.weight[entry.base] += table.weight[*i];
  }
  return table;
}

}  // namespace tightship::git
