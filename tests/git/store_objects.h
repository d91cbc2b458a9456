#pragma once

// Everything an ObjectStore gives, in the form in which git lists it.

#include <mutex>
#include <set>
#include <sstream>
#include <string>

#include "git/object_store.h"
#include "git/repository.h"

namespace tightship::test {

// "oid type size", as `git cat-file --batch-all-objects --batch-check` prints it.
using ObjectLines = std::set<std::string>;

inline std::string object_line(const Oid& oid, git::ObjectType type, std::size_t size) {
  return oid.hex() + ' ' + std::string(git::object_type_name(type)) + ' ' + std::to_string(size);
}

// Collects the objects of walks; one whose content does not hash to its name gets a line that git
// would never print.
class CollectingVisitor : public git::PackVisitor {
 public:
  CollectingVisitor(const git::Pack& pack, const git::PackTable& table, ObjectLines& lines)
      : pack_(pack), table_(table), lines_(lines) {}
  std::unique_ptr<git::ObjectState> make_state() override { return std::make_unique<State>(); }
  bool wants(unsigned, std::uint32_t, Bytes) override { return true; }
  void visit(unsigned, const git::PackObject& object, const git::ObjectState* base, git::ObjectState& own,
             bool) override {
    const Oid oid = pack_.oid(table_.entries[object.entry]);
    auto& state = static_cast<State&>(own);
    state.content.assign(object.data.begin(), object.data.end());
    std::string line = object_line(oid, object.type, object.data.size());
    if (git::hash_object(object.type, object.data, pack_.hash()) != oid) line += " wrong content";
    if (object.ops != nullptr && !base_fits(object, *static_cast<const State*>(base))) line += " wrong base";
    const std::lock_guard lock(mutex_);
    if (!lines_.insert(line).second) lines_.insert(line + " twice");
  }

 private:
  struct State : git::ObjectState {
    std::vector<std::uint8_t> content;
  };

  // What operations copy is in the base that the visitor was given the state of.
  static bool base_fits(const git::PackObject& object, const State& base) {
    if (base.content.size() != object.base_size) return false;
    std::size_t at = 0;
    for (const git::DeltaOp& op : *object.ops) {
      const bool same =
          !op.copy || std::equal(base.content.begin() + op.source, base.content.begin() + op.source + op.length,
                                 object.data.begin() + static_cast<std::ptrdiff_t>(at));
      if (!same) return false;
      at += op.length;
    }
    return true;
  }

  const git::Pack& pack_;
  const git::PackTable& table_;
  ObjectLines& lines_;
  std::mutex mutex_;
};

struct WalkChoice {
  unsigned threads = 1;
  std::uint64_t memory_cap = std::uint64_t{96} << 20;
  bool look_at_heads = false;
};

inline ObjectLines walk_objects(const git::ObjectStore& store, const WalkChoice& choice, Ledger& ledger) {
  ObjectLines all;
  for (const git::OpenPack& open : store.packs()) {
    ObjectLines lines;
    git::WalkOptions options = store.walk_options();
    options.threads = choice.threads;
    options.memory_cap = choice.memory_cap;
    options.look_at_heads = choice.look_at_heads;
    options.types = 0b11110;
    CollectingVisitor visitor(open.pack, open.table, lines);
    git::walk_pack(open.pack, open.table, options, visitor, ledger);
    all.insert(lines.begin(), lines.end());
  }
  for (const git::LooseObject& object : store.loose()) {
    const auto content = git::read_loose(object.path, git::kMaxObjectSize);
    if (!content) {
      ledger.add({LossKind::CorruptObject, content.error().what, object.oid.hex(), ""});
      continue;
    }
    std::string line = object_line(object.oid, content->type, content->bytes.size());
    if (git::hash_object(content->type, content->bytes, store.hash()) != object.oid) line += " wrong content";
    all.insert(line);
  }
  return all;
}

// The same through ObjectStore::read, one object at a time.
inline ObjectLines read_objects(const git::ObjectStore& store, const ObjectLines& names) {
  ObjectLines all;
  for (const std::string& name : names) {
    const auto oid = Oid::from_hex(name.substr(0, name.find(' ')));
    const auto object = store.read(*oid);
    if (!object) continue;
    std::string line = object_line(*oid, object->type, object->bytes.size());
    if (git::hash_object(object->type, object->bytes, store.hash()) != *oid) line += " wrong content";
    all.insert(line);
  }
  return all;
}

inline ObjectLines lines_of(const std::string& text) {
  ObjectLines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

}  // namespace tightship::test
