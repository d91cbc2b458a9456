#include "git/object_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>

#include "git/delta.h"
#include "git/object_cache.h"
#include "git/pack_header.h"
#include "git/pack_list.h"

namespace tightship::git {
namespace {

constexpr std::size_t kBaseBudget = std::size_t{48} << 20;
constexpr std::size_t kObjectBudget = std::size_t{24} << 20;
constexpr std::size_t kMaxChain = 100'000;  // deltas; git itself makes at most 4095
constexpr unsigned kMaxHops = 32;           // between packs, which git never makes

struct PackSlot {
  std::string path;
  bool tried = false;
  std::optional<Pack> pack;
};

struct EntryPlace {
  std::uint32_t pack = 0;
  std::uint64_t offset = 0;
  friend bool operator==(const EntryPlace&, const EntryPlace&) = default;
};

struct EntryPlaceHash {
  std::size_t operator()(const EntryPlace& place) const noexcept {
    return std::hash<std::uint64_t>()(place.offset * 0x9E3779B97F4A7C15ULL ^ place.pack);
  }
};

// One step of a delta chain, from the object down to its root.
struct ChainStep {
  std::uint64_t offset = 0;
  EntryHeader header;
};

tl::unexpected<Error> corrupt(std::string what, const Pack& pack, std::uint64_t offset) {
  return fail(ErrorKind::Corrupt, std::move(what), pack.place(offset), "git fsck");
}

bool starts_with(Bytes oid, std::string_view hex) { return Oid::from_raw(oid).hex().starts_with(hex); }

}  // namespace

struct ObjectReader::Impl {
  Impl(const Repository& repository, Ledger& losses)
      : hash(repository.hash), object_dirs(repository.object_dirs), ledger(losses) {
    for (const std::string& dir : object_dirs) {
      for (std::string& path : list_packs(dir + "/pack", ledger)) slots.push_back({std::move(path), false, {}});
    }
  }

  const Pack* open(std::size_t slot);
  std::optional<EntryPlace> find_packed(const Oid& oid);
  std::string find_loose(const Oid& oid) const;
  Result<SharedObject> read(const Oid& oid, unsigned hops);
  Result<SharedObject> read_other_copy(const Oid& oid, std::size_t damaged_slot);
  Result<SharedObject> read_loose_copy(const Oid& oid) const;
  Result<SharedObject> read_packed(EntryPlace place, unsigned hops);
  Result<SharedObject> collect_chain(EntryPlace place, unsigned hops, std::vector<ChainStep>& chain);
  Result<std::vector<std::uint8_t>> inflate(const Pack& pack, const ChainStep& step);
  Result<SharedObject> apply(const Pack& pack, const ChainStep& step, const StoredObject& base);
  void packed_with_prefix(std::string_view hex, std::size_t limit, std::set<Oid>& found);

  HashKind hash;
  std::vector<std::string> object_dirs;
  Ledger& ledger;
  std::vector<PackSlot> slots;
  std::size_t last = 0;  // the slot that had the last object
  Inflater inflater;
  ObjectCache<EntryPlace, EntryPlaceHash> bases{kBaseBudget};
  ObjectCache<Oid> objects{kObjectBudget};
};

const Pack* ObjectReader::Impl::open(std::size_t slot) {
  PackSlot& s = slots[slot];
  if (!s.tried) {
    s.tried = true;
    auto pack = Pack::open(s.path, hash, ledger);
    if (pack)
      s.pack = std::move(*pack);
    else
      ledger.add({LossKind::CorruptPack, pack.error().what, s.path, "git fsck"});
  }
  return s.pack ? &*s.pack : nullptr;
}

std::optional<EntryPlace> ObjectReader::Impl::find_packed(const Oid& oid) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::size_t slot = i == 0 ? last : i - (i <= last ? 1 : 0);  // the last one first
    const Pack* pack = open(slot);
    if (pack == nullptr) continue;
    if (const auto position = pack->index().find(oid.raw())) {
      last = slot;
      return EntryPlace{static_cast<std::uint32_t>(slot), pack->index().offset(*position)};
    }
  }
  return std::nullopt;
}

std::string ObjectReader::Impl::find_loose(const Oid& oid) const {
  const std::string hex = oid.hex();
  const std::string name = "/" + hex.substr(0, 2) + "/" + hex.substr(2);
  for (const std::string& dir : object_dirs) {
    std::string path = dir + name;
    if (::access(path.c_str(), F_OK) == 0) return path;
  }
  return {};
}

