#include "scan/attribution.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "detect/detector.h"
#include "detect/member_path.h"
#include "scan/commit_info.h"
#include "scan/message_place.h"
#include "scan/text.h"

namespace tightship::scan {
namespace {

constexpr std::size_t kMaxRefsKept = 10;

using ValueKey = std::pair<std::uint16_t, std::string>;  // rule, secret

// One value at one path, in all the blobs that carried it there.
struct Group {
  std::uint64_t versions = 0;
  git::ObjectPlace shown;         // the blob that is shown: HEAD's, else the first
  CommitIndex since = kNoCommit;  // oldest that brought any of them
  bool in_head = false, partial_path = false;
  std::vector<CommitIndex> brought_by;  // of all of them
};

struct GroupKey {
  ValueId value;
  std::string path;
  ItemKind kind;
  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

struct ValueHistory {
  std::set<CommitIndex> brought_by;
  std::set<std::string> refs;  // of objects that refs name directly: tags, blobs
};

detect::Place place_of(ItemKind kind) {
  return kind == ItemKind::Symlink ? detect::Place::SymlinkTarget : detect::Place::File;
}

std::uint64_t id_of(const git::ObjectStore& store, git::ObjectPlace place) { return store.oid(place).prefix64(); }

}  // namespace

struct Attribution::Impl {
  Impl(const HistoryInput& in, FindingSet& set, Ledger& losses)
      : input(in), findings(set), ledger(losses), scanner(in.rules, in.archives) {
    std::vector<CommitIndex> head, refs, logs;
    for (const Tip& tip : in.tips) {
      if (tip.commit == kNoCommit) continue;
      (tip.reflog ? logs : refs).push_back(tip.commit);
      if (!tip.reflog && tip.name == "HEAD") head.push_back(tip.commit);
    }
    from_head = in.graph.reachable_from(head);
    from_refs = in.graph.reachable_from(refs);
    from_logs = in.graph.reachable_from(logs);
  }

  detect::Reach reach(CommitIndex commit) const {
    if (from_head[commit] != 0) return detect::Reach::Head;
    if (from_refs[commit] != 0) return detect::Reach::Ref;
    return from_logs[commit] != 0 ? detect::Reach::ReflogOnly : detect::Reach::Unreachable;
  }
  detect::Reach reach(const std::vector<CommitIndex>& many) const {
    detect::Reach best = detect::Reach::Unreachable;
    for (const CommitIndex commit : many) best = std::min(best, reach(commit));
    return best;
  }

  std::optional<detect::CommitInfo> describe_commit(CommitIndex index);
  std::vector<std::string> refs_naming(std::uint64_t id) const;
  void add_blobs();
  void group_blob(const ObjectHit& hit, std::map<GroupKey, Group>& groups) const;
  CommitIndex oldest(const std::vector<CommitIndex>& of) const {
    CommitIndex best = kNoCommit;
    for (const CommitIndex commit : of) {
      if (best == kNoCommit || input.graph.older(commit, best)) best = commit;
    }
    return best;
  }
  void show_groups(const std::map<GroupKey, Group>& groups);
  void show_content(git::ObjectPlace place, const std::string& path,
                    const std::vector<const std::pair<const GroupKey, Group>*>& here);
  void add_commit(const ObjectHit& hit, Bytes content);
  void add_tag(const ObjectHit& hit, Bytes content);
  void add_messages();
  void add_names();
  std::vector<Hit> hits_of(const Value& wanted, std::string_view text, std::string_view path);
  void add_path(const PathUse& use);
  bool leave_out_allowed(std::vector<CommitIndex>& brought_by, Bytes content, const std::string& path,
                         const detect::Candidate& candidate) const;
  const Value& value(ValueId id) const { return input.contents.values.values()[id]; }
  ValueHistory& history_of(const Value& v) { return histories[{v.rule, v.secret}]; }
  std::uint16_t rule_number(const detect::Rule* rule) const {
    return static_cast<std::uint16_t>(rule - input.rules.rules().data());
  }

