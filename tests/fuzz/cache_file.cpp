// Payloads of cache files. The first byte says of which kind; packs are of 64 made-up entries, whose type
// follows from their number. What is read must be written as it was, or as something that reads the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scan/pack_cache.h"
#include "scan/state_cache.h"

namespace {

using namespace tightship;

constexpr std::uint32_t kEntries = 64;

Oid oid_of(std::uint32_t entry) {
  Oid oid;
  oid.bytes[0] = static_cast<std::uint8_t>(entry);
  oid.bytes[1] = 0xc5;
  return oid;
}

scan::PackShape shape() {
  scan::PackShape shape;
  shape.entries = kEntries;
  shape.oid = oid_of;
  shape.type = [](std::uint32_t entry) { return static_cast<git::ObjectType>(1 + entry % 4); };
  shape.entry_of = [](const Oid& oid) {
    return oid.bytes[0] < kEntries && oid == oid_of(oid.bytes[0]) ? std::optional<std::uint32_t>(oid.bytes[0])
                                                                  : std::nullopt;
  };
  return shape;
}

void check(bool holds) {
  if (!holds) std::abort();
}

void try_contents(std::string_view record) {
  const auto contents = scan::read_contents(shape(), record);
  if (!contents) return;
  for (const scan::ObjectHit& hit : contents->pass.hits) check(hit.value < contents->sources.size());
  const std::string written = scan::write_contents(shape(), *contents);
  const auto again = scan::read_contents(shape(), written);
  check(again && scan::write_contents(shape(), *again) == written);
}

void try_trees(std::string_view record) {
  const auto trees = scan::read_trees(shape(), record, {});
  if (!trees) return;
  for (const scan::TreeRecord& tree : trees->pass.trees) check(tree.list < trees->pass.lists.size());
  for (const scan::ItemList& list : trees->pass.lists) {
    check(std::uint64_t{list.begin} + list.count <= trees->pass.items.size());
  }
  for (const scan::TreeItem& item : trees->pass.items) check(item.name < trees->pass.names.size());
  const std::string written = scan::write_trees(*trees, {}, {});
  check(scan::read_trees(shape(), written, {}).has_value());
}

void try_answer(std::string_view payload) {
  const detect::RuleSet& rules = detect::RuleSet::builtin();
  const auto answer = scan::read_answer(payload, rules);
  if (!answer) return;
  const std::string written = scan::write_answer(*answer);
  const auto again = scan::read_answer(written, rules);
  check(again && again->places == answer->places && again->values == answer->values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'c': try_contents(rest); break;
    case 't': try_trees(rest); break;
    case 'a': try_answer(rest); break;
    default: (void)scan::unseal(scan::cache_digest("key"), rest);
  }
  return 0;
}
