#include "scan/tree_pass.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <numeric>

#include "detect/detector.h"
#include "git/pack_walk.h"
#include "scan/delta_runs.h"
#include "scan/delta_scanner.h"
#include "scan/pack_cache.h"

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
  std::uint32_t list = kNoList;       // where `items` were stored
  bool whole = false;                 // parsed to its end: fit to be a base
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
  bool rules_have_paths;
  // Names are numbered by each thread for itself; the thread is in the upper bits until the end.
  static constexpr unsigned kNameBits = 26;
  const git::OpenPack* pack;         // null for loose trees
  std::vector<std::uint8_t>& named;  // of the pack's entries
};

class Collector {
 public:
  Collector(Shared shared, unsigned worker)
      : shared_(shared), worker_(worker), scanner_(shared.rules, Decoding::Off, &plain_names_) {}

  void see(git::ObjectPlace place, const Oid& oid, Bytes content, const git::PackObject* object, const TreeState* base,
           TreeState& own) {
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
    store_items(place, oid, delta ? base : nullptr);
  }

  // When all trees have been seen.
  void finish() { look_up(); }

  std::vector<TreeRecord> trees;
  std::vector<ItemList> lists;
  std::vector<TreeItem> items;
  NameTable names;
  ValueTable values;
  std::unordered_set<Oid> outside;
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
    find_name_hits(begin, entry);
    if (entry.is_submodule()) return;
    std::uint64_t id = 0;
    std::memcpy(&id, entry.oid.data(), sizeof id);  // as Oid::prefix64
    note_named(entry.oid, id);
    if (!entry.is_tree() && shared_.rules_have_paths && detect::name_may_matter(shared_.rules, entry.name)) {
      own_->items.push_back({begin, {0, name_of(entry.name), ItemKind::PathHit}});
    }
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
    seen = id;
    if (shared_.pack == nullptr) {
      outside.insert(Oid::from_raw(oid));
      return;
    }
    if (asked_.empty()) asked_.reserve(kAsked);
    asked_.push_back(Oid::from_raw(oid));
    if (asked_.size() == kAsked) look_up();
  }

  // Marks all that was asked for. In the order of the index, nearly: alone, each look-up misses every cache.
  void look_up() {
    constexpr unsigned kBits = 12;
    const auto bucket = [](const Oid& oid) { return oid.bytes[0] << (kBits - 8) | oid.bytes[1] >> (16 - kBits); };
    std::array<std::uint32_t, (1u << kBits) + 1> ends{};
    for (const Oid& oid : asked_) ++ends[static_cast<std::size_t>(bucket(oid)) + 1];
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    in_order_.resize(asked_.size());
    for (const Oid& oid : asked_) in_order_[ends[static_cast<std::size_t>(bucket(oid))]++] = oid;
    asked_.clear();
    for (const Oid& oid : in_order_) mark_named(oid);
  }

  void mark_named(const Oid& oid) {
    const auto entry = shared_.pack->pack.entry_of(oid.raw());
    if (!entry || *entry >= shared_.named.size()) {
      outside.insert(oid);
      return;
    }
    std::atomic_ref<std::uint8_t> bit(shared_.named[*entry]);
    if (bit.load(std::memory_order_relaxed) == 0) bit.store(1, std::memory_order_relaxed);
  }

  void store_items(git::ObjectPlace place, const Oid& oid, const TreeState* base) {
    const bool same = base != nullptr && base->list != kNoList && kept_items_ == base->items.size() &&
                      own_->items.size() == kept_items_;
    if (same) {
      own_->list = base->list;
    } else {
      own_->list = worker_ << Shared::kNameBits | static_cast<std::uint32_t>(lists.size());
      lists.push_back({static_cast<std::uint32_t>(items.size()), static_cast<std::uint32_t>(own_->items.size())});
      for (const PlacedItem& placed : own_->items) items.push_back(placed.item);
    }
    trees.push_back({oid.prefix64(), own_->list, place});
  }

  // Candidates that lie wholly inside the entry's name, which is looked at with the byte before and the one behind it.
  void find_name_hits(std::uint32_t begin, const git::TreeEntry& entry) {
    const Bytes around = content_.subspan(begin + entry.name_offset - 1, entry.name.size() + 2);
    scanner_.scan_whole(around, scan_);
    if (!scan_.any()) return;
    std::vector<detect::Candidate> candidates = scan_.searched;
    for (const AnchorScan::Found& found : scan_.found) candidates.push_back(found.candidate);
    detect::settle(shared_.rules, around, {}, candidates);
    for (const detect::Candidate& candidate : candidates) {
      if (candidate.start < 1 || candidate.start + candidate.length > 1 + entry.name.size()) continue;
      const std::string_view secret = as_text(around.subspan(candidate.start, candidate.length));
      own_->items.push_back({begin, {values.add(candidate.rule, secret), name_of(entry.name), ItemKind::NameHit}});
    }
  }

  Shared shared_;
  unsigned worker_;
  PlainTexts plain_names_{kNamesKnown};
  DeltaScanner scanner_;
  AnchorScan scan_;  // of the name at hand
  std::vector<Run> runs_;
  Bytes content_;
  TreeState* own_ = nullptr;
  std::size_t kept_items_ = 0;
  static constexpr std::size_t kNamesKnown = 1 << 15;
  static constexpr std::size_t kSeen = 1 << 15;
  static constexpr std::size_t kAsked = 1 << 16;
  std::vector<Oid> asked_, in_order_;  // at most kAsked
  std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(kSeen);
};

