// One object through its chain of bases.

#include <utility>

#include "git/pack_header.h"
#include "git/pack_walk.h"

namespace tightship::git {
namespace {

Result<std::vector<std::uint8_t>> read_stream(const Pack& pack, const PackTable& table, std::uint32_t entry,
                                              Inflater& inflater) {
  std::vector<std::uint8_t> content(table.entries[entry].size);
  const auto used = inflater.inflate(pack.stream(table, entry), content.data(), content.size());
  if (!used) return tl::unexpected(used.error());
  return content;
}

}  // namespace

Oid external_base_oid(const Pack& pack, const PackEntry& entry) {
  EntryHeader header;
  read_entry_header(pack.bytes().subspan(entry.offset), pack.index().oid_bytes(), header);
  return Oid::from_raw(header.base_oid);
}

Result<std::vector<std::uint8_t>> read_packed(const Pack& pack, const PackTable& table, std::uint32_t entry,
                                              Inflater& inflater, const WalkOptions& options) {
  std::vector<std::uint32_t> deltas;
  while (table.entries[entry].kind == EntryKind::Delta) {
    deltas.push_back(entry);
    entry = table.entries[entry].base;
  }
  const EntryKind kind = table.entries[entry].kind;
  if (kind == EntryKind::Broken) return fail(ErrorKind::Corrupt, "base of the delta is damaged");
  Result<std::vector<std::uint8_t>> content;
  if (kind == EntryKind::ExternalDelta) {
    deltas.push_back(entry);
    ObjectType type = ObjectType::Blob;
    const Oid base = external_base_oid(pack, table.entries[entry]);
    if (!options.external) return fail(ErrorKind::NotFound, "base of the delta is in no pack", base.hex());
    content = options.external(base, type);
  } else {
    content = read_stream(pack, table, entry, inflater);
  }
  std::vector<DeltaOp> ops;
  for (auto at = deltas.rbegin(); content && at != deltas.rend(); ++at) {
    const auto delta = read_stream(pack, table, *at, inflater);
    if (!delta) return tl::unexpected(delta.error());
    const auto size = decode_delta(*delta, content->size(), kMaxObjectSize, ops);
    if (!size) return tl::unexpected(size.error());
    std::vector<std::uint8_t> result(*size);
    apply_delta(*content, *delta, ops, result.data());
    *content = std::move(result);
  }
  return content;
}

}  // namespace tightship::git