  const HistoryInput& input;
  FindingSet& findings;
  Ledger& ledger;
  ContentScanner scanner;
  std::vector<std::uint8_t> from_head, from_refs, from_logs;
  std::unordered_map<CommitIndex, std::optional<detect::CommitInfo>> commits;
  std::map<ValueKey, ValueHistory> histories;
};

std::optional<detect::CommitInfo> Attribution::Impl::describe_commit(CommitIndex index) {
  const auto [at, is_new] = commits.try_emplace(index);
  if (!is_new) return at->second;
  const git::ObjectPlace place = input.graph.commit(index).place;
  if (const auto object = input.store.read(place)) {
    at->second = commit_info(input.store.oid(place), object->bytes, input.store.hash());
  }
  return at->second;
}

std::vector<std::string> Attribution::Impl::refs_naming(std::uint64_t id) const {
  std::vector<std::string> names;
  for (const Tip& tip : input.tips) {
    if (!tip.reflog && tip.target == id) names.push_back(tip.name);
  }
  return names;
}

void Attribution::Impl::group_blob(const ObjectHit& hit, std::map<GroupKey, Group>& groups) const {
  const std::uint64_t id = id_of(input.store, hit.object);
  auto use = std::lower_bound(input.uses.begin(), input.uses.end(), id,
                              [](const PathUse& u, std::uint64_t wanted) { return u.target < wanted; });
  bool has_path = false;
  for (; use != input.uses.end() && use->target == id; ++use) {
    if (use->kind == ItemKind::NameHit || use->kind == ItemKind::PathHit) continue;
    has_path = true;
    Group& group = groups[{hit.value, use->path, use->kind}];
    ++group.versions;
    const CommitIndex since = use->brought_by.empty() ? kNoCommit : use->brought_by.front();
    const bool older = since != kNoCommit && (group.since == kNoCommit || input.graph.older(since, group.since));
    const bool prefers_head = !input.first_versions;
    if (group.versions == 1 || (prefers_head && use->in_head) || (older && !(prefers_head && group.in_head))) {
      group.shown = hit.object;
    }
    if (older) group.since = since;
    group.in_head |= use->in_head;
    group.partial_path |= use->partial_path;
    group.brought_by.insert(group.brought_by.end(), use->brought_by.begin(), use->brought_by.end());
  }
  if (has_path) return;
  // A blob that no tree names: each stands for itself.
  std::string own_name(1, '\0');
  own_name += input.store.oid(hit.object).hex();
  Group& group = groups[{hit.value, std::move(own_name), ItemKind::File}];
  group.versions = 1;
  group.shown = hit.object;
}

void Attribution::Impl::add_blobs() {
  std::map<GroupKey, Group> groups;
  for (const ObjectHit& hit : input.contents.hits) {
    if (input.store.type(hit.object) == git::ObjectType::Blob) group_blob(hit, groups);
  }
  show_groups(groups);
}

// Reads each (blob, path) once, however many values it carries.
void Attribution::Impl::show_groups(const std::map<GroupKey, Group>& groups) {
  std::map<std::pair<git::ObjectPlace, std::string>, std::vector<const std::pair<const GroupKey, Group>*>> shown;
  for (const auto& entry : groups) {
    const bool orphan = entry.first.path.starts_with('\0');
    shown[{entry.second.shown, orphan ? std::string() : entry.first.path}].push_back(&entry);
  }
  for (const auto& [where, here] : shown) show_content(where.first, where.second, here);
}

void Attribution::Impl::show_content(git::ObjectPlace place, const std::string& path,
                                     const std::vector<const std::pair<const GroupKey, Group>*>& here) {
  const auto object = input.store.read(place);
  if (!object) {
    ledger.add({LossKind::CorruptObject, object.error().what, input.store.oid(place).hex(), "git fsck"});
    return;
  }
  const std::vector<Hit> hits = scanner.scan(object->bytes, path.empty() ? detect::kNoFile : std::string_view(path));
  if (scanner.truncated()) {
    ledger.add({LossKind::LimitExceeded, "more findings than the limit", input.store.oid(place).hex(), {}});
  }
  for (const auto* entry : here) {
    const Value& wanted = value(entry->first.value);
    const Group& group = entry->second;
    for (const Hit& hit : hits) {
      if (hit.rule != wanted.rule || hit.secret != wanted.secret) continue;
      std::vector<CommitIndex> brought_by = group.brought_by;
      CommitIndex since = group.since;
      if (detect::names_commits(input.rules)) {
        if (leave_out_allowed(brought_by, ground_of(hit, object->bytes), detect::member_path(path, hit.member),
                              candidate_of(hit)))
          continue;
        since = oldest(brought_by);
      }
      detect::Occurrence where;
      where.place = place_of(entry->first.kind);
      where.path = path;
      where.object = input.store.oid(place);
      if (since != kNoCommit) where.commit = describe_commit(since);
      where.versions = static_cast<std::uint32_t>(group.versions);
      where.in_head = group.in_head;
      where.reach = reach(brought_by);
      ValueHistory& history = history_of(wanted);
      history.brought_by.insert(brought_by.begin(), brought_by.end());
      for (std::string& name : refs_naming(where.object->prefix64())) {
        history.refs.insert(std::move(name));
        where.reach = std::min(where.reach, detect::Reach::Ref);
      }
      findings.add(hit, std::move(where));
    }
  }
}

// Header lines of a commit or tag end at the first blank line; the message follows.
void Attribution::Impl::add_messages() {
  std::map<git::ObjectPlace, std::vector<ObjectHit>> objects;
  for (const ObjectHit& hit : input.contents.hits) {
    if (input.store.type(hit.object) != git::ObjectType::Blob) objects[hit.object].push_back(hit);
  }
  for (const auto& [place, hits] : objects) {
    const auto object = input.store.read(place);
    if (!object) continue;  // it was read a moment ago; the ledger has it if it is damaged
    for (const ObjectHit& hit : hits) {
      if (object->type == git::ObjectType::Commit) add_commit(hit, object->bytes);
      if (object->type == git::ObjectType::Tag) add_tag(hit, object->bytes);
    }
  }
}

void Attribution::Impl::add_commit(const ObjectHit& found, Bytes content) {
  const Value& wanted = value(found.value);
  const auto index = input.graph.find(id_of(input.store, found.object));
  for (const Hit& hit : scanner.scan(content, detect::kNoFile)) {
    if (hit.rule != wanted.rule || hit.secret != wanted.secret) continue;
    const MessagePlace part = message_place(as_text(content), hit.position.offset, false);
    detect::Occurrence where;
    where.place = part.place;
    where.object = input.store.oid(found.object);
    where.reach = detect::Reach::Unreachable;
    if (index) {
      where.commit = describe_commit(*index);
      where.reach = reach(*index);
      history_of(wanted).brought_by.insert(*index);
    }
    findings.add(moved_to_part(hit, content, part), std::move(where));
  }
}

void Attribution::Impl::add_tag(const ObjectHit& found, Bytes content) {
  const Value& wanted = value(found.value);
  const Oid oid = input.store.oid(found.object);
  for (const Hit& hit : scanner.scan(content, detect::kNoFile)) {
    if (hit.rule != wanted.rule || hit.secret != wanted.secret) continue;
    const MessagePlace part = message_place(as_text(content), hit.position.offset, true);
    detect::Occurrence where;
    where.place = part.place;
    where.object = oid;
    where.reach = detect::Reach::Unreachable;
    for (const auto& [name, tag] : input.tag_refs) {
      if (tag != oid.prefix64()) continue;
      history_of(wanted).refs.insert(name);
      where.path = name;
      where.reach = detect::Reach::Ref;
    }
    findings.add(moved_to_part(hit, content, part), std::move(where));
  }
}

// Files that rules report by their path alone.
void Attribution::Impl::add_path(const PathUse& use) {
  for (const std::uint16_t rule : detect::rules_of_path(input.rules, use.path)) {
    std::vector<CommitIndex> brought_by = use.brought_by;
    const detect::Candidate nothing{.rule = rule};
    if (leave_out_allowed(brought_by, {}, use.path, nothing)) continue;
    detect::Occurrence where;
    where.place = detect::Place::FileName;
    where.path = use.path;
    where.in_head = use.in_head;
    where.reach = reach(brought_by);
    if (!brought_by.empty()) where.commit = describe_commit(brought_by.front());
    const Hit hit = path_hit(rule, use.path);
    histories[{rule, hit.secret}].brought_by.insert(brought_by.begin(), brought_by.end());
    findings.add(hit, std::move(where));
  }
}

// Takes out the commits that an allow list accepts. True when there were some, and none is left.
bool Attribution::Impl::leave_out_allowed(std::vector<CommitIndex>& brought_by, Bytes content, const std::string& path,
                                          const detect::Candidate& candidate) const {
  const auto gone = std::erase_if(brought_by, [&](CommitIndex commit) {
    const Oid id = input.store.oid(input.graph.commit(commit).place);
    return detect::commit_is_allowed(input.rules, content, path, candidate, id.hex());
  });
  return gone > 0 && brought_by.empty();
}

std::vector<Hit> Attribution::Impl::hits_of(const Value& wanted, std::string_view text, std::string_view path) {
  std::vector<Hit> hits = scanner.scan(as_bytes(text), path, Decoding::Off);
  std::erase_if(hits, [&](const Hit& hit) { return hit.rule != wanted.rule || hit.secret != wanted.secret; });
  return hits;
}

void Attribution::Impl::add_names() {
  for (const PathUse& use : input.uses) {
    if (use.kind == ItemKind::PathHit) add_path(use);
    if (use.kind != ItemKind::NameHit) continue;
    const Value& wanted = input.trees.name_values.values()[use.target];
    std::vector<Hit> hits = hits_of(wanted, use.path, use.path);
    if (hits.empty()) {
      if (!hits_of(wanted, use.path, {}).empty()) continue;  // a rule or list of this path speaks against it
      Hit& hit = hits.emplace_back();  // in the path's company the rules see it otherwise than in the tree
      hit.rule = wanted.rule;
      hit.secret = hit.match = wanted.secret;
      const std::uint64_t begin = std::min(use.path.rfind(wanted.secret), use.path.size());
      hit.position = locate(as_bytes(use.path), begin, std::min(begin + wanted.secret.size(), use.path.size()));
    }
    detect::Occurrence where;
    where.place = detect::Place::FileName;
    where.path = use.path;
    where.in_head = use.in_head;
    where.reach = reach(use.brought_by);
    if (!use.brought_by.empty()) where.commit = describe_commit(use.brought_by.front());
    history_of(wanted).brought_by.insert(use.brought_by.begin(), use.brought_by.end());
    findings.add(hits.front(), std::move(where));
  }
}

namespace {

// "origin" of "refs/remotes/origin/main", or an empty view.
std::string_view remote_of(std::string_view ref, const git::Repository& repository) {
  constexpr std::string_view kPrefix = "refs/remotes/";
  if (!ref.starts_with(kPrefix)) return {};
  ref.remove_prefix(kPrefix.size());
  std::string_view best = ref.substr(0, ref.find('/'));
  for (const auto& [key, text] : repository.config) {
    const std::string_view name(key);
    if (!name.starts_with("remote.") || !name.ends_with(".url")) continue;
    const std::string_view remote = name.substr(7, name.size() - 7 - 4);
    const bool fits = ref.starts_with(remote) && ref.size() > remote.size() && ref[remote.size()] == '/';
    if (fits && remote.size() > best.size()) best = remote;
  }
  return best;
}

struct PushKnowledge {
  bool tracks = false;   // there are remote-tracking refs
  bool remotes = false;  // a remote is configured
};

PushKnowledge what_is_known(const HistoryInput& input) {
  PushKnowledge known;
  for (const Tip& tip : input.tips) known.tracks |= tip.name.starts_with("refs/remotes/");
  for (const auto& [key, text] : input.repository.config) {
    known.remotes |= key.starts_with("remote.") && key.ends_with(".url");
  }
  return known;
}

detect::PushState push_state(const detect::Finding& finding, const PushKnowledge& known, bool bare) {
  if (!finding.remotes.empty()) return detect::PushState::Pushed;
  if (known.tracks) return detect::PushState::Never;
  // A bare repository is what others push to, and one without tracking refs cannot say.
  return known.remotes || bare ? detect::PushState::Unknown : detect::PushState::Never;
}

}  // namespace

Attribution::Attribution(const HistoryInput& input, FindingSet& findings, Ledger& ledger)
    : impl_(std::make_unique<Impl>(input, findings, ledger)) {}
Attribution::~Attribution() = default;

void Attribution::add_objects() {
  impl_->add_blobs();
  impl_->add_messages();
  impl_->add_names();
}

// Which refs reach a finding: 64 findings at a time, each with a bit that runs down the graph.
void Attribution::fill_history(std::vector<detect::Finding>& findings) const {
  const HistoryInput& input = impl_->input;
  const PushKnowledge known = what_is_known(input);
  for (std::size_t first = 0; first < findings.size(); first += 64) {
    const std::size_t count = std::min<std::size_t>(64, findings.size() - first);
    std::vector<std::uint64_t> bits(input.graph.size());
    std::vector<std::set<std::string>> refs(count);
    for (std::size_t i = 0; i < count; ++i) {
      detect::Finding& finding = findings[first + i];
      const auto history = impl_->histories.find({impl_->rule_number(finding.rule), finding.secret});
      if (history == impl_->histories.end()) continue;
      refs[i] = history->second.refs;
      for (const CommitIndex commit : history->second.brought_by) bits[commit] |= std::uint64_t{1} << i;
    }
    input.graph.spread_to_descendants(bits);
    for (const Tip& tip : input.tips) {
      if (tip.reflog || tip.commit == kNoCommit || bits[tip.commit] == 0) continue;
      for (std::size_t i = 0; i < count; ++i) {
        if ((bits[tip.commit] >> i & 1) != 0) refs[i].insert(tip.name);
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      detect::Finding& finding = findings[first + i];
      finding.history = true;
      std::set<std::string> remotes;
      for (const std::string& ref : refs[i]) {
        const std::string_view remote = remote_of(ref, input.repository);
        if (!remote.empty()) remotes.emplace(remote);
        if (finding.refs.size() < kMaxRefsKept) finding.refs.push_back(ref);
      }
      finding.ref_count = refs[i].size();
      finding.remotes.assign(remotes.begin(), remotes.end());
      finding.pushed = push_state(finding, known, input.repository.bare);
      for (const detect::Occurrence& occurrence : finding.occurrences) {
        finding.in_head |= occurrence.in_head;
        if (!occurrence.commit) continue;
        if (!finding.since || occurrence.commit->time < finding.since->time) finding.since = occurrence.commit;
      }
    }
  }
}

std::uint64_t Attribution::unreachable_commits() const {
  return static_cast<std::uint64_t>(std::count(impl_->from_refs.begin(), impl_->from_refs.end(), 0));
}

}  // namespace tightship::scan