Result<std::vector<std::uint8_t>> ObjectReader::Impl::inflate(const Pack& pack, const ChainStep& step) {
  if (step.header.size > kMaxObjectSize) {
    return fail(ErrorKind::Limit, "object is larger than 1 GiB", pack.place(step.offset));
  }
  const std::uint64_t end = pack.bytes().size() - pack.index().oid_bytes();
  const std::uint64_t begin = step.offset + step.header.length;
  const Bytes stream = pack.bytes().subspan(begin, end - std::min(begin, end));
  // Deflate's best is 1032 to 1: what claims more is not allocated.
  if (step.header.size / 1032 > stream.size())
    return corrupt("entry claims to be larger than it can be", pack, step.offset);
  std::vector<std::uint8_t> content(step.header.size);
  const auto used = inflater.inflate(stream, content.data(), content.size());
  if (!used) return corrupt(used.error().what, pack, step.offset);
  return content;
}

// Follows the bases from `place`; gives the object that the chain stands on: one that is cached, or the
// root.
Result<SharedObject> ObjectReader::Impl::collect_chain(EntryPlace place, unsigned hops, std::vector<ChainStep>& chain) {
  const Pack& pack = *slots[place.pack].pack;
  const std::uint64_t end = pack.bytes().size() - pack.index().oid_bytes();
  for (;;) {
    if (SharedObject known = bases.find(place)) return known;
    ChainStep step{place.offset, {}};
    if (place.offset >= end || !read_entry_header(pack.bytes().subspan(place.offset, end - place.offset),
                                                  pack.index().oid_bytes(), step.header)) {
      return corrupt("header of a pack entry is damaged", pack, place.offset);
    }
    if (step.header.type != kOffsetDelta && step.header.type != kReferenceDelta) {
      auto content = inflate(pack, step);
      if (!content) return tl::unexpected(content.error());
      auto root =
          std::make_shared<StoredObject>(StoredObject{static_cast<ObjectType>(step.header.type), std::move(*content)});
      bases.add(place, root);
      return root;
    }
    chain.push_back(step);
    if (chain.size() > kMaxChain) return corrupt("chain of deltas does not end", pack, place.offset);
    if (step.header.type == kOffsetDelta) {
      if (step.header.base_distance == 0 || step.header.base_distance > place.offset) {
        return corrupt("base of a delta lies outside the pack", pack, place.offset);
      }
      place.offset -= step.header.base_distance;
      continue;
    }
    const auto position = pack.index().find(step.header.base_oid);
    if (!position) {
      if (hops >= kMaxHops) return corrupt("deltas between packs form a cycle", pack, place.offset);
      return read(Oid::from_raw(step.header.base_oid), hops + 1);
    }
    place.offset = pack.index().offset(*position);
  }
}

Result<SharedObject> ObjectReader::Impl::apply(const Pack& pack, const ChainStep& step, const StoredObject& base) {
  const auto delta = inflate(pack, step);
  if (!delta) return tl::unexpected(delta.error());
  std::vector<DeltaOp> ops;
  const auto size = decode_delta(*delta, base.bytes.size(), kMaxObjectSize, ops);
  if (!size) return corrupt(size.error().what, pack, step.offset);
  auto object = std::make_shared<StoredObject>(StoredObject{base.type, std::vector<std::uint8_t>(*size)});
  apply_delta(base.bytes, *delta, ops, object->bytes.data());
  return SharedObject(std::move(object));
}

Result<SharedObject> ObjectReader::Impl::read_packed(EntryPlace place, unsigned hops) {
  std::vector<ChainStep> chain;
  auto object = collect_chain(place, hops, chain);
  const Pack& pack = *slots[place.pack].pack;
  for (auto step = chain.rbegin(); object && step != chain.rend(); ++step) {
    object = apply(pack, *step, **object);
    if (object) bases.add({place.pack, step->offset}, *object);
  }
  return object;
}

Result<SharedObject> ObjectReader::Impl::read_loose_copy(const Oid& oid) const {
  const std::string path = find_loose(oid);
  if (path.empty()) return fail(ErrorKind::NotFound, "object is not in this repository", oid.hex());
  auto loose = read_loose(path, kMaxObjectSize);
  if (!loose) {
    loose.error().where = oid.hex();
    return tl::unexpected(loose.error());
  }
  return std::make_shared<StoredObject>(StoredObject{loose->type, std::move(loose->bytes)});
}

