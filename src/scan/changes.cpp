#include "scan/changes.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "detect/detector.h"
#include "detect/member_path.h"
#include "git/tree_diff.h"
#include "scan/change_gather.h"
#include "scan/change_set.h"
#include "scan/commit_info.h"
#include "scan/message_place.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

class ChangeScan {
 public:
  ChangeScan(const detect::RuleSet& rules, const git::Repository& repository, const ChangeOptions& options,
             Progress& progress)
      : rules_(rules),
        repository_(repository),
        options_(options),
        progress_(progress),
        objects_(repository, ledger_),
        scanner_(rules, options.archives),
        findings_(rules),
        inherited_(rules) {}

  Result<detect::ScanResult> run(const Changes& changes, ChangeFacts* facts);

 private:
  void scan_contents(const Tips& tips);
  void judge_uses();
  void judge_use(const BlobUse& use);
  bool inherits(const BlobUse& use, const SecretKey& key, bool& from_known);
  const std::vector<SecretKey>& secrets_in(const Oid& blob);
  void scan_messages();
  void scan_names();
  void add_path(const NameUse& name);
  void scan_ref_names(const std::vector<std::string>& names);
  void leave_out_known_blobs();
  std::optional<detect::CommitInfo> describe(const Oid& commit);
  bool is_allowed(const BlobUse& use, Bytes content, const Hit& hit) const;
  bool stands_in_tip(const BlobUse& use, const SecretKey& key);
  void finish(ChangeFacts* facts, double seconds);
  void add_remarks(std::uint64_t inherited);
  void fill_history(std::vector<detect::Finding>& findings) const;

  const detect::RuleSet& rules_;
  const git::Repository& repository_;
  const ChangeOptions& options_;
  Progress& progress_;
  Ledger ledger_;
  git::ObjectReader objects_;
  ContentScanner scanner_;
  FindingSet findings_, inherited_;
  ChangeSet set_;
  BlobSecrets secrets_;
  BlobCounts counts_;
  std::unordered_set<Oid> new_blobs_, known_blobs_;
  std::vector<Oid> tip_trees_;
  std::unordered_map<Oid, std::optional<detect::CommitInfo>> commits_;
  bool whole_store_ = false;
  detect::ScanResult result_;
};

Result<detect::ScanResult> ChangeScan::run(const Changes& changes, ChangeFacts* facts) {
  const auto start = std::chrono::steady_clock::now();
  auto tips = follow_tags(objects_, changes, ledger_);
  if (!tips) return tl::unexpected(tips.error());
  scan_contents(*tips);
  for (const BlobUse& use : set_.uses) new_blobs_.insert(use.blob);
  for (const Oid& commit : tips->commits) {
    const auto object = objects_.share(commit);
    const auto parsed = object ? git::parse_commit((*object)->bytes, objects_.hash()) : Result<git::Commit>{};
    if (object && parsed) tip_trees_.push_back(parsed->tree);
  }
  leave_out_known_blobs();
  judge_uses();
  scan_messages();
  scan_names();
  scan_ref_names(changes.names);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  finish(facts, took.count());
  return std::move(result_);
}

void ChangeScan::scan_contents(const Tips& tips) {
  if (gather_commits(repository_, objects_, tips, set_, ledger_)) {
    // Versions of one file side by side, so that a thread finds their bases in its cache.
    std::vector<const BlobUse*> uses;
    for (const BlobUse& use : set_.uses) uses.push_back(&use);
    std::stable_sort(uses.begin(), uses.end(), [](const BlobUse* a, const BlobUse* b) { return a->path < b->path; });
    std::vector<Oid> blobs;
    std::unordered_set<Oid> seen;
    for (const BlobUse* use : uses) {
      if (seen.insert(use->blob).second) blobs.push_back(use->blob);
    }
    secrets_ = scan_blobs(rules_, repository_, objects_, std::move(blobs), options_, progress_, counts_, ledger_);
    return;
  }
  whole_store_ = true;
  set_ = {};
  gather_by_walk(rules_, repository_, objects_, tips, options_, progress_, set_, secrets_, counts_, ledger_);
}

// A blob with a secret that the known trees have somewhere (a file that was moved or copied) is not new.
void ChangeScan::leave_out_known_blobs() {
  std::unordered_set<Oid> suspects;
  for (const BlobUse& use : set_.uses) {
    if (secrets_.contains(use.blob)) suspects.insert(use.blob);
  }
  if (!suspects.empty()) known_blobs_ = git::find_in_trees(objects_, set_.boundary_trees, suspects);
}