class TreeVisitor : public git::PackVisitor {
 public:
  TreeVisitor(std::uint32_t store, const git::OpenPack& pack, std::vector<std::unique_ptr<Collector>>& collectors)
      : store_(store), pack_(pack), collectors_(collectors) {}

  std::unique_ptr<git::ObjectState> make_state() override { return std::make_unique<TreeState>(); }
  bool wants(unsigned, std::uint32_t, Bytes) override { return true; }
  void visit(unsigned worker, const git::PackObject& object, const git::ObjectState* base, git::ObjectState& own,
             bool) override {
    collectors_[worker]->see({store_, object.entry}, pack_.pack.oid(pack_.table.entries[object.entry]), object.data,
                             &object, static_cast<const TreeState*>(base), static_cast<TreeState&>(own));
  }

 private:
  std::uint32_t store_;
  const git::OpenPack& pack_;
  std::vector<std::unique_ptr<Collector>>& collectors_;
};

using Collectors = std::vector<std::unique_ptr<Collector>>;

// Joins the threads' parts: names and lists get numbers that hold for all.
class Joiner {
 public:
  Joiner(TreePass& pass, const Collectors& parts) : pass_(pass) {
    std::size_t trees = 0, lists = 0, items = 0;
    for (const auto& part : parts) {
      trees += part->trees.size();
      lists += part->lists.size();
      items += part->items.size();
    }
    pass.trees.reserve(trees);
    pass.lists.reserve(lists);
    pass.items.reserve(items);
  }

  void add(const Collector& part) {
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
    pass_.count += part.count;
    pass_.bytes += part.bytes;
  }

  void finish() {
    constexpr std::uint32_t kLow = (1u << Shared::kNameBits) - 1;
    for (TreeItem& item : pass_.items) item.name = names_[item.name >> Shared::kNameBits][item.name & kLow];
    for (TreeRecord& tree : pass_.trees) {
      tree.list = list_shift_[tree.list >> Shared::kNameBits] + (tree.list & kLow);
    }
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
};

// Joins the packs' parts, and says what of the store they name.
class StoreJoiner {
 public:
  StoreJoiner(const git::ObjectStore& store, TreePass& pass) : store_(store), pass_(pass) {
    for (const git::OpenPack& pack : store.packs()) pass.named.emplace_back(pack.table.size());
    pass.named.emplace_back(store.loose().size());
  }

  // `pack` is its number, or ObjectPlace::kLoose.
  void add(std::uint32_t pack, PackTrees part) {
    for (const Oid& oid : part.outside) mark(oid);
    for (std::uint32_t entry = 0; entry < part.named.size(); ++entry) {
      if (part.named[entry] == 0) continue;
      const git::OpenPack& open = store_.packs()[pack];
      // An object that lies in several packs is told from its first place.
      const bool elsewhere = !open.duplicate.empty() && open.duplicate[entry];
      if (elsewhere)
        mark(store_.oid({pack, entry}));
      else
        pass_.named[pack][entry] = 1;
    }
    take(std::move(part.pass));
  }

  void finish() {
    std::sort(pass_.trees.begin(), pass_.trees.end(),
              [](const TreeRecord& a, const TreeRecord& b) { return a.id != b.id ? a.id < b.id : a.place < b.place; });
    pass_.missing.assign(missing_.begin(), missing_.end());
    std::sort(pass_.missing.begin(), pass_.missing.end());
  }

 private:
  void mark(const Oid& oid) {
    const auto place = store_.find(oid.raw());
    if (!place) {
      missing_.insert(oid);
      return;
    }
    const bool loose = place->store == git::ObjectPlace::kLoose;
    (loose ? pass_.named.back() : pass_.named[place->store])[place->entry] = 1;
  }

  void take(TreePass part) {
    if (pass_.names.empty() && pass_.trees.empty()) {  // the first, and mostly the only one
      part.named = std::move(pass_.named);
      pass_ = std::move(part);
      return;
    }
    for (auto i = static_cast<std::uint32_t>(numbers_.size()); i < pass_.names.size(); ++i) {
      numbers_.try_emplace(pass_.names[i], i);
    }
    std::vector<std::uint32_t> names;
    for (std::string& name : part.names) {
      const auto [at, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(pass_.names.size()));
      if (is_new) pass_.names.push_back(std::move(name));
      names.push_back(at->second);
    }
    std::vector<ValueId> values;
    for (const Value& value : part.name_values.values()) {
      values.push_back(pass_.name_values.add(value.rule, value.secret));
    }
    const auto items = static_cast<std::uint32_t>(pass_.items.size());
    const auto lists = static_cast<std::uint32_t>(pass_.lists.size());
    for (TreeItem item : part.items) {
      if (item.kind == ItemKind::NameHit) item.child = values[item.child];
      item.name = names[item.name];
      pass_.items.push_back(item);
    }
    for (const ItemList& list : part.lists) pass_.lists.push_back({list.begin + items, list.count});
    for (TreeRecord tree : part.trees) {
      tree.list += lists;
      pass_.trees.push_back(tree);
    }
    pass_.count += part.count;
    pass_.bytes += part.bytes;
  }

