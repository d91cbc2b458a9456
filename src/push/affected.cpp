#include "push/affected.h"

#include <algorithm>
#include <unordered_set>

#include "scan/change_gather.h"

namespace tightship::push {
namespace {

using detect::Place;

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/";

std::string after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::string(text.substr(prefix.size())) : std::string();
}

void add_occurrence(const detect::Finding& finding, const detect::Occurrence& where, Affected& out) {
  if (where.place == Place::TagMessage || where.place == Place::Tagger)
    out.tag_messages.insert(after(where.path, kTags));
  if (where.place == Place::RefName) out.bad_names.insert(where.path);
  if (!where.commit) {
    if (where.place == Place::File && where.object) out.loose_blobs.insert(where.object->hex());
    return;
  }
  BadCommit& commit = out.commits[where.commit->id];
  commit.ids.insert(finding.fingerprint);
  if (!where.member.empty()) {
    commit.archives.insert(where.path);
    out.gone_in_tip |= !where.in_head;
    return;
  }
  switch (where.place) {
    case Place::File:
    case Place::SymlinkTarget:
      commit.files.insert(where.path);
      out.gone_in_tip |= !where.in_head;
      break;
    case Place::FileName: commit.names.insert(where.path); break;
    case Place::CommitMessage: commit.message = true; break;
    case Place::Author:
    case Place::Committer: commit.author = true; break;
    default: break;
  }
}

const git::Ref* find_ref(const std::vector<git::Ref>& refs, std::string_view name) {
  const auto at = std::find_if(refs.begin(), refs.end(), [&](const git::Ref& ref) { return ref.name == name; });
  return at == refs.end() ? nullptr : &*at;
}

// Whether the remote has commits at that ref that the push would drop.
bool drops_commits(const PushContext& push, git::ObjectReader& objects, const scan::RefUpdate& update, const Oid& tip) {
  if (update.remote.is_zero() || !update.remote_ref.starts_with(kHeads)) return false;
  if (!objects.contains(update.remote)) return true;
  Ledger ignored;
  const auto walk =
      git::walk_new_commits(push.repository, objects, {update.remote}, {tip}, scan::kMaxSingleCommits, ignored);
  return walk.over_limit || !walk.commits.empty();
}

void name_ref(const PushContext& push, BadRef& ref) {
  const git::Ref* head = find_ref(push.refs, "HEAD");
  std::string local = ref.update->local_ref;
  if (local == "HEAD" && head != nullptr && !head->symbolic.empty()) local = head->symbolic;
  ref.branch = after(local, kHeads);
  ref.tag = after(local, kTags);
  const bool detached = head != nullptr && head->symbolic.empty() && head->target == ref.update->local;
  ref.current = (head != nullptr && head->symbolic == local && !ref.branch.empty()) ||
                (ref.branch.empty() && ref.tag.empty() && detached);
}

void list_commits(const PushContext& push, git::ObjectReader& objects, const scan::Tips& tips, const Affected& affected,
                  BadRef& ref) {
  Ledger ignored;
  auto walk =
      git::walk_new_commits(push.repository, objects, tips.commits, tips.known, scan::kMaxSingleCommits, ignored);
  ref.over_limit = walk.over_limit;
  ref.commits = std::move(walk.commits);
  std::unordered_set<Oid> above;  // bad ones, and what stands on them
  std::set<Oid> boundary;
  for (const git::NewCommit& commit : ref.commits) {
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
      if (commit.parent_known[i]) boundary.insert(commit.parents[i]);
    }
    const bool bad = affected.commits.contains(commit.id);
    if (bad) ref.bad.push_back(commit.id);
    const bool on_bad = bad || std::any_of(commit.parents.begin(), commit.parents.end(),
                                           [&](const Oid& parent) { return above.contains(parent); });
    if (on_bad) above.insert(commit.id);
    ref.merge_above |= on_bad && commit.parents.size() > 1;
  }
  // A side branch that is not below a bad commit is rebased away by a straight rebase all the same.
  if (!ref.bad.empty()) {
    bool seen = false;
    for (const git::NewCommit& commit : ref.commits) {
      seen |= commit.id == ref.bad.front();
      ref.merge_above |= seen && commit.parents.size() > 1;
    }
  }
  ref.boundary.assign(boundary.begin(), boundary.end());
}

}  // namespace

Affected find_affected(const PushContext& push, git::ObjectReader& objects,
                       const std::vector<const detect::Finding*>& findings) {
  Affected affected;
  for (const detect::Finding* finding : findings) {
    for (const detect::Occurrence& where : finding->occurrences) add_occurrence(*finding, where, affected);
  }
  Ledger ignored;
  for (const scan::RefUpdate& update : push.updates) {
    if (update.local.is_zero()) continue;
    const auto tips = scan::follow_tags(objects, {{update.local}, push.known, {}}, ignored);
    if (!tips) continue;
    BadRef ref;
    ref.update = &update;
    name_ref(push, ref);
    list_commits(push, objects, *tips, affected, ref);
    const bool named = affected.bad_names.contains(update.remote_ref);
    const bool tagged = !ref.tag.empty() && affected.tag_messages.contains(ref.tag);
    if (ref.bad.empty() && !ref.over_limit && !named && !tagged) continue;
    ref.forced = !tips->commits.empty() && drops_commits(push, objects, update, tips->commits.front());
    affected.refs.push_back(std::move(ref));
  }
  return affected;
}

}  // namespace tightship::push
