// A large push, by the pack walk: everything is scanned, delta-aware; what carries secrets is then looked
// up in the new part of the history.

#include <algorithm>
#include <unordered_set>

#include "base/parallel.h"
#include "detect/detector.h"
#include "git/tree_diff.h"
#include "scan/change_gather.h"
#include "scan/commit_graph.h"
#include "scan/content_pass.h"
#include "scan/pack_cache.h"
#include "scan/path_history.h"
#include "scan/tree_pass.h"

namespace tightship::scan {
namespace {

std::vector<CommitIndex> indexes_of(const CommitGraph& graph, const std::vector<Oid>& oids) {
  std::vector<CommitIndex> found;
  for (const Oid& oid : oids) {
    if (const auto index = graph.find(oid.prefix64())) found.push_back(*index);
  }
  return found;
}

class WalkGatherer {
 public:
  WalkGatherer(const git::ObjectStore& store, git::ObjectReader& objects, const CommitGraph& graph, const Tips& tips,
               ChangeSet& set)
      : store_(store),
        objects_(objects),
        graph_(graph),
        set_(set),
        wanted_(graph.reachable_from(indexes_of(graph, tips.commits))),
        known_(graph.reachable_from(indexes_of(graph, tips.known))) {}

  bool is_new(CommitIndex commit) const { return wanted_[commit] != 0 && known_[commit] == 0; }
  Oid oid(CommitIndex commit) const { return store_.oid(graph_.commit(commit).place); }
  std::uint64_t count_new() const;
  void add_boundary();
  void add_use(const PathUse& use, const TreePass& trees, const std::unordered_map<std::uint64_t, Oid>& blobs);

 private:
  std::optional<Oid> tree_of(CommitIndex commit) const;
  std::vector<Oid> before(CommitIndex commit, const std::string& path) const;

