// The staging area against HEAD.

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "detect/detector.h"
#include "git/object_reader.h"
#include "git/tree_diff.h"
#include "scan/change_set.h"
#include "scan/changes.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

bool covers(const std::vector<std::string>& paths, std::string_view path) {
  if (paths.empty()) return true;
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& wanted) {
    std::string_view folder = wanted;
    while (folder.starts_with("./")) folder.remove_prefix(2);
    while (folder.ends_with('/')) folder.remove_suffix(1);
    if (folder.empty() || folder == "." || folder == path) return true;
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
  });
}

// Folder by folder, so that a folder of the index is compared with one tree of HEAD that is read once.
class HeadView {
 public:
  HeadView(git::ObjectReader& objects, std::optional<Oid> root) : objects_(objects) {
    if (root) folders_.emplace("", load(*root));
  }

  // What HEAD has at `path`.
  std::optional<git::PathEntry> find(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string_view folder = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    const Folder* entries = open(folder);
    if (entries == nullptr) return std::nullopt;
    const auto at = entries->find(std::string(slash == std::string_view::npos ? path : path.substr(slash + 1)));
    return at == entries->end() ? std::nullopt : std::optional(at->second);
  }

 private:
  using Folder = std::unordered_map<std::string, git::PathEntry>;

  Folder load(const Oid& tree) {
    Folder folder;
    const auto object = objects_.share(tree);
    if (!object) return folder;
    git::TreeReader reader((*object)->bytes, objects_.hash());
    git::TreeEntry entry;
    while (reader.next(entry)) folder.emplace(entry.name, git::PathEntry{entry.mode, Oid::from_raw(entry.oid)});
    return folder;
  }

  const Folder* open(std::string_view path) {
    if (const auto at = folders_.find(std::string(path)); at != folders_.end()) return &at->second;
    // The nearest folder above that is known, then down again.
    std::size_t end = path.size();
    std::size_t up = end;
    while ((up = path.rfind('/', up == 0 ? 0 : up - 1)) != std::string_view::npos && up > 0) {
      if (folders_.contains(std::string(path.substr(0, up)))) break;
    }
    std::size_t at = up == std::string_view::npos ? 0 : up;
    auto folder = folders_.find(std::string(path.substr(0, at)));
    while (folder != folders_.end() && at < end) {
      const std::size_t begin = at == 0 ? 0 : at + 1;
      const std::size_t next = std::min(path.find('/', begin), end);
      const auto entry = folder->second.find(std::string(path.substr(begin, next - begin)));
      const bool tree = entry != folder->second.end() && (entry->second.mode & 0170000) == 0040000;
      folder = folders_.emplace(path.substr(0, next), tree ? load(entry->second.oid) : Folder{}).first;
      at = next;
    }
    return folder == folders_.end() ? nullptr : &folder->second;
  }

  git::ObjectReader& objects_;
  std::unordered_map<std::string, Folder> folders_;
};

std::optional<Oid> head_tree(const git::Repository& repository, git::ObjectReader& objects, Ledger& ledger) {
  Ledger ignored;  // a broken ref elsewhere does not matter here
  const std::vector<git::Ref> refs = git::read_refs(repository, ignored);
  const auto head = std::find_if(refs.begin(), refs.end(), [](const git::Ref& ref) { return ref.name == "HEAD"; });
  if (head == refs.end()) return std::nullopt;  // before the first commit
  const auto object = objects.read(head->target);
  const auto commit = object ? git::parse_commit(object->bytes, objects.hash()) : Result<git::Commit>{};
  if (!object || !commit) {
    ledger.add({LossKind::MissingObject, "HEAD cannot be read", head->target.hex(), "git fsck"});
    return std::nullopt;
  }
  return commit->tree;
}

class StagedScan {
 public:
  StagedScan(const detect::RuleSet& rules, const git::Repository& repository, const ChangeOptions& options,
             Progress& progress)
      : rules_(rules),
        repository_(repository),
        options_(options),
        progress_(progress),
        objects_(repository, ledger_),
        scanner_(rules, options.archives),
        findings_(rules) {}

  Result<detect::ScanResult> run(const std::vector<std::string>& paths);

 private:
  void collect(const std::vector<git::IndexEntry>& index, const std::vector<std::string>& paths);
  void scan_names();
  void report(const BlobSecrets& secrets);
  void finish(double seconds);

  const detect::RuleSet& rules_;
  const git::Repository& repository_;
  const ChangeOptions& options_;
  Progress& progress_;
  Ledger ledger_;
  git::ObjectReader objects_;
  ContentScanner scanner_;
  FindingSet findings_;
  std::vector<BlobUse> uses_;
  BlobCounts counts_;
  detect::ScanResult result_;
  std::uint64_t inherited_ = 0;
};

