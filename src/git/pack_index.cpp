#include "git/pack_index.h"

#include <algorithm>
#include <cstring>

#include "git/big_endian.h"

namespace tightship::git {
namespace {

constexpr std::size_t kFanout = 256 * 4;
constexpr std::uint32_t kLargeOffset = 0x80000000u;
constexpr std::uint8_t kMagicV2[8] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};

tl::unexpected<Error> corrupt(const char* what) { return fail(ErrorKind::Corrupt, what); }

bool fanout_rises(const std::uint8_t* fanout) {
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t value = read_be32(fanout + 4 * i);
    if (value < last) return false;
    last = value;
  }
  return true;
}

}  // namespace

Result<PackIndex> PackIndex::open(const std::string& path, HashKind hash) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  auto index = parse(file->bytes(), hash);
  if (!index) {
    index.error().where = path;
    return index;
  }
  index->file_ = std::move(*file);
  return index;
}

Result<PackIndex> PackIndex::parse(Bytes content, HashKind hash) {
  PackIndex index;
  index.oid_size_ = oid_size(hash);
  const std::size_t trailer = 2 * index.oid_size_;
  const bool v2 = content.size() >= 8 && std::memcmp(content.data(), kMagicV2, 4) == 0;
  if (v2 && std::memcmp(content.data(), kMagicV2, 8) != 0) {
    return fail(ErrorKind::Unsupported, "pack index is of an unknown version");
  }
  const std::size_t head = (v2 ? 8u : 0u) + kFanout;
  if (content.size() < head + trailer) return corrupt("pack index is too short");
  index.fanout_ = content.data() + (v2 ? 8 : 0);
  if (!fanout_rises(index.fanout_)) return corrupt("fan-out table of the pack index does not rise");
  index.count_ = index.fanout(255);
  if (index.count_ > kMaxPackObjects) return corrupt("pack index names too many objects");
  const std::size_t n = index.count_;
  const std::size_t body = content.size() - head - trailer;
  const std::uint8_t* at = content.data() + head;
  if (!v2) {
    index.oid_stride_ = index.offset_stride_ = 4 + index.oid_size_;
    if (body != n * index.oid_stride_) return corrupt("pack index has another size than its table says");
    index.offsets_ = at;
    index.oids_ = at + 4;
    return index;
  }
  const std::size_t fixed = n * (index.oid_size_ + 8);
  if (body < fixed || (body - fixed) % 8 != 0 || (body - fixed) / 8 > n) {
    return corrupt("pack index has another size than its table says");
  }
  index.oid_stride_ = index.oid_size_;
  index.oids_ = at;
  index.offsets_ = at + n * (index.oid_size_ + 4);
  index.large_ = index.offsets_ + n * 4;
  index.large_count_ = static_cast<std::uint32_t>((body - fixed) / 8);
  return index;
}

PackIndex PackIndex::from_entries(std::vector<std::pair<Oid, std::uint64_t>> entries, HashKind hash) {
  std::sort(entries.begin(), entries.end());
  PackIndex index;
  const std::size_t n = entries.size();
  index.oid_size_ = index.oid_stride_ = oid_size(hash);
  index.count_ = index.large_count_ = static_cast<std::uint32_t>(n);
  index.own_.resize(kFanout + n * (index.oid_size_ + 4 + 8));
  std::uint8_t* fanout = index.own_.data();
  std::uint8_t* oids = fanout + kFanout;
  std::uint8_t* offsets = oids + n * index.oid_size_;
  std::uint8_t* large = offsets + n * 4;
  std::vector<std::uint32_t> counts(256);
  for (std::size_t i = 0; i < n; ++i) {
    std::memcpy(oids + i * index.oid_size_, entries[i].first.bytes.data(), index.oid_size_);
    write_be32(offsets + i * 4, kLargeOffset | static_cast<std::uint32_t>(i));
    write_be64(large + i * 8, entries[i].second);
    ++counts[entries[i].first.bytes[0]];
  }
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 256; ++i) write_be32(fanout + 4 * i, sum += counts[i]);
  index.fanout_ = fanout;
  index.oids_ = oids;
  index.offsets_ = offsets;
  index.large_ = large;
  return index;
}

std::uint32_t PackIndex::fanout(std::size_t byte) const { return read_be32(fanout_ + 4 * byte); }

std::uint64_t PackIndex::offset(std::uint32_t position) const {
  const std::uint32_t offset = read_be32(offsets_ + std::size_t{position} * offset_stride_);
  if (large_ == nullptr || (offset & kLargeOffset) == 0) return offset;
  const std::uint32_t at = offset & ~kLargeOffset;
  // An offset outside of every pack, which the reader of the entry refuses.
  return at < large_count_ ? read_be64(large_ + std::size_t{at} * 8) : ~std::uint64_t{0};
}

// Oids are uniformly random, so the place inside the fan-out bucket can be guessed from bytes 1-4:
// two or three probes instead of ten (interpolation search). Falls back to halves, so that a
// crafted index cannot make it linear.
std::optional<std::uint32_t> PackIndex::find(Bytes wanted) const {
  if (wanted.size() != oid_size_) return std::nullopt;
  std::uint32_t low = wanted[0] == 0 ? 0 : fanout(wanted[0] - 1u);
  std::uint32_t high = fanout(wanted[0]);
  std::uint64_t low_key = 0, high_key = std::uint64_t{1} << 32;
  const std::uint64_t key = read_be32(wanted.data() + 1);
  const std::uint64_t wanted_head = read_be64(wanted.data());
  for (unsigned probe = 0; low < high; ++probe) {
    std::uint32_t middle = low + (high - low) / 2;
    if (probe < 4 && high_key > low_key && key >= low_key && key <= high_key) {
      const std::uint64_t guess = (key - low_key) * (high - low) / (high_key - low_key);
      middle = low + static_cast<std::uint32_t>(std::min<std::uint64_t>(guess, high - low - 1));
    }
    const Bytes there = oid(middle);
    const std::uint64_t head = read_be64(there.data());
    const int order =
        head != wanted_head ? (head < wanted_head ? -1 : 1) : std::memcmp(there.data(), wanted.data(), oid_size_);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
      low_key = read_be32(there.data() + 1);
    } else {
      high = middle;
      high_key = read_be32(there.data() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace tightship::git
