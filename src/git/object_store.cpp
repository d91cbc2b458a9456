#include "git/object_store.h"

#include <algorithm>
#include <filesystem>

#include "git/pack_list.h"

namespace tightship::git {
namespace {

// Hops between packs that a delta's bases may take; git itself never writes one.
constexpr unsigned kMaxExternalHops = 32;

LossKind loss_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NotFound: return LossKind::MissingObject;
    case ErrorKind::Io: return LossKind::UnreadableFile;
    case ErrorKind::Unsupported: return LossKind::Unsupported;
    case ErrorKind::Limit: return LossKind::LimitExceeded;
    default: return LossKind::CorruptPack;
  }
}

void set_type(PackTable& table, std::uint32_t root, ObjectType type) {
  std::vector<std::uint32_t> todo{root};
  while (!todo.empty()) {
    const std::uint32_t entry = todo.back();
    todo.pop_back();
    table.entries[entry].type = type;
    todo.insert(todo.end(), table.children.begin() + table.child_begin[entry],
                table.children.begin() + table.child_begin[entry + 1]);
  }
}

Result<StoredObject> read_object(const ObjectStore& store, ObjectPlace place, unsigned hops);

WalkOptions options_of(const ObjectStore& store, unsigned hops) {
  WalkOptions options;
  options.external = [&store, hops](const Oid& base, ObjectType& type) -> Result<std::vector<std::uint8_t>> {
    const auto place = store.find(base.raw());
    if (!place) return fail(ErrorKind::NotFound, "base of the delta is not there", base.hex());
    if (hops == kMaxExternalHops) return fail(ErrorKind::Corrupt, "deltas between packs form a cycle");
    auto object = read_object(store, *place, hops + 1);
    if (!object) return tl::unexpected(object.error());
    type = object->type;
    return std::move(object->bytes);
  };
  return options;
}

Result<StoredObject> read_object(const ObjectStore& store, ObjectPlace place, unsigned hops) {
  if (place.store == ObjectPlace::kLoose) {
    auto loose = read_loose(store.loose()[place.entry].path, kMaxObjectSize);
    if (!loose) return tl::unexpected(loose.error());
    return StoredObject{loose->type, std::move(loose->bytes)};
  }
  const OpenPack& pack = store.packs()[place.store];
  Inflater inflater;
  auto bytes = read_packed(pack.pack, pack.table, place.entry, inflater, options_of(store, hops));
  if (!bytes) return tl::unexpected(bytes.error());
  return StoredObject{pack.table.entries[place.entry].type, std::move(*bytes)};
}

}  // namespace

ObjectStore ObjectStore::open(const Repository& repository, unsigned threads, Ledger& ledger) {
  ObjectStore store;
  store.hash_ = repository.hash;
  for (const std::string& object_dir : repository.object_dirs) store.open_packs(object_dir, threads, ledger);
  store.find_duplicates();
  for (const std::string& object_dir : repository.object_dirs) {
    for (LooseObject& object : list_loose(object_dir, repository.hash, ledger)) {
      if (!store.find(object.oid.raw())) store.loose_.push_back(std::move(object));
    }
  }
  const auto by_oid = [](const LooseObject& a, const LooseObject& b) { return a.oid < b.oid; };
  const auto same = [](const LooseObject& a, const LooseObject& b) { return a.oid == b.oid; };
  std::stable_sort(store.loose_.begin(), store.loose_.end(), by_oid);
  store.loose_.erase(std::unique(store.loose_.begin(), store.loose_.end(), same), store.loose_.end());
  store.object_count_ += store.loose_.size();
  store.set_external_types();
  return store;
}

void ObjectStore::open_packs(const std::string& object_dir, unsigned threads, Ledger& ledger) {
  for (const std::string& path : list_packs(object_dir + "/pack", ledger)) {
    auto pack = Pack::open(path, hash_, ledger);
    if (!pack) {
      ledger.add({loss_of(pack.error().kind), pack.error().what, pack.error().where, "git fsck"});
      continue;
    }
    OpenPack open{std::move(*pack), {}, false, {}};
    open.table = open.pack.build_table(threads, ledger);
    std::error_code error;
    open.promisor = std::filesystem::exists(path.substr(0, path.size() - 5) + ".promisor", error);
    packs_.push_back(std::move(open));
  }
}