void StagedScan::collect(const std::vector<git::IndexEntry>& index, const std::vector<std::string>& paths) {
  HeadView head(objects_, head_tree(repository_, objects_, ledger_));
  for (const git::IndexEntry& entry : index) {
    const std::uint32_t kind = entry.mode & 0170000;
    // Submodules; folders of a sparse index, which are HEAD's; promises to add something later.
    if (kind == 0160000 || kind == 0040000 || entry.intent_to_add || !covers(paths, entry.path)) continue;
    const auto old = head.find(entry.path);
    if (old && old->oid == entry.oid) continue;
    BlobUse use{Oid{}, entry.path, entry.mode, entry.oid, {}};
    if (old && (old->mode & 0170000) != 0040000) use.before.push_back(old->oid);
    uses_.push_back(std::move(use));
  }
}

void StagedScan::scan_names() {
  for (const BlobUse& use : uses_) {
    if (!use.before.empty()) continue;
    for (const Hit& hit : scanner_.scan(as_bytes(use.path), use.path)) {
      detect::Occurrence where;
      where.place = detect::Place::FileName;
      where.path = use.path;
      findings_.add(hit, std::move(where));
    }
    for (const std::uint16_t rule : detect::rules_of_path(rules_, use.path)) {
      detect::Occurrence where;
      where.place = detect::Place::FileName;
      where.path = use.path;
      findings_.add(path_hit(rule, use.path), std::move(where));
    }
  }
}

void StagedScan::report(const BlobSecrets& secrets) {
  for (const BlobUse& use : uses_) {
    if (!secrets.contains(use.blob)) continue;
    const auto object = objects_.read(use.blob);
    if (!object) continue;
    std::vector<SecretKey> before;
    for (const Oid& blob : use.before) {
      if (const auto old = objects_.read(blob)) before = secrets_of(scanner_.scan(old->bytes, {}));
    }
    for (const Hit& hit : scanner_.scan(object->bytes, use.path)) {
      if (std::binary_search(before.begin(), before.end(), SecretKey{hit.rule, hit.secret})) {
        ++inherited_;
        continue;
      }
      detect::Occurrence where;
      where.place = (use.mode & 0170000) == 0120000 ? detect::Place::SymlinkTarget : detect::Place::File;
      where.path = use.path;
      where.object = use.blob;
      findings_.add(hit, std::move(where));
    }
  }
}

void StagedScan::finish(double seconds) {
  result_.job = detect::ScanResult::Job::Staged;
  result_.subject = repository_.work_tree.empty() ? repository_.git_dir : repository_.work_tree;
  result_.rules_version = rules_.version();
  result_.findings = findings_.take();
  if (inherited_ > 0) {
    result_.remarks.push_back({detect::Severity::Warning,
                               std::to_string(inherited_) + " in staged files stood in HEAD before: not counted here",
                               "tightship audit says since when, and how to rotate"});
  }
  for (const detect::Finding& finding : result_.findings) {
    if (finding.severity == detect::Severity::Note) ++result_.hidden_notes;
  }
  result_.coverage.files = uses_.size();
  result_.coverage.blobs = counts_.blobs;
  result_.coverage.bytes = counts_.bytes;
  result_.coverage.seconds = seconds;
  add_archives(counts_.archives, result_.coverage);
  if (counts_.media > 0) result_.coverage.skipped.push_back({"compressed media", counts_.media, counts_.media_bytes});
  result_.losses = ledger_.entries();
  name_archives(uses_, result_.losses);
  result_.loss_count = ledger_.total();
}

Result<detect::ScanResult> StagedScan::run(const std::vector<std::string>& paths) {
  const auto start = std::chrono::steady_clock::now();
  const auto index = git::read_index(repository_);
  if (!index) return tl::unexpected(index.error());
  collect(*index, paths);
  std::vector<Oid> blobs;
  std::unordered_set<Oid> seen;
  for (const BlobUse& use : uses_) {
    if (seen.insert(use.blob).second) blobs.push_back(use.blob);
  }
  report(scan_blobs(rules_, repository_, objects_, std::move(blobs), options_, progress_, counts_, ledger_));
  scan_names();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  finish(took.count());
  return std::move(result_);
}

}  // namespace

Result<detect::ScanResult> scan_staged(const detect::RuleSet& rules, const git::Repository& repository,
                                       const std::vector<std::string>& paths, const ChangeOptions& options,
                                       Progress& progress) {
  return StagedScan(rules, repository, options, progress).run(paths);
}

}  // namespace tightship::scan