  const git::ObjectStore& store_;
  TreePass& pass_;
  std::unordered_map<std::string, std::uint32_t> numbers_;  // of pass_.names, from the second part on
  std::unordered_set<Oid> missing_;
};

// Returns whether everything was whole. A part is let go when it has been joined.
bool join(Collectors collectors, PackTrees& trees, Ledger& ledger) {
  Joiner joiner(trees.pass, collectors);
  bool whole = true;
  std::unordered_set<Oid> outside;
  for (std::unique_ptr<Collector>& collector : collectors) {
    collector->finish();
    whole &= collector->broken.empty();
    for (Loss& loss : collector->broken) ledger.add(std::move(loss));
    outside.merge(collector->outside);
    joiner.add(*collector);
    collector.reset();
  }
  joiner.finish();
  trees.outside.assign(outside.begin(), outside.end());
  std::sort(trees.outside.begin(), trees.outside.end());
  return whole;
}

struct TreeJob {
  const detect::RuleSet& rules;
  const git::ObjectStore& store;
  const std::unordered_set<std::uint64_t>& wanted;
  const AuditOptions& options;
  Progress& progress;
  Ledger& ledger;
};

PackTrees scan_pack(const TreeJob& job, std::uint32_t number, bool& whole) {
  const git::OpenPack& pack = job.store.packs()[number];
  PackTrees trees;
  trees.named.resize(pack.table.size());
  const Shared shared{job.rules, job.store,  job.wanted, job.options.verify, detect::has_path_rules(job.rules),
                      &pack,     trees.named};
  Collectors collectors;
  for (unsigned i = 0; i < job.options.threads; ++i) collectors.push_back(std::make_unique<Collector>(shared, i));
  git::WalkOptions walk = job.store.walk_options();
  walk.threads = job.options.threads;
  walk.memory_cap = job.options.memory_cap;
  walk.types = 1u << static_cast<unsigned>(git::ObjectType::Tree);
  walk.progress = &job.progress.done;
  walk.cancelled = &job.progress.cancelled;
  TreeVisitor visitor(number, pack, collectors);
  const std::uint64_t losses = job.ledger.total();
  git::walk_pack(pack.pack, pack.table, walk, visitor, job.ledger);
  whole = join(std::move(collectors), trees, job.ledger) && job.ledger.total() == losses && !job.progress.cancelled;
  return trees;
}

PackTrees scan_loose(const TreeJob& job, const std::vector<std::uint32_t>& loose_trees) {
  PackTrees trees;
  const Shared shared{job.rules, job.store,  job.wanted, job.options.verify, detect::has_path_rules(job.rules),
                      nullptr,   trees.named};
  Collectors collectors;
  collectors.push_back(std::make_unique<Collector>(shared, 0));
  TreeState state;
  for (const std::uint32_t entry : loose_trees) {
    const git::ObjectPlace place{git::ObjectPlace::kLoose, entry};
    const auto content = job.store.read(place);
    if (content) {
      collectors[0]->see(place, job.store.oid(place), content->bytes, nullptr, nullptr, state);
    } else {
      job.ledger.add({LossKind::CorruptObject, content.error().what, job.store.oid(place).hex(), "git fsck"});
    }
  }
  join(std::move(collectors), trees, job.ledger);
  return trees;
}

}  // namespace

TreePass scan_trees(const detect::RuleSet& rules, const git::ObjectStore& store,
                    const std::vector<std::uint32_t>& loose_trees, const std::unordered_set<std::uint64_t>& wanted,
                    const AuditOptions& options, Progress& progress, Ledger& ledger, PackCache* cache) {
  const TreeJob job{rules, store, wanted, options, progress, ledger};
  TreePass pass;
  StoreJoiner joiner(store, pass);
  for (std::uint32_t i = 0; i < store.packs().size(); ++i) {
    if (auto known = cache != nullptr ? cache->trees(i, wanted) : std::nullopt) {
      joiner.add(i, std::move(*known));
      continue;
    }
    bool whole = false;
    PackTrees trees = scan_pack(job, i, whole);
    if (cache != nullptr && whole) cache->keep_trees(i, trees, wanted);
    joiner.add(i, std::move(trees));
  }
  joiner.add(git::ObjectPlace::kLoose, scan_loose(job, loose_trees));
  joiner.finish();
  return pass;
}

}  // namespace tightship::scan
