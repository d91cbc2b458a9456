#include "scan/tree_pass.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "detect/detector.h"
#include "git/pack_walk.h"
#include "scan/delta_runs.h"
#include "scan/delta_scanner.h"

namespace tightship::scan {
namespace {

constexpr std::uint32_t kMinRun = 128;  // a few entries; parsing them again costs less
constexpr std::uint32_t kNoList = ~std::uint32_t{0};

struct PlacedItem {
  std::uint32_t begin = 0;  // of the entry, in the tree's bytes
  TreeItem item;
};

struct TreeState : git::ObjectState {
  std::vector<std::uint32_t> begins;  // of every entry, and the tree's size at the end
  std::vector<PlacedItem> items;      // folders and wanted blobs, by position
  AnchorScan scan;
  std::uint32_t list = kNoList;  // where `items` were stored
  bool whole = false;            // parsed to its end: fit to be a base
};

// Names by number. One thread's; joined at the end.
class NameTable {
 public:
  std::uint32_t add(std::string_view name) {
    if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
    storage_.push_back(std::make_unique<std::string>(name));
    const auto id = static_cast<std::uint32_t>(ids_.size());
    ids_.emplace(*storage_.back(), id);
    return id;
  }
  const std::vector<std::unique_ptr<std::string>>& names() const { return storage_; }

 private:
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  std::vector<std::unique_ptr<std::string>> storage_;
};

struct Shared {
  const detect::RuleSet& rules;
  const git::ObjectStore& store;
  const std::unordered_set<std::uint64_t>& wanted;
  bool verify;
  // Names are numbered by each thread for itself; the thread is in the upper bits until the end.
  static constexpr unsigned kNameBits = 26;
  std::vector<std::vector<std::uint8_t>>& named;
};

class Collector {
 public:
  Collector(Shared shared, unsigned worker) : shared_(shared), worker_(worker), scanner_(shared.rules) {}

  void see(git::ObjectPlace place, const Oid& oid, Bytes content, const git::PackObject* object,
           const TreeState* base, TreeState& own) {
    ++count;
    bytes += content.size();
    own.begins.clear();
    own.items.clear();
    content_ = content;
    own_ = &own;
    kept_items_ = 0;
    const bool delta = base != nullptr && base->whole;
    own.whole = delta ? parse_delta(*object->ops, *base) : parse_until(0, size()) == size();
    if (!own.whole) {
      broken.push_back({LossKind::CorruptObject, "tree is damaged", oid.hex(), "git fsck"});
    }
    if (shared_.verify && git::hash_object(git::ObjectType::Tree, content, shared_.store.hash()) != oid) {
      broken.push_back({LossKind::CorruptObject, "content does not hash to its name", oid.hex(), "git fsck"});
    }
    own.begins.push_back(size());
    if (delta) {
      scanner_.scan_delta(content, *object->ops, object->base_size, base->scan, own.scan);
    } else {
      scanner_.scan_whole(content, own.scan);
    }
    store_items(place, oid, delta ? base : nullptr);
  }

  std::vector<TreeRecord> trees;
  std::vector<ItemList> lists;
  std::vector<TreeItem> items;
  NameTable names;
  ValueTable values;
  std::unordered_set<Oid> missing;
  std::vector<Loss> broken;
  std::uint64_t count = 0, bytes = 0;

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(content_.size()); }

  // Parses entries from `at` on until one ends at or behind `end`. Returns where, or kBroken.
  static constexpr std::uint32_t kBroken = ~std::uint32_t{0};
  std::uint32_t parse_until(std::uint32_t at, std::uint32_t end) {
    while (at < end) {
      git::TreeReader reader(content_.subspan(at), shared_.store.hash());
      git::TreeEntry entry;
      if (!reader.next(entry)) return kBroken;
      see_entry(at, entry);
      own_->begins.push_back(at);
      at = static_cast<std::uint32_t>(entry.oid.data() + entry.oid.size() - content_.data());
    }
    return at;
  }

  bool parse_delta(const std::vector<git::DeltaOp>& ops, const TreeState& base) {
    join_runs(ops, kMinRun, runs_);
    std::uint32_t at = 0;
    for (const Run& run : runs_) {
      at = parse_until(at, run.begin);
      while (at != kBroken && at < run.end) {
        const std::uint32_t inherited = inherit(at, run, base);
        at = inherited != at ? inherited : parse_until(at, at + 1);
      }
      if (at == kBroken) return false;
    }
    return parse_until(at, size()) == size();
  }

