#include "match/blob_sections.h"

#include <cstring>
#include <type_traits>

#include "match/hash.h"

namespace tightship::match {
namespace {

constexpr std::uint32_t kMagic = 0x4D485354;  // "TSHM"
constexpr std::uint32_t kVersion = 5;

struct Head {
  std::uint32_t magic = kMagic, version = kVersion;
  std::uint64_t checksum = 0;  // of all that follows it
  std::uint64_t spec_hash = 0;
  std::uint32_t classes = 0, literals = 0, patterns = 0, uses = 0, required = 0, prefixes = 0;  // counts
  std::uint32_t library = 0, database = 0;                                                      // bytes
};
constexpr std::size_t kChecked = offsetof(Head, spec_hash);
static_assert(sizeof(Head) % kBlobAlignment == 0 && alignof(Head) <= kBlobAlignment);
static_assert(alignof(ByteClass) == 8 && alignof(CompiledLiteral) == 4 && alignof(CompiledPattern) == 4 &&
              alignof(Use) == 4 && alignof(CompiledRequired) == 4);

template <class Item>
void append(std::vector<std::uint8_t>& out, std::span<const Item> items) {
  static_assert(std::is_trivially_copyable_v<Item> && std::has_unique_object_representations_v<Item>);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(items.data());
  out.insert(out.end(), bytes, bytes + items.size_bytes());
}

// Fails by `whole` turning false.
template <class Item>
std::span<const Item> take(Bytes& left, std::uint32_t count, bool& whole) {
  if (!whole || count > left.size() / sizeof(Item)) {
    whole = false;
    return {};
  }
  const std::span<const Item> items(reinterpret_cast<const Item*>(left.data()), count);
  left = left.subspan(items.size_bytes());
  return items;
}

tl::unexpected<Error> damaged(std::string what) { return fail(ErrorKind::Corrupt, std::move(what), "compiled rules"); }

}  // namespace

std::vector<std::uint8_t> write_blob(const Compiled& compiled, std::uint64_t spec_hash) {
  const auto count = [](const auto& items) { return static_cast<std::uint32_t>(items.size()); };
  Head head;
  head.spec_hash = spec_hash;
  head.classes = count(compiled.classes);
  head.literals = count(compiled.literals);
  head.patterns = count(compiled.patterns);
  head.uses = count(compiled.uses);
  head.required = count(compiled.required);
  head.prefixes = count(compiled.prefixes);
  head.library = count(compiled.library);
  head.database = count(compiled.database);
  std::vector<std::uint8_t> blob(sizeof head);
  append(blob, compiled.classes);
  append(blob, compiled.literals);
  append(blob, compiled.patterns);
  append(blob, compiled.uses);
  append(blob, compiled.required);
  append(blob, compiled.prefixes);
  append(blob, as_bytes(compiled.library));
  append(blob, compiled.database);
  std::memcpy(blob.data(), &head, sizeof head);
  head.checksum = hash_bytes(Bytes(blob).subspan(kChecked));
  std::memcpy(blob.data(), &head, sizeof head);
  return blob;
}

Result<BlobContent> read_blob(Bytes blob) {
  Head head;
  if (blob.size() < sizeof head) return damaged("not a compiled form");
  if (reinterpret_cast<std::uintptr_t>(blob.data()) % kBlobAlignment != 0)
    return damaged("compiled form is not aligned");
  std::memcpy(&head, blob.data(), sizeof head);
  if (head.magic != kMagic) return damaged("not a compiled form");
  if (head.version != kVersion) return damaged("compiled form has another version");
  if (hash_bytes(blob.subspan(kChecked)) != head.checksum) return damaged("checksum is wrong");
  Bytes left = blob.subspan(sizeof head);
  bool whole = true;
  BlobContent content;
  content.spec_hash = head.spec_hash;
  Compiled& compiled = content.compiled;
  compiled.classes = take<ByteClass>(left, head.classes, whole);
  compiled.literals = take<CompiledLiteral>(left, head.literals, whole);
  compiled.patterns = take<CompiledPattern>(left, head.patterns, whole);
  compiled.uses = take<Use>(left, head.uses, whole);
  compiled.required = take<CompiledRequired>(left, head.required, whole);
  compiled.prefixes = take<std::uint16_t>(left, head.prefixes, whole);
  compiled.library = as_text(take<std::uint8_t>(left, head.library, whole));
  compiled.database = take<std::uint8_t>(left, head.database, whole);
  if (!whole || !left.empty()) return damaged("tables are cut");
  return content;
}

}  // namespace tightship::match