void ObjectStore::find_duplicates() {
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    object_count_ += packs_[i].table.size();
    for (std::uint32_t entry = 0; i > 0 && entry < packs_[i].table.size(); ++entry) {
      const Bytes oid = packs_[i].pack.index().oid(packs_[i].table.entries[entry].index_position);
      const auto has = [&](const OpenPack& earlier) { return earlier.pack.entry_of(oid).has_value(); };
      if (!std::any_of(packs_.begin(), packs_.begin() + static_cast<std::ptrdiff_t>(i), has)) continue;
      packs_[i].duplicate.resize(packs_[i].table.size());
      packs_[i].duplicate[entry] = true;
      --object_count_;
    }
  }
}

// The type of the object that a chain of deltas ends in, through other packs if need be. Blob when
// the chain leads nowhere: the walk meets the same break and puts it into the ledger.
ObjectType ObjectStore::chain_type(ObjectPlace place) const {
  for (unsigned hops = 0; hops <= kMaxExternalHops; ++hops) {
    if (place.store == ObjectPlace::kLoose) {
      const auto object = read(place);
      return object ? object->type : ObjectType::Blob;
    }
    const OpenPack& pack = packs_[place.store];
    std::uint32_t entry = place.entry;
    while (pack.table.entries[entry].kind == EntryKind::Delta) entry = pack.table.entries[entry].base;
    if (pack.table.entries[entry].kind != EntryKind::ExternalDelta) return pack.table.entries[entry].type;
    const auto base = find(external_base_oid(pack.pack, pack.table.entries[entry]).raw());
    if (!base) break;
    place = *base;
  }
  return ObjectType::Blob;
}

void ObjectStore::set_external_types() {
  for (std::uint32_t i = 0; i < packs_.size(); ++i) {
    for (const std::uint32_t root : packs_[i].table.roots) {
      if (packs_[i].table.entries[root].kind == EntryKind::ExternalDelta) {
        set_type(packs_[i].table, root, chain_type({i, root}));
      }
    }
  }
}

std::uint64_t ObjectStore::packed_bytes() const {
  std::uint64_t sum = 0;
  for (const OpenPack& pack : packs_) sum += pack.pack.bytes().size();
  return sum;
}

std::optional<ObjectPlace> ObjectStore::find(Bytes oid) const {
  for (std::uint32_t i = 0; i < packs_.size(); ++i) {
    const auto entry = packs_[i].pack.entry_of(oid);
    if (entry && *entry < packs_[i].table.size()) return ObjectPlace{i, *entry};
  }
  const auto at = std::lower_bound(loose_.begin(), loose_.end(), oid, [](const LooseObject& a, Bytes wanted) {
    return std::lexicographical_compare(a.oid.raw().begin(), a.oid.raw().end(), wanted.begin(), wanted.end());
  });
  if (at == loose_.end() || !std::ranges::equal(at->oid.raw(), oid)) return std::nullopt;
  return ObjectPlace{ObjectPlace::kLoose, static_cast<std::uint32_t>(at - loose_.begin())};
}

Oid ObjectStore::oid(ObjectPlace place) const {
  if (place.store == ObjectPlace::kLoose) return loose_[place.entry].oid;
  const OpenPack& pack = packs_[place.store];
  return pack.pack.oid(pack.table.entries[place.entry]);
}

ObjectType ObjectStore::type(ObjectPlace place) const {
  if (place.store != ObjectPlace::kLoose) return packs_[place.store].table.entries[place.entry].type;
  const auto object = read(place);
  return object ? object->type : ObjectType::Blob;
}

Result<StoredObject> ObjectStore::read(ObjectPlace place) const { return read_object(*this, place, 0); }

Result<StoredObject> ObjectStore::read(const Oid& oid) const {
  const auto place = find(oid.raw());
  if (!place) return fail(ErrorKind::NotFound, "object is not there", oid.hex());
  return read(*place);
}

WalkOptions ObjectStore::walk_options() const { return options_of(*this, 0); }

}  // namespace tightship::git