  // Takes over the base's entries from `at` on that lie wholly in the run. Returns where they end;
  // `at` itself when no entry of the base begins there.
  std::uint32_t inherit(std::uint32_t at, const Run& run, const TreeState& base) {
    const std::uint32_t shift = run.begin - run.base_begin;  // modulo 2^32
    const auto first = std::lower_bound(base.begins.begin(), base.begins.end(), at - shift);
    if (first == base.begins.end() || *first != at - shift) return at;
    const auto last = std::upper_bound(first, base.begins.end(), run.base_end()) - 1;
    const std::size_t old = own_->begins.size();
    own_->begins.resize(old + static_cast<std::size_t>(last - first));
    std::transform(first, last, own_->begins.begin() + static_cast<std::ptrdiff_t>(old),
                   [shift](std::uint32_t begin) { return begin + shift; });
    const auto by_begin = [](const PlacedItem& item, std::uint32_t begin) { return item.begin < begin; };
    auto item = std::lower_bound(base.items.begin(), base.items.end(), *first, by_begin);
    for (; item != base.items.end() && item->begin < *last; ++item) {
      own_->items.push_back({item->begin + shift, item->item});
      ++kept_items_;
    }
    return *last + shift;
  }

  void see_entry(std::uint32_t begin, const git::TreeEntry& entry) {
    if (entry.is_submodule()) return;
    std::uint64_t id = 0;
    std::memcpy(&id, entry.oid.data(), sizeof id);  // as Oid::prefix64
    note_named(entry.oid, id);
    if (entry.is_tree()) {
      own_->items.push_back({begin, {id, name_of(entry.name), ItemKind::Subtree}});
    } else if (shared_.wanted.contains(id)) {
      const ItemKind kind = entry.is_symlink() ? ItemKind::Symlink : ItemKind::File;
      own_->items.push_back({begin, {id, name_of(entry.name), kind}});
    }
  }

  std::uint32_t name_of(std::string_view name) { return worker_ << Shared::kNameBits | names.add(name); }

  // Most entries name an object that was named a moment ago by another version of the tree; a small
  // memory of those saves 9 of 10 look-ups, which are cache misses in the pack's index.
  void note_named(Bytes oid, std::uint64_t id) {
    std::uint64_t& seen = seen_[id % kSeen];
    if (seen == id && id != 0) return;
    const auto place = shared_.store.find(oid);
    if (!place) {
      missing.insert(Oid::from_raw(oid));
      return;
    }
    seen = id;
    auto& bits = place->store == git::ObjectPlace::kLoose ? shared_.named.back() : shared_.named[place->store];
    std::atomic_ref<std::uint8_t> bit(bits[place->entry]);
    if (bit.load(std::memory_order_relaxed) == 0) bit.store(1, std::memory_order_relaxed);
  }

  void store_items(git::ObjectPlace place, const Oid& oid, const TreeState* base) {
    std::vector<TreeItem> name_hits;
    if (!own_->scan.found.empty()) name_hits = find_name_hits();
    const bool same = base != nullptr && base->list != kNoList && name_hits.empty() && base->scan.found.empty() &&
                      kept_items_ == base->items.size() && own_->items.size() == kept_items_;
    if (same) {
      own_->list = base->list;
    } else {
      own_->list = worker_ << Shared::kNameBits | static_cast<std::uint32_t>(lists.size());
      lists.push_back({static_cast<std::uint32_t>(items.size()),
                       static_cast<std::uint32_t>(own_->items.size() + name_hits.size())});
      for (const PlacedItem& placed : own_->items) items.push_back(placed.item);
      items.insert(items.end(), name_hits.begin(), name_hits.end());
    }
    trees.push_back({oid.prefix64(), own_->list, place});
  }

  // Candidates that lie wholly inside an entry's name.
  std::vector<TreeItem> find_name_hits() {
    std::vector<detect::Candidate> candidates;
    for (const AnchorScan::Found& found : own_->scan.found) candidates.push_back(found.candidate);
    detect::settle(shared_.rules, content_, {}, candidates);
    std::vector<TreeItem> hits;
    for (const detect::Candidate& candidate : candidates) {
      const auto after = std::upper_bound(own_->begins.begin(), own_->begins.end(), candidate.start);
      if (after == own_->begins.begin() || after == own_->begins.end()) continue;
      git::TreeReader reader(content_.subspan(*(after - 1)), shared_.store.hash());
      git::TreeEntry entry;
      if (!reader.next(entry)) continue;
      const std::uint64_t name_begin = *(after - 1) + entry.name_offset;
      if (candidate.start < name_begin || candidate.start + candidate.length > name_begin + entry.name.size()) {
        continue;
      }
      const std::string_view secret = as_text(content_.subspan(candidate.start, candidate.length));
      hits.push_back({values.add(candidate.rule, secret), name_of(entry.name), ItemKind::NameHit});
    }
    return hits;
  }

  Shared shared_;
  unsigned worker_;
  DeltaScanner scanner_;
  std::vector<Run> runs_;
  Bytes content_;
  TreeState* own_ = nullptr;
  std::size_t kept_items_ = 0;
  static constexpr std::size_t kSeen = 1 << 15;
  std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(kSeen);
};

class TreeVisitor : public git::PackVisitor {
 public:
  TreeVisitor(std::uint32_t store, const git::OpenPack& pack, std::vector<std::unique_ptr<Collector>>& collectors)
      : store_(store), pack_(pack), collectors_(collectors) {}

