#include "scan/pack_cache.h"

#include <algorithm>
#include <memory>

#include "scan/state_key.h"

namespace tightship::scan {
namespace {

// A delta whose base lies elsewhere makes the result depend on more than the pack.
bool stands_alone(const git::OpenPack& pack) {
  return std::none_of(pack.table.roots.begin(), pack.table.roots.end(), [&](std::uint32_t root) {
    return pack.table.entries[root].kind == git::EntryKind::ExternalDelta;
  });
}

std::string index_path(const std::string& pack) { return pack.substr(0, pack.size() - 5) + ".idx"; }

}  // namespace

PackCache::PackCache(Cache cache, const detect::RuleSet& rules, const unpack::Limits& archives,
                     const git::ObjectStore& store)
    : cache_(std::move(cache)),
      basis_(cache_basis(rules.content_hash(), archives)),
      store_(store),
      slots_(store.packs().size()) {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    slots_[i].usable = stands_alone(store.packs()[i]);
    if (slots_[i].usable) load(i);
  }
}

void PackCache::load(std::uint32_t pack) {
  Slot& slot = slots_[pack];
  const git::Pack& open = store_.packs()[pack].pack;
  slot.key = key(pack);
  slot.identity = identity(pack);
  CacheWriter name;
  name.text(basis_);
  name.text(open.path());
  slot.name = std::string("p-").append(cache_digest(name.str()).hex(), 0, 40);
  const auto payload = cache_.load(slot.name, slot.key);
  if (!payload) return;
  CacheReader in(*payload);
  const bool same_files = in.bytes(slot.identity.size) == as_text(slot.identity.raw());
  const std::string_view contents = in.text(), trees = in.text();
  if (!in.at_end() || (!same_files && !(open.checksum_ok() && open.index_checksum_ok()))) return;
  slot.contents = contents;
  slot.trees = trees;
  slot.changed = !same_files;
}

// Of what is mapped.
CacheKey PackCache::key(std::uint32_t pack) const {
  const git::Pack& open = store_.packs()[pack].pack;
  CacheWriter key;
  key.text("pack");
  key.text(basis_);
  key.u8(static_cast<std::uint8_t>(open.hash()));
  key.text(as_text(open.bytes().last(oid_size(open.hash()))));
  return cache_digest(key.str());
}

CacheKey PackCache::identity(std::uint32_t pack) const {
  const std::string& path = store_.packs()[pack].pack.path();
  CacheWriter files;
  files.text(path);
  add_file_identity(path, files);
  add_file_identity(index_path(path), files);
  return cache_digest(files.str());
}

PackShape PackCache::shape(std::uint32_t pack) const {
  const git::OpenPack& open = store_.packs()[pack];
  PackShape shape;
  shape.store = pack;
  shape.entries = open.table.size();
  shape.oid_bytes = oid_size(open.pack.hash());
  shape.oid = [&open](std::uint32_t entry) { return open.pack.oid(open.table.entries[entry]); };
  shape.type = [&open](std::uint32_t entry) { return open.table.entries[entry].type; };
  shape.entry_of = [&open](const Oid& oid) {
    const auto entry = open.pack.entry_of(oid.raw());
    return entry && *entry < open.table.size() ? entry : std::nullopt;
  };
  return shape;
}

std::optional<PackContents> PackCache::contents(std::uint32_t pack) const {
  if (slots_[pack].contents.empty()) return std::nullopt;
  return read_contents(shape(pack), slots_[pack].contents);
}

std::optional<PackTrees> PackCache::trees(std::uint32_t pack, const std::unordered_set<std::uint64_t>& wanted) const {
  if (slots_[pack].trees.empty()) return std::nullopt;
  return read_trees(shape(pack), slots_[pack].trees, wanted);
}

void PackCache::keep_contents(std::uint32_t pack, const PackContents& contents) {
  Slot& slot = slots_[pack];
  if (!slot.usable) return;
  slot.contents = write_contents(shape(pack), contents);
  slot.texts.clear();
  for (const Loss& loss : contents.unread) slot.texts.append(loss.what + '\0' + loss.where).push_back('\0');
  slot.trees.clear();  // they were searched for what the contents had
  slot.changed = true;
}

void PackCache::keep_trees(std::uint32_t pack, const PackTrees& trees,
                           const std::unordered_set<std::uint64_t>& wanted) {
  Slot& slot = slots_[pack];
  if (!slot.usable) return;
  slot.trees = write_trees(trees, wanted, secrets_);
  slot.changed = true;
}

void PackCache::set_secrets(const ValueTable& values) {
  secrets_.clear();
  for (const Value& value : values.values()) secrets_.push_back(value.secret);
}

void PackCache::forget(std::uint32_t pack) {
  slots_[pack].contents.clear();
  slots_[pack].trees.clear();
}

void PackCache::write() const {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (!slot.changed || slot.contents.empty() || slot.trees.empty()) continue;
    if (identity(i) != slot.identity) continue;
    const auto in_texts = [&](const std::string& secret) { return slot.texts.find(secret) != std::string::npos; };
    if (std::any_of(secrets_.begin(), secrets_.end(), in_texts)) continue;
    CacheWriter payload;
    payload.reserve(slot.contents.size() + slot.trees.size() + 40);
    payload.raw(slot.identity.raw());
    payload.text(slot.contents);
    payload.text(slot.trees);
    cache_.store(slot.name, slot.key, payload.str());
  }
}

}  // namespace tightship::scan
