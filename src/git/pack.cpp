#include "git/pack.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <cstring>

#include "git/big_endian.h"
#include "git/pack_rebuild.h"

namespace tightship::git {
namespace {

constexpr std::size_t kPackHeader = 12;

Result<std::uint32_t> read_pack_header(Bytes pack, std::size_t trailer, const std::string& path) {
  if (pack.size() < kPackHeader + trailer || std::memcmp(pack.data(), "PACK", 4) != 0) {
    return fail(ErrorKind::Corrupt, "not a pack file", path);
  }
  const std::uint32_t version = read_be32(pack.data() + 4);
  if (version != 2 && version != 3) {
    return fail(ErrorKind::Unsupported, "pack is of an unknown version", path);
  }
  return read_be32(pack.data() + 8);
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class Hasher {
 public:
  explicit Hasher(HashKind kind) : kind_(kind) {
    if (kind_ == HashKind::Sha1) {
      sha1_init(&sha1_);
    } else {
      sha256_init(&sha256_);
    }
  }
  void update(Bytes bytes) {
    if (kind_ == HashKind::Sha1) {
      sha1_update(&sha1_, bytes.size(), bytes.data());
    } else {
      sha256_update(&sha256_, bytes.size(), bytes.data());
    }
  }
  Oid finish() {
    Oid oid;
    oid.size = static_cast<std::uint8_t>(oid_size(kind_));
    if (kind_ == HashKind::Sha1) {
      sha1_digest(&sha1_, SHA1_DIGEST_SIZE, oid.bytes.data());
    } else {
      sha256_digest(&sha256_, SHA256_DIGEST_SIZE, oid.bytes.data());
    }
    return oid;
  }

 private:
  HashKind kind_;
  sha1_ctx sha1_;
  sha256_ctx sha256_;
};

}  // namespace

Result<Pack> Pack::open(const std::string& path, HashKind hash, Ledger& ledger) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const auto count = read_pack_header(file->bytes(), oid_size(hash), path);
  if (!count) return tl::unexpected(count.error());
  Pack pack;
  pack.path_ = path;
  pack.file_ = std::move(*file);
  pack.hash_ = hash;
  auto index = PackIndex::open(path.substr(0, path.size() - 5) + ".idx", hash);
  if (index && index->count() == *count) {
    pack.index_ = std::move(*index);
    return pack;
  }
  ledger.add({LossKind::CorruptIndex,
              index ? "pack index and pack differ in their number of objects" : index.error().what, file_name(path),
              "git index-pack " + path});
  pack.index_ = rebuild_index(pack.bytes(), hash, index ? &*index : nullptr);
  if (pack.index_.count() < *count) {
    ledger.add_many({LossKind::CorruptPack,
                     std::to_string(*count - pack.index_.count()) + " objects of the pack cannot be told apart",
                     file_name(path), "git fsck"},
                    *count - pack.index_.count());
  }
  return pack;
}

Bytes Pack::stream(const PackTable& table, std::uint32_t entry) const {
  const PackEntry& e = table.entries[entry];
  const std::uint64_t end = entry + 1 < table.size() ? table.entries[entry + 1].offset : table.objects_end;
  return bytes().subspan(e.offset + e.header_length, end - e.offset - e.header_length);
}

std::string Pack::place(std::uint64_t offset) const {
  return file_name(path_) + " at offset " + std::to_string(offset);
}

std::optional<std::uint32_t> Pack::entry_of(Bytes oid) const {
  const auto position = index_.find(oid);
  if (!position || *position >= entry_of_position_.size()) return std::nullopt;
  return entry_of_position_[*position];
}

bool Pack::checksum_ok() const {
  const std::size_t trailer = oid_size(hash_);
  Hasher hasher(hash_);
  hasher.update(bytes().first(bytes().size() - trailer));
  return hasher.finish() == Oid::from_raw(bytes().last(trailer));
}

bool Pack::index_checksum_ok() const {
  const auto file = MappedFile::open(path_.substr(0, path_.size() - 5) + ".idx");
  const std::size_t trailer = oid_size(hash_);
  if (!file || file->bytes().size() < 2 * trailer) return false;
  const Bytes index = file->bytes();
  Hasher hasher(hash_);
  hasher.update(index.first(index.size() - trailer));
  return hasher.finish() == Oid::from_raw(index.last(trailer)) &&
         Oid::from_raw(index.last(2 * trailer).first(trailer)) == Oid::from_raw(bytes().last(trailer));
}

Oid hash_object(ObjectType type, Bytes content, HashKind hash) {
  Hasher hasher(hash);
  const std::string head = std::string(object_type_name(type)) + ' ' + std::to_string(content.size());
  hasher.update({reinterpret_cast<const std::uint8_t*>(head.c_str()), head.size() + 1});
  hasher.update(content);
  return hasher.finish();
}

}  // namespace tightship::git