  std::unique_ptr<git::ObjectState> make_state() override { return std::make_unique<TreeState>(); }
  bool wants(unsigned, std::uint32_t, Bytes) override { return true; }
  void visit(unsigned worker, const git::PackObject& object, const git::ObjectState* base,
             git::ObjectState& own, bool) override {
    collectors_[worker]->see({store_, object.entry}, pack_.pack.oid(pack_.table.entries[object.entry]),
                             object.data, &object, static_cast<const TreeState*>(base),
                             static_cast<TreeState&>(own));
  }

 private:
  std::uint32_t store_;
  const git::OpenPack& pack_;
  std::vector<std::unique_ptr<Collector>>& collectors_;
};

// Joins the threads' parts: names and lists get numbers that hold for all.
class Joiner {
 public:
  explicit Joiner(TreePass& pass) : pass_(pass) {}

  void add(Collector& part) {
    std::vector<std::uint32_t> names;
    for (const auto& name : part.names.names()) names.push_back(number_of(*name));
    names_.push_back(std::move(names));
    std::vector<ValueId> values;
    for (const Value& value : part.values.values()) values.push_back(pass_.name_values.add(value.rule, value.secret));
    list_shift_.push_back(static_cast<std::uint32_t>(pass_.lists.size()));
    const auto shift = static_cast<std::uint32_t>(pass_.items.size());
    for (const ItemList& list : part.lists) pass_.lists.push_back({list.begin + shift, list.count});
    for (TreeItem item : part.items) {
      if (item.kind == ItemKind::NameHit) item.child = values[item.child];
      pass_.items.push_back(item);
    }
    pass_.trees.insert(pass_.trees.end(), part.trees.begin(), part.trees.end());
    missing_.insert(part.missing.begin(), part.missing.end());
    pass_.count += part.count;
    pass_.bytes += part.bytes;
  }

  void finish() {
    constexpr std::uint32_t kLow = (1u << Shared::kNameBits) - 1;
    for (TreeItem& item : pass_.items) item.name = names_[item.name >> Shared::kNameBits][item.name & kLow];
    for (TreeRecord& tree : pass_.trees) {
      tree.list = list_shift_[tree.list >> Shared::kNameBits] + (tree.list & kLow);
    }
    std::sort(pass_.trees.begin(), pass_.trees.end(),
              [](const TreeRecord& a, const TreeRecord& b) { return a.id < b.id; });
    pass_.missing.assign(missing_.begin(), missing_.end());
    std::sort(pass_.missing.begin(), pass_.missing.end());
  }

 private:
  std::uint32_t number_of(const std::string& name) {
    const auto [at, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(pass_.names.size()));
    if (is_new) pass_.names.push_back(name);
    return at->second;
  }

  TreePass& pass_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::vector<std::uint32_t>> names_;
  std::vector<std::uint32_t> list_shift_;
  std::unordered_set<Oid> missing_;
};

}  // namespace

TreePass scan_trees(const detect::RuleSet& rules, const git::ObjectStore& store,
                    const std::vector<std::uint32_t>& loose_trees,
                    const std::unordered_set<std::uint64_t>& wanted, const AuditOptions& options,
                    Progress& progress, Ledger& ledger) {
  TreePass pass;
  for (const git::OpenPack& pack : store.packs()) pass.named.emplace_back(pack.table.size());
  pass.named.emplace_back(store.loose().size());
  std::vector<std::unique_ptr<Collector>> collectors;
  const Shared shared{rules, store, wanted, options.verify, pass.named};
  for (unsigned i = 0; i < options.threads; ++i) collectors.push_back(std::make_unique<Collector>(shared, i));
  git::WalkOptions walk = store.walk_options();
  walk.threads = options.threads;
  walk.memory_cap = options.memory_cap;
  walk.types = 1u << static_cast<unsigned>(git::ObjectType::Tree);
  walk.progress = &progress.done;
  walk.cancelled = &progress.cancelled;
  for (std::uint32_t i = 0; i < store.packs().size(); ++i) {
    TreeVisitor visitor(i, store.packs()[i], collectors);
    git::walk_pack(store.packs()[i].pack, store.packs()[i].table, walk, visitor, ledger);
  }
  TreeState state;
  for (const std::uint32_t entry : loose_trees) {
    const git::ObjectPlace place{git::ObjectPlace::kLoose, entry};
    const auto content = store.read(place);
    if (content) {
      collectors[0]->see(place, store.oid(place), content->bytes, nullptr, nullptr, state);
    } else {
      ledger.add({LossKind::CorruptObject, content.error().what, store.oid(place).hex(), "git fsck"});
    }
  }
  Joiner joiner(pass);
  for (const auto& collector : collectors) {
    for (Loss& loss : collector->broken) ledger.add(std::move(loss));
    joiner.add(*collector);
  }
  joiner.finish();
  return pass;
}

}  // namespace tightship::scan