// Of any blob, scanned when it was not yet.
const std::vector<SecretKey>& ChangeScan::secrets_in(const Oid& blob) {
  static const std::vector<SecretKey> kNone;
  if (const auto at = secrets_.find(blob); at != secrets_.end()) return at->second;
  if (whole_store_ || new_blobs_.contains(blob)) return kNone;
  const auto object = objects_.read(blob);
  std::vector<SecretKey> keys;
  if (object) keys = secrets_of(scanner_.scan(object->bytes, {}));
  return secrets_.emplace(blob, std::move(keys)).first->second;
}

// Whether a version that was there before has the secret already; `from_known`: one that is not new.
bool ChangeScan::inherits(const BlobUse& use, const SecretKey& key, bool& from_known) {
  bool has = false;
  for (const Oid& before : use.before) {
    const std::vector<SecretKey>& keys = secrets_in(before);
    if (!std::binary_search(keys.begin(), keys.end(), key)) continue;
    has = true;
    from_known |= !new_blobs_.contains(before) || known_blobs_.contains(before);
  }
  return has;
}

void ChangeScan::judge_uses() {
  for (auto& [blob, keys] : secrets_) std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i < set_.uses.size(); ++i) {
    if (secrets_.contains(set_.uses[i].blob)) judge_use(set_.uses[i]);
  }
}

void ChangeScan::judge_use(const BlobUse& use) {
  const auto object = objects_.read(use.blob);
  if (!object) return;                // it was read a moment ago; the ledger has it
  std::map<SecretKey, int> verdicts;  // 0: brought here, 1: by an earlier new commit, 2: known
  for (const Hit& hit : scanner_.scan(object->bytes, use.path)) {
    const SecretKey key{hit.rule, hit.secret};
    auto verdict = verdicts.find(key);
    if (verdict == verdicts.end()) {
      bool from_known = known_blobs_.contains(use.blob);
      const bool inherited = inherits(use, key, from_known);
      verdict = verdicts.emplace(key, from_known ? 2 : inherited ? 1 : 0).first;
    }
    if (verdict->second == 1 || is_allowed(use, object->bytes, hit)) continue;
    detect::Occurrence where;
    where.place = (use.mode & 0170000) == 0120000 ? detect::Place::SymlinkTarget : detect::Place::File;
    where.path = use.path;
    where.object = use.blob;
    if (!use.commit.is_zero()) where.commit = describe(use.commit);
    where.reach = detect::Reach::Ref;
    where.in_head = stands_in_tip(use, key);
    (verdict->second == 0 ? findings_ : inherited_).add(hit, std::move(where));
  }
}

bool ChangeScan::is_allowed(const BlobUse& use, Bytes content, const Hit& hit) const {
  if (use.commit.is_zero() || !detect::names_commits(rules_)) return false;
  return detect::commit_is_allowed(rules_, ground_of(hit, content), detect::member_path(use.path, hit.member),
                                   candidate_of(hit), use.commit.hex());
}

bool ChangeScan::stands_in_tip(const BlobUse& use, const SecretKey& key) {
  return std::any_of(tip_trees_.begin(), tip_trees_.end(), [&](const Oid& tree) {
    const auto entry = git::find_path(objects_, tree, use.path);
    if (!entry) return false;
    if (entry->oid == use.blob) return true;
    const std::vector<SecretKey>& keys = secrets_in(entry->oid);
    return std::binary_search(keys.begin(), keys.end(), key);
  });
}

std::optional<detect::CommitInfo> ChangeScan::describe(const Oid& id) {
  const auto [at, is_new] = commits_.try_emplace(id);
  if (!is_new) return at->second;
  const auto object = objects_.share(id);
  if (object) at->second = commit_info(id, (*object)->bytes, objects_.hash());
  return at->second;
}

void ChangeScan::scan_messages() {
  for (const Oid& oid : set_.messages) {
    const auto object = objects_.share(oid);
    if (!object) {
      ledger_.add({LossKind::CorruptObject, object.error().what, oid.hex(), "git fsck"});
      continue;
    }
    const Bytes content = (*object)->bytes;
    const bool tag = (*object)->type == git::ObjectType::Tag;
    counts_.bytes += content.size();
    for (const Hit& hit : scanner_.scan(content, detect::kNoFile)) {
      const MessagePlace part = message_place(as_text(content), hit.position.offset, tag);
      detect::Occurrence where;
      where.place = part.place;
      where.object = oid;
      where.reach = detect::Reach::Ref;
      where.in_head = true;
      if (!tag) where.commit = describe(oid);
      if (tag) {
        const auto parsed = git::parse_tag(content, objects_.hash());
        if (parsed) where.path = "refs/tags/" + std::string(parsed->name);
      }
      findings_.add(moved_to_part(hit, content, part), std::move(where));
    }
  }
}

