#include "scan/cache_file.h"

#include "git/pack.h"

namespace tightship::scan {
namespace {

constexpr std::string_view kMagic = "TSCACHE1";
constexpr std::size_t kDigest = 32;

}  // namespace

// git's own form of hashing ("blob SIZE\0...") serves: what counts is that it is SHA-256.
CacheKey cache_digest(std::string_view text) {
  return git::hash_object(git::ObjectType::Blob, as_bytes(text), HashKind::Sha256);
}

std::string seal(const CacheKey& key, std::string_view payload) {
  std::string file;
  file.reserve(kMagic.size() + 2 * kDigest + payload.size());
  file += kMagic;
  file += as_text(key.raw());
  file += payload;
  file += as_text(cache_digest(file).raw());
  return file;
}

std::optional<std::string_view> unseal(const CacheKey& key, std::string_view file) {
  if (file.size() < kMagic.size() + 2 * kDigest || !file.starts_with(kMagic)) return std::nullopt;
  if (file.substr(kMagic.size(), kDigest) != as_text(key.raw())) return std::nullopt;
  const std::string_view sealed = file.substr(0, file.size() - kDigest);
  if (file.substr(sealed.size()) != as_text(cache_digest(sealed).raw())) return std::nullopt;
  return sealed.substr(kMagic.size() + kDigest);
}

}  // namespace tightship::scan
