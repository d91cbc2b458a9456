#include "scan/audit.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/file.h"
#include "base/parallel.h"
#include "detect/detector.h"
#include "git/object_store.h"
#include "git/repository.h"
#include "scan/attribution.h"
#include "scan/cache.h"
#include "scan/commit_graph.h"
#include "scan/content_pass.h"
#include "scan/content_scanner.h"
#include "scan/pack_cache.h"
#include "scan/path_history.h"
#include "scan/state_cache.h"
#include "scan/state_key.h"
#include "scan/tree_pass.h"

namespace tightship::scan {
namespace {

constexpr unsigned kMaxTagDepth = 64;  // tags of tags

using TagTargets = std::unordered_map<std::uint64_t, std::uint64_t>;

// One audit, step by step.
class Audit {
 public:
  Audit(const detect::RuleSet& rules, const AuditOptions& options, Progress& progress)
      : rules_(rules), options_(options), progress_(progress), findings_(rules) {
    options_.threads = thread_count(options_.threads);
    // An answer is remembered by its objects, and not what depends on a path or a commit as well.
    const bool by_object = !options_.first_versions && !detect::has_path_rules(rules) && !detect::names_commits(rules);
    if (!options_.verify && !options_.whole_blobs && by_object) cache_ = Cache(options_.cache_folder);
  }

  Result<detect::ScanResult> run();

 private:
  void read_refs();
  std::optional<std::vector<detect::Finding>> remembered();
  std::vector<detect::Finding> scan_everything();
  void remember();
  void verify_packs();
  void find_tips(const ContentPass& contents, const CommitGraph& graph);
  void note_missing(const ContentPass& contents, const TreePass& trees, const CommitGraph& graph);
  void lose_missing(const Oid& oid, const std::string& named_by, std::uint64_t& absent_by_design);
  void scan_texts();
  void scan_config();
  void count(const ContentPass& contents, TreePass& trees, const CommitGraph& graph, std::uint64_t unreachable);
  std::uint64_t nameless(const ContentPass& contents, TreePass& trees) const;
  std::uint64_t duplicates() const;
  void add_remarks();
  void finish(std::vector<detect::Finding> findings, double seconds);