  const git::ObjectStore& store_;
  git::ObjectReader& objects_;
  const CommitGraph& graph_;
  ChangeSet& set_;
  std::vector<std::uint8_t> wanted_, known_;
};

std::uint64_t WalkGatherer::count_new() const {
  std::uint64_t sum = 0;
  for (CommitIndex commit = 0; commit < graph_.size(); ++commit) sum += is_new(commit) ? 1 : 0;
  return sum;
}

std::optional<Oid> WalkGatherer::tree_of(CommitIndex commit) const {
  const auto object = objects_.share(oid(commit));
  if (!object) return std::nullopt;
  const auto parsed = git::parse_commit((*object)->bytes, objects_.hash());
  return parsed ? std::optional(parsed->tree) : std::nullopt;
}

void WalkGatherer::add_boundary() {
  std::unordered_set<CommitIndex> told;
  for (CommitIndex commit = 0; commit < graph_.size(); ++commit) {
    if (!is_new(commit)) continue;
    for (const CommitIndex* parent = graph_.parents_begin(commit); parent != graph_.parents_end(commit); ++parent) {
      if (known_[*parent] == 0 || !told.insert(*parent).second) continue;
      if (const auto tree = tree_of(*parent)) set_.boundary_trees.push_back(*tree);
    }
  }
}

std::vector<Oid> WalkGatherer::before(CommitIndex commit, const std::string& path) const {
  std::vector<Oid> blobs;
  for (const CommitIndex* parent = graph_.parents_begin(commit); parent != graph_.parents_end(commit); ++parent) {
    const auto tree = tree_of(*parent);
    const auto entry = tree ? git::find_path(objects_, *tree, path) : std::nullopt;
    if (entry && (entry->mode & 0170000) != 0040000 && (entry->mode & 0170000) != 0160000) blobs.push_back(entry->oid);
  }
  return blobs;
}

void WalkGatherer::add_use(const PathUse& use, const TreePass& trees,
                           const std::unordered_map<std::uint64_t, Oid>& blobs) {
  static_cast<void>(trees);
  for (const CommitIndex commit : use.brought_by) {
    if (!is_new(commit)) continue;
    if (use.kind == ItemKind::NameHit || use.kind == ItemKind::PathHit) {
      set_.names.push_back({oid(commit), use.path});
      continue;
    }
    const auto blob = blobs.find(use.target);
    if (blob == blobs.end()) continue;
    const std::uint32_t mode = use.kind == ItemKind::Symlink ? 0120000 : 0100644;
    set_.uses.push_back({oid(commit), use.path, mode, blob->second, before(commit, use.path)});
  }
}

}  // namespace

void gather_by_walk(const detect::RuleSet& rules, const git::Repository& repository, git::ObjectReader& objects,
                    const Tips& tips, const ChangeOptions& options, Progress& progress, ChangeSet& set,
                    BlobSecrets& secrets, BlobCounts& counts, Ledger& ledger) {
  AuditOptions audit;
  audit.threads = thread_count(options.threads);
  audit.archives = options.archives;
  const git::ObjectStore store = git::ObjectStore::open(repository, audit.threads, ledger);
  progress.total = store.packed_bytes();
  std::optional<PackCache> packs;
  if (!options.cache_folder.empty() && ledger.empty() && !detect::has_path_rules(rules))
    packs.emplace(Cache(options.cache_folder), rules, options.archives, store);
  PackCache* const cache = packs ? &*packs : nullptr;
  const ContentPass contents = scan_contents(rules, store, audit, progress, ledger, cache);
  const CommitGraph graph(contents);
  WalkGatherer gatherer(store, objects, graph, tips, set);
  set.commits = gatherer.count_new();
  set.cut_off = std::any_of(repository.shallow.begin(), repository.shallow.end(), [&](const Oid& oid) {
    const auto index = graph.find(oid.prefix64());
    return index && gatherer.is_new(*index);
  });
  set.tags = tips.tags.size();
  counts.blobs = contents.blobs;
  counts.bytes = contents.bytes;
  counts.archives = contents.archives;
  for (const auto& [name, media] : contents.media) {
    counts.media += media.count;
    counts.media_bytes += media.bytes;
  }
  std::unordered_set<std::uint64_t> wanted;
  std::unordered_map<std::uint64_t, Oid> blobs;
  for (const ObjectHit& hit : contents.hits) {
    const Oid oid = store.oid(hit.object);
    if (store.type(hit.object) != git::ObjectType::Blob) {
      const auto index = graph.find(oid.prefix64());
      const bool tag = std::binary_search(tips.tags.begin(), tips.tags.end(), oid);
      if (tag || (index && gatherer.is_new(*index))) set.messages.push_back(oid);
      continue;
    }
    wanted.insert(oid.prefix64());
    blobs.emplace(oid.prefix64(), oid);
    const Value& value = contents.values.values()[hit.value];
    secrets[oid].push_back({value.rule, value.secret});
  }
  std::sort(set.messages.begin(), set.messages.end());
  set.messages.erase(std::unique(set.messages.begin(), set.messages.end()), set.messages.end());
  const TreePass trees = scan_trees(rules, store, contents.loose_trees, wanted, audit, progress, ledger, cache);
  if (cache != nullptr && !progress.cancelled) cache->write();
  if (wanted.empty() && trees.name_values.values().empty() && !detect::has_path_rules(rules)) return;
  std::vector<std::uint64_t> bare;
  for (const Oid& tree : tips.trees) bare.push_back(tree.prefix64());
  const std::vector<std::uint64_t> targets(wanted.begin(), wanted.end());
  for (const PathUse& use : trace_paths(graph, trees, targets, 0, bare)) gatherer.add_use(use, trees, blobs);
  for (const Oid& blob : tips.blobs) set.uses.push_back({Oid{}, {}, 0100644, blob, {}});
  gatherer.add_boundary();
}

}  // namespace tightship::scan