// A folder's name is told at the folder, not again at everything in it.
void ChangeScan::scan_names() {
  for (const NameUse& name : set_.names) {
    const std::size_t slash = name.path.rfind('/');
    const std::size_t own = slash == std::string::npos ? 0 : slash + 1;
    for (const Hit& hit : scanner_.scan(as_bytes(name.path), name.path, Decoding::Off)) {
      if (hit.position.offset + hit.secret.size() <= own) continue;
      detect::Occurrence where;
      where.place = detect::Place::FileName;
      where.path = name.path;
      where.reach = detect::Reach::Ref;
      if (!name.commit.is_zero()) where.commit = describe(name.commit);
      findings_.add(hit, std::move(where));
    }
    add_path(name);
  }
}

void ChangeScan::add_path(const NameUse& name) {
  for (const std::uint16_t rule : detect::rules_of_path(rules_, name.path)) {
    const bool allowed =
        !name.commit.is_zero() && detect::commit_is_allowed(rules_, {}, name.path, {.rule = rule}, name.commit.hex());
    if (allowed) continue;
    detect::Occurrence where;
    where.place = detect::Place::FileName;
    where.path = name.path;
    where.reach = detect::Reach::Ref;
    if (!name.commit.is_zero()) where.commit = describe(name.commit);
    findings_.add(path_hit(rule, name.path), std::move(where));
  }
}

void ChangeScan::scan_ref_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const Hit& hit : scanner_.scan(as_bytes(name), detect::kNoFile)) {
      detect::Occurrence where;
      where.place = detect::Place::RefName;
      where.path = name;
      where.reach = detect::Reach::Ref;
      findings_.add(hit, std::move(where));
    }
  }
}

void ChangeScan::fill_history(std::vector<detect::Finding>& findings) const {
  for (detect::Finding& finding : findings) {
    finding.history = true;
    for (const detect::Occurrence& occurrence : finding.occurrences) {
      finding.in_head |= occurrence.in_head;
      if (!occurrence.commit) continue;
      if (!finding.since || occurrence.commit->time < finding.since->time) finding.since = occurrence.commit;
    }
  }
}

void ChangeScan::add_remarks(std::uint64_t inherited) {
  if (inherited > 0) {
    const std::string many = inherited == 1 ? "1 secret stands" : std::to_string(inherited) + " secrets stand";
    result_.remarks.push_back(
        {detect::Severity::Warning,
         many + " in files that these commits change, but was known before them: not counted here",
         "tightship audit says since when, and how to rotate"});
  }
  if (progress_.cancelled) {
    ledger_.add({LossKind::LimitExceeded, "interrupted: not everything was read", result_.subject, ""});
  }
}

void ChangeScan::finish(ChangeFacts* facts, double seconds) {
  result_.job = detect::ScanResult::Job::Changes;
  result_.subject = repository_.work_tree.empty() ? repository_.git_dir : repository_.work_tree;
  result_.rules_version = rules_.version();
  ledger_.add_many({LossKind::LimitExceeded, "findings over the limit are left out", result_.subject, ""},
                   findings_.left_out());
  result_.findings = findings_.take();
  std::vector<detect::Finding> inherited = inherited_.take();
  const auto brought = [&](const detect::Finding& known) {
    return std::any_of(result_.findings.begin(), result_.findings.end(),
                       [&](const detect::Finding& own) { return own.fingerprint == known.fingerprint; });
  };
  std::erase_if(inherited, [&](const detect::Finding& known) {
    return known.severity == detect::Severity::Note || brought(known);
  });
  fill_history(result_.findings);
  fill_history(inherited);
  add_remarks(inherited.size());
  for (const detect::Finding& finding : result_.findings) {
    if (finding.severity == detect::Severity::Note) ++result_.hidden_notes;
  }
  detect::Coverage& coverage = result_.coverage;
  coverage.commits = set_.commits;
  coverage.tags = set_.tags;
  coverage.blobs = counts_.blobs;
  coverage.bytes = counts_.bytes;
  coverage.seconds = seconds;
  add_archives(counts_.archives, coverage);
  if (counts_.media > 0) coverage.skipped.push_back({"compressed media", counts_.media, counts_.media_bytes});
  if (counts_.promised > 0)
    coverage.skipped.push_back({"kept by the promisor remote, so known to it", counts_.promised, 0});
  result_.losses = ledger_.entries();
  name_archives(set_.uses, result_.losses);
  result_.loss_count = ledger_.total();
  if (facts == nullptr) return;
  facts->commits = set_.commits;
  facts->blobs = counts_.blobs;
  facts->cut_off = set_.cut_off;
  facts->promised = counts_.promised;
  facts->inherited = std::move(inherited);
}

}  // namespace

Result<detect::ScanResult> scan_changes(const detect::RuleSet& rules, const git::Repository& repository,
                                        const Changes& changes, const ChangeOptions& options, Progress& progress,
                                        ChangeFacts* facts) {
  return ChangeScan(rules, repository, options, progress).run(changes, facts);
}

}  // namespace tightship::scan