// As git does: what is damaged in one pack is read from another, or loose.
Result<SharedObject> ObjectReader::Impl::read_other_copy(const Oid& oid, std::size_t damaged_slot) {
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    const Pack* pack = slot == damaged_slot ? nullptr : open(slot);
    const auto position = pack == nullptr ? std::nullopt : pack->index().find(oid.raw());
    if (!position) continue;
    auto object = read_packed({static_cast<std::uint32_t>(slot), pack->index().offset(*position)}, 1);
    if (object) return object;
  }
  return read_loose_copy(oid);
}

Result<SharedObject> ObjectReader::Impl::read(const Oid& oid, unsigned hops) {
  const auto place = find_packed(oid);
  if (!place) return read_loose_copy(oid);
  auto object = read_packed(*place, hops);
  // Other copies of bases are not tried: with many packs that would be a tree of attempts.
  if (object || hops > 0) return object;
  auto other = read_other_copy(oid, place->pack);
  return other ? other : object;
}

// Positions are sorted by oid: the first that is not below the prefix, and on from there.
void ObjectReader::Impl::packed_with_prefix(std::string_view hex, std::size_t limit, std::set<Oid>& found) {
  const auto floor = Oid::from_hex(std::string(hex) + std::string(2 * oid_size(hash) - hex.size(), '0'));
  if (!floor) return;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    const Pack* pack = open(slot);
    if (pack == nullptr) continue;
    std::uint32_t low = 0, high = pack->index().count();
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (Oid::from_raw(pack->index().oid(middle)) < *floor)
        low = middle + 1;
      else
        high = middle;
    }
    for (; low < pack->index().count() && found.size() < limit; ++low) {
      if (!starts_with(pack->index().oid(low), hex)) break;
      found.insert(Oid::from_raw(pack->index().oid(low)));
    }
  }
}

ObjectReader::ObjectReader(const Repository& repository, Ledger& ledger)
    : impl_(std::make_unique<Impl>(repository, ledger)) {}
ObjectReader::~ObjectReader() = default;
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;

HashKind ObjectReader::hash() const { return impl_->hash; }

bool ObjectReader::contains(const Oid& oid) {
  return impl_->find_packed(oid).has_value() || !impl_->find_loose(oid).empty();
}

Result<StoredObject> ObjectReader::read(const Oid& oid) {
  auto object = impl_->read(oid, 0);
  if (!object) return tl::unexpected(object.error());
  return **object;
}

Result<std::shared_ptr<const StoredObject>> ObjectReader::share(const Oid& oid) {
  if (SharedObject known = impl_->objects.find(oid)) return known;
  auto object = impl_->read(oid, 0);
  if (object) impl_->objects.add(oid, *object);
  return object;
}

Result<ObjectType> ObjectReader::type(const Oid& oid) {
  const auto object = share(oid);
  if (!object) return tl::unexpected(object.error());
  return (*object)->type;
}

std::vector<Oid> ObjectReader::with_prefix(std::string_view hex, std::size_t limit) {
  std::string lower(hex);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  std::set<Oid> found;
  const bool hexadecimal = lower.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hexadecimal || lower.size() < 2 || lower.size() > 2 * oid_size(impl_->hash)) return {};
  impl_->packed_with_prefix(lower, limit, found);
  for (const std::string& dir : impl_->object_dirs) {
    std::error_code error;
    std::filesystem::directory_iterator at(dir + "/" + lower.substr(0, 2), error);
    for (const std::filesystem::directory_iterator end; !error && at != end && found.size() < limit;
         at.increment(error)) {
      const auto oid = Oid::from_hex(lower.substr(0, 2) + at->path().filename().string());
      if (oid && oid->size == oid_size(impl_->hash) && oid->hex().starts_with(lower)) found.insert(*oid);
    }
  }
  return {found.begin(), found.end()};
}

std::uint64_t ObjectReader::packed_bytes() const {
  std::uint64_t sum = 0;
  for (const PackSlot& slot : impl_->slots) {
    struct ::stat info {};
    if (::stat(slot.path.c_str(), &info) == 0) sum += static_cast<std::uint64_t>(info.st_size);
  }
  return sum;
}

}  // namespace tightship::git
