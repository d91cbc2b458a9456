// The extension "link" of a split index: an oid, then two bitmaps in EWAH form. An EWAH bitmap is a
// sequence of 64-bit words: a marker word holds one bit value, a run of up to 2^32-1 words of that
// bit, and how many literal words follow; then come those.

#include <algorithm>
#include <tuple>
#include <utility>

#include "git/index_file.h"

namespace tightship::git {
namespace {

// A bitmap speaks of entries, and no index can hold more than this.
constexpr std::uint32_t kMaxBits = static_cast<std::uint32_t>(kMaxIndexSize / 62);

tl::unexpected<Error> corrupt(std::string what) { return fail(ErrorKind::Corrupt, std::move(what)); }

std::optional<std::uint64_t> take_be(Bytes& rest, std::size_t width) {
  if (rest.size() < width) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | rest[i];
  rest = rest.subspan(width);
  return value;
}

// Appends `count` bits of `word`, lowest first, but not past `size`.
void append_bits(std::uint64_t word, std::size_t count, std::size_t size, std::vector<bool>& bits) {
  for (std::size_t i = 0; i < count && bits.size() < size; ++i) bits.push_back((word >> i & 1) != 0);
}

// One marker word and the literals behind it. False when they do not fit.
bool take_run(Bytes& words, std::size_t size, std::vector<bool>& bits) {
  const auto marker = take_be(words, 8);
  if (!marker) return false;
  const bool value = (*marker & 1) != 0;
  const std::uint64_t run = *marker >> 1 & 0xffffffffu;
  const std::uint64_t literals = *marker >> 33;
  const std::uint64_t words_left = (size - bits.size() + 63) / 64;
  if (run > words_left || literals > words_left - run) return false;
  bits.resize(std::min<std::size_t>(size, bits.size() + run * 64), value);
  for (std::uint64_t i = 0; i < literals; ++i) {
    const auto word = take_be(words, 8);
    if (!word) return false;
    append_bits(*word, 64, size, bits);
  }
  return true;
}

// Bit count, word count, words, and where the last marker lies (which only a writer needs).
Result<std::vector<bool>> take_bitmap(Bytes& rest) {
  const auto size = take_be(rest, 4);
  const auto words = take_be(rest, 4);
  if (!size || !words || *words > rest.size() / 8) return corrupt("bitmap of the split index is cut off");
  if (*size > kMaxBits) return fail(ErrorKind::Limit, "bitmap of the split index is too long");
  Bytes body = rest.first(*words * 8);
  rest = rest.subspan(*words * 8);
  if (!take_be(rest, 4)) return corrupt("bitmap of the split index is cut off");
  std::vector<bool> bits;
  while (!body.empty()) {
    if (!take_run(body, *size, bits)) return corrupt("bitmap of the split index is damaged");
  }
  bits.resize(*size, false);
  return bits;
}

// Takes the split entry without a name for the shared entry `old`, whose name it inherits.
Result<void> replace(IndexEntry& old, std::vector<IndexEntry>& changes, std::size_t at) {
  if (at >= changes.size()) return corrupt("split index replaces more entries than it has");
  if (!changes[at].path.empty()) return corrupt("split index replaces an entry by one with a name");
  changes[at].path = std::move(old.path);
  old = std::move(changes[at]);
  return {};
}

bool in_order(const IndexEntry& a, const IndexEntry& b) {
  return std::tie(a.path, a.stage) < std::tie(b.path, b.stage);
}

}  // namespace

Result<IndexLink> parse_index_link(Bytes body, HashKind hash) {
  if (body.size() < oid_size(hash)) return corrupt("link of the split index is cut off");
  IndexLink link;
  link.base = Oid::from_raw(body.first(oid_size(hash)));
  Bytes rest = body.subspan(oid_size(hash));
  if (rest.empty()) return link;
  for (std::vector<bool>* bits : {&link.deleted, &link.replaced}) {
    auto bitmap = take_bitmap(rest);
    if (!bitmap) return tl::unexpected(bitmap.error());
    *bits = std::move(*bitmap);
  }
  if (!rest.empty()) return corrupt("garbage follows the link of the split index");
  return link;
}

Result<std::vector<IndexEntry>> merge_split_index(std::vector<IndexEntry> base, IndexContent split) {
  const IndexLink link = split.link.value_or(IndexLink{});
  const auto set = [](const std::vector<bool>& bits, std::size_t i) { return i < bits.size() && bits[i]; };
  std::vector<IndexEntry> merged;
  std::size_t replacements = 0;
  const std::size_t bits = std::max({base.size(), link.deleted.size(), link.replaced.size()});
  for (std::size_t i = 0; i < bits; ++i) {
    const bool deleted = set(link.deleted, i), replaced = set(link.replaced, i);
    if (i >= base.size()) {
      if (deleted || replaced) return corrupt("split index speaks of an entry that its shared file lacks");
      continue;
    }
    if (deleted && replaced) return corrupt("split index replaces an entry that it deletes");
    if (replaced) {
      auto done = replace(base[i], split.entries, replacements++);
      if (!done) return tl::unexpected(done.error());
    }
    if (!deleted) merged.push_back(std::move(base[i]));
  }
  for (std::size_t i = replacements; i < split.entries.size(); ++i) {
    if (split.entries[i].path.empty()) return corrupt("split index adds an entry without a name");
  }
  // What the split index adds stands before what it shadows, and survives.
  const auto added = split.entries.begin() + static_cast<std::ptrdiff_t>(replacements);
  std::vector<IndexEntry> all(std::make_move_iterator(added), std::make_move_iterator(split.entries.end()));
  std::move(merged.begin(), merged.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(), in_order);
  const auto same = [](const IndexEntry& a, const IndexEntry& b) { return a.path == b.path && a.stage == b.stage; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace tightship::git