  const detect::RuleSet& rules_;
  AuditOptions options_;
  Progress& progress_;
  Ledger ledger_;
  FindingSet findings_;
  git::Repository repository_;
  git::ObjectStore store_;
  std::vector<git::Ref> refs_;
  std::vector<git::ReflogEntry> reflogs_;
  std::vector<Tip> tips_;
  std::vector<std::pair<std::string, std::uint64_t>> tag_refs_;
  Cache cache_;
  StateKey state_;
  AnswerRecorder recorder_;
  std::vector<Loss> kept_losses_;  // of a remembered answer
  std::uint64_t kept_loss_count_ = 0;
  detect::ScanResult result_;
};

Result<detect::ScanResult> Audit::run() {
  const auto start = std::chrono::steady_clock::now();
  // GIT_DIR and its kin speak of "here"; a path that was given speaks for itself.
  auto repository = git::open_repository(options_.path, options_.path == ".", ledger_);
  if (!repository) return tl::unexpected(repository.error());
  repository_ = std::move(*repository);
  result_.job = detect::ScanResult::Job::Audit;
  result_.subject = repository_.work_tree.empty() ? repository_.git_dir : repository_.work_tree;
  result_.rules_version = rules_.version();
  read_refs();
  // What was lost already may be a matter of this moment: such a state is not looked up, nor stored.
  const bool cached = cache_.on() && ledger_.empty();
  if (cached) state_ = state_key(rules_, options_.archives, repository_, refs_, reflogs_);
  std::optional<std::vector<detect::Finding>> findings = cached ? remembered() : std::nullopt;
  const bool is_new = !findings;
  if (is_new) findings = scan_everything();
  add_remarks();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  finish(std::move(*findings), took.count());
  if (cached && is_new && !progress_.cancelled) remember();
  return std::move(result_);
}

// The answer for exactly this state; nothing when there is none, or it does not hold any more.
std::optional<std::vector<detect::Finding>> Audit::remembered() {
  const auto payload = cache_.load(state_.name, state_.key);
  auto answer = payload ? read_answer(*payload, rules_) : std::nullopt;
  const auto places = answer ? replay_places(*answer, rules_, options_.archives, repository_) : std::nullopt;
  if (!places) return std::nullopt;
  for (const auto& [hit, where] : *places) findings_.add(hit, where);
  scan_texts();
  std::vector<detect::Finding> findings = findings_.take();
  replay_history(*answer, *places, rules_, findings);
  answer->coverage.refs = result_.coverage.refs;
  answer->coverage.reflog_entries = result_.coverage.reflog_entries;
  result_.coverage = std::move(answer->coverage);
  kept_losses_ = std::move(answer->losses);
  kept_loss_count_ = answer->loss_count;
  return findings;
}

// Stored when nothing of the repository changed meanwhile.
void Audit::remember() {
  const auto payload = recorder_.finish(result_, rules_);
  if (payload && state_key(rules_, options_.archives, repository_, refs_, reflogs_).key == state_.key) {
    cache_.store(state_.name, state_.key, *payload);
  }
}

std::vector<detect::Finding> Audit::scan_everything() {
  store_ = git::ObjectStore::open(repository_, options_.threads, ledger_);
  progress_.total = store_.packed_bytes();
  if (options_.verify) verify_packs();

  std::optional<PackCache> packs;
  if (cache_.on() && ledger_.empty()) packs.emplace(cache_, rules_, options_.archives, store_);
  PackCache* const cache = packs ? &*packs : nullptr;
  const ContentPass contents = scan_contents(rules_, store_, options_, progress_, ledger_, cache);
  progress_.findings = contents.values.values().size();
  std::unordered_set<std::uint64_t> wanted;
  for (const ObjectHit& hit : contents.hits) wanted.insert(store_.oid(hit.object).prefix64());
  TreePass trees = scan_trees(rules_, store_, contents.loose_trees, wanted, options_, progress_, ledger_, cache);
  if (cache != nullptr && !progress_.cancelled) cache->write();

  const CommitGraph graph(contents);
  find_tips(contents, graph);
  note_missing(contents, trees, graph);
  std::uint64_t head_tree = 0;
  std::vector<std::uint64_t> bare_trees;
  for (const Tip& tip : tips_) {
    if (tip.name == "HEAD" && !tip.reflog && tip.commit != kNoCommit) head_tree = graph.commit(tip.commit).tree;
    if (tip.commit == kNoCommit) bare_trees.push_back(tip.target);
  }
  const std::vector<std::uint64_t> targets(wanted.begin(), wanted.end());
  const std::vector<PathUse> uses = trace_paths(graph, trees, targets, head_tree, bare_trees);
  const HistoryInput input{
      rules_,           repository_, store_, contents, trees, graph, uses, tips_, tag_refs_, options_.first_versions,
      options_.archives};
  Attribution attribution(input, findings_, ledger_);
  if (cache_.on()) {
    findings_.watch([this](const Hit& hit, const detect::Occurrence& where) { recorder_.note(hit, where); });
  }
  attribution.add_objects();
  findings_.watch({});
  scan_texts();
  ledger_.add_many({LossKind::LimitExceeded, "findings over the limit are left out", result_.subject, ""},
                   findings_.left_out());
  std::vector<detect::Finding> findings = findings_.take();
  attribution.fill_history(findings);
  count(contents, trees, graph, attribution.unreachable_commits());
  return findings;
}

void Audit::read_refs() {
  refs_ = git::read_refs(repository_, ledger_);
  reflogs_ = git::read_reflogs(repository_, ledger_);
  result_.coverage.refs = refs_.size();
  result_.coverage.reflog_entries = reflogs_.size();
}

void Audit::verify_packs() {
  for (const git::OpenPack& open : store_.packs()) {
    if (open.pack.checksum_ok()) continue;
    ledger_.add({LossKind::CorruptPack, "pack does not match its checksum", open.pack.path(), "git fsck"});
  }
}

void Audit::find_tips(const ContentPass& contents, const CommitGraph& graph) {
  TagTargets tags;
  for (const TagRecord& tag : contents.tags) tags.emplace(tag.id, tag.target);
  const auto add = [&](const std::string& name, const Oid& oid, bool reflog) {
    Tip tip{name, oid.prefix64(), kNoCommit, reflog};
    if (!reflog && tags.contains(tip.target)) tag_refs_.emplace_back(name, tip.target);
    for (unsigned depth = 0; depth < kMaxTagDepth; ++depth) {
      const auto tag = tags.find(tip.target);
      if (tag == tags.end()) break;
      tip.target = tag->second;
      if (!reflog && tags.contains(tip.target)) tag_refs_.emplace_back(name, tip.target);
    }
    tip.commit = graph.find(tip.target).value_or(kNoCommit);
    tips_.push_back(std::move(tip));
  };
  for (const git::Ref& ref : refs_) add(ref.name, ref.target, false);
  for (const git::ReflogEntry& entry : reflogs_) {
    for (const Oid* oid : {&entry.from, &entry.to}) {
      if (!oid->is_zero() && store_.find(oid->raw())) add(entry.ref, *oid, true);
    }
  }
}

// An object that something names and that is not here. What a shallow or partial clone leaves out is
// told in one line each, not object by object.
void Audit::lose_missing(const Oid& oid, const std::string& named_by, std::uint64_t& absent_by_design) {
  if (repository_.partial) {
    ++absent_by_design;
    return;
  }
  ledger_.add({LossKind::MissingObject, "object is missing, named by " + named_by, oid.hex(),
               "git fetch, or git fsck --full to see what needs it"});
}

void Audit::note_missing(const ContentPass& contents, const TreePass& trees, const CommitGraph& graph) {
  std::uint64_t promised = 0;
  for (const Oid& oid : trees.missing) lose_missing(oid, "a tree", promised);
  const std::unordered_set<Oid> shallow(repository_.shallow.begin(), repository_.shallow.end());
  std::uint64_t cut = 0;
  std::unordered_set<Oid> told;
  for (const auto& [child, parent] : graph.missing_parents()) {
    if (shallow.contains(store_.oid(graph.commit(child).place))) {
      ++cut;
    } else if (!store_.find(parent.raw()) && told.insert(parent).second) {
      lose_missing(parent, "a commit as its parent", promised);
    }
  }
  for (const CommitRecord& commit : contents.commits) {
    const auto tree = std::lower_bound(trees.trees.begin(), trees.trees.end(), commit.tree,
                                       [](const TreeRecord& t, std::uint64_t id) { return t.id < id; });
    if (tree != trees.trees.end() && tree->id == commit.tree) continue;
    const auto object = store_.read(commit.place);
    const auto parsed = object ? git::parse_commit(object->bytes, store_.hash()) : Result<git::Commit>{};
    if (!object || !parsed || parsed->tree.raw().empty()) continue;
    if (store_.find(parsed->tree.raw())) continue;  // there, and damaged: the ledger has it
    if (told.insert(parsed->tree).second) lose_missing(parsed->tree, "a commit as its tree", promised);
  }
  for (const git::Ref& ref : refs_) {
    if (!ref.target.is_zero() && !store_.find(ref.target.raw()) && told.insert(ref.target).second) {
      lose_missing(ref.target, ref.name, promised);
    }
  }
  if (cut > 0) {
    ledger_.add({LossKind::ShallowHistory,
                 "shallow clone: history is cut off below " + std::to_string(cut) + (cut == 1 ? " parent" : " parents"),
                 repository_.shallow.front().short_hex(), "git fetch --unshallow, then run again"});
  }
  ledger_.add_many(
      {LossKind::PartialClone, "partial clone: " + std::to_string(promised) + " objects are still at the remote",
       repository_.git_dir, "git fetch --refetch --no-filter, then run again"},
      promised);
}

// Ref names, messages of reflogs and the repository's own configuration.
void Audit::scan_texts() {
  ContentScanner scanner(rules_);
  for (const git::Ref& ref : refs_) {
    for (const Hit& hit : scanner.scan(as_bytes(ref.name), detect::kNoFile)) {
      detect::Occurrence where;
      where.place = detect::Place::RefName;
      where.path = ref.name;
      where.reach = detect::Reach::Ref;
      findings_.add(hit, std::move(where));
    }
  }
  for (const git::ReflogEntry& entry : reflogs_) {
    for (const std::string* text : {&entry.message, &entry.identity}) {
      for (Hit& hit : scanner.scan(as_bytes(*text), detect::kNoFile)) {
        hit.position.line = hit.position.end_line = entry.line;
        detect::Occurrence where;
        where.place = detect::Place::Reflog;
        where.path = entry.file;
        where.reach = detect::Reach::ReflogOnly;
        findings_.add(hit, std::move(where));
      }
    }
  }
  scan_config();
}

void Audit::scan_config() {
  constexpr std::uint64_t kMaxConfig = 16 << 20;
  ContentScanner scanner(rules_);
  for (const std::string& path : config_files(repository_)) {
    const auto content = read_file(path, kMaxConfig);
    if (!content) {
      if (content.error().kind != ErrorKind::NotFound) {
        ledger_.add({LossKind::UnreadableFile, content.error().what, path, ""});
      }
      continue;
    }
    const bool own = path.starts_with(repository_.common_dir + '/');
    for (const Hit& hit : scanner.scan(as_bytes(*content), detect::kNoFile)) {
      detect::Occurrence where;
      where.place = detect::Place::GitConfig;
      where.path = own ? path.substr(repository_.common_dir.size() + 1) : path;
      findings_.add(hit, std::move(where));
    }
  }
}

std::uint64_t Audit::duplicates() const {
  std::uint64_t sum = 0;
  for (const git::OpenPack& open : store_.packs()) {
    sum += static_cast<std::uint64_t>(std::count(open.duplicate.begin(), open.duplicate.end(), true));
  }
  return sum;
}

// Trees, blobs and tags that no tree, commit, tag or ref names.
std::uint64_t Audit::nameless(const ContentPass& contents, TreePass& trees) const {
  std::unordered_set<std::uint64_t> named;
  for (const CommitRecord& commit : contents.commits) named.insert(commit.tree);
  for (const TagRecord& tag : contents.tags) named.insert(tag.target);
  for (const Tip& tip : tips_) named.insert(tip.target);
  for (const auto& [ref, tag] : tag_refs_) named.insert(tag);
  std::uint64_t sum = 0;
  const auto is_nameless = [&](git::ObjectPlace place, std::uint8_t bit) {
    return bit == 0 && !named.contains(store_.oid(place).prefix64());
  };
  for (std::uint32_t i = 0; i < store_.packs().size(); ++i) {
    const git::OpenPack& open = store_.packs()[i];
    for (std::uint32_t entry = 0; entry < open.table.size(); ++entry) {
      if (open.table.entries[entry].type == git::ObjectType::Commit) continue;
      if (!open.duplicate.empty() && open.duplicate[entry]) continue;
      if (is_nameless({i, entry}, trees.named[i][entry])) ++sum;
    }
  }
  std::unordered_set<std::uint64_t> loose_commits;
  for (const CommitRecord& commit : contents.commits) {
    if (commit.place.store == git::ObjectPlace::kLoose) loose_commits.insert(commit.id);
  }
  for (std::uint32_t entry = 0; entry < store_.loose().size(); ++entry) {
    if (loose_commits.contains(store_.loose()[entry].oid.prefix64())) continue;
    if (is_nameless({git::ObjectPlace::kLoose, entry}, trees.named.back()[entry])) ++sum;
  }
  return sum;
}

void Audit::count(const ContentPass& contents, TreePass& trees, const CommitGraph& graph, std::uint64_t unreachable) {
  detect::Coverage& coverage = result_.coverage;
  coverage.blobs = contents.blobs;
  coverage.trees = trees.count;
  coverage.commits = graph.size();
  coverage.tags = contents.tags.size();
  coverage.packs = store_.packs().size();
  coverage.loose = store_.loose().size();
  coverage.unreachable = unreachable + nameless(contents, trees);
  coverage.bytes = contents.bytes + trees.bytes;
  coverage.packed_bytes = store_.packed_bytes();
  detect::Skipped media{"compressed media", 0, 0};
  std::string names;
  for (const auto& [name, counted] : contents.media) {
    names += (names.empty() ? " (" : ", ") + std::string(name);
    media.count += counted.count;
    media.bytes += counted.bytes;
  }
  if (media.count > 0) {
    media.reason += names + ")";
    coverage.skipped.push_back(media);
  }
  add_archives(contents.archives, coverage);
  const std::uint64_t seen = contents.objects + trees.count;
  coverage.objects_expected =
      store_.object_count() + ledger_.total(LossKind::MissingObject) + ledger_.total(LossKind::PartialClone);
  coverage.objects = std::min(store_.object_count(), seen - std::min(seen, duplicates()));
}

void Audit::add_remarks() {
  if (repository_.hash == HashKind::Sha256) {
    result_.remarks.push_back(
        {detect::Severity::Note, "object format SHA-256: read by tightship itself, since libgit2 cannot open it", ""});
  }
  if (progress_.cancelled) {
    ledger_.add({LossKind::LimitExceeded, "interrupted: not everything was read", result_.subject, ""});
  }
}

// What to do first: verified before doubtful, public and live before public, public before local.
void Audit::finish(std::vector<detect::Finding> findings, double seconds) {
  const auto urgency = [](const detect::Finding& finding) {
    const bool is_public = finding.pushed == detect::PushState::Pushed;
    return std::tuple(-static_cast<int>(finding.severity), !(is_public && finding.in_head), !is_public,
                      !finding.in_head, finding.since ? finding.since->time : 0, std::string_view(finding.fingerprint));
  };
  std::sort(findings.begin(), findings.end(),
            [&](const detect::Finding& a, const detect::Finding& b) { return urgency(a) < urgency(b); });
  for (const detect::Finding& finding : findings) {
    if (finding.severity == detect::Severity::Note) ++result_.hidden_notes;
  }
  result_.findings = std::move(findings);
  result_.losses = std::move(kept_losses_);
  for (Loss& loss : ledger_.entries()) result_.losses.push_back(std::move(loss));
  result_.loss_count = kept_loss_count_ + ledger_.total();
  result_.coverage.seconds = seconds;
}

}  // namespace

Result<detect::ScanResult> audit_repository(const detect::RuleSet& rules, const AuditOptions& options,
                                            Progress& progress) {
  return Audit(rules, options, progress).run();
}

}  // namespace tightship::scan
