#include "push/plan.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "push/affected.h"
#include "push/work_state.h"

namespace tightship::push {
namespace {

constexpr std::size_t kMaxStops = 3;     // of one rebase: more is a nuisance
constexpr std::size_t kMaxExcluded = 8;  // known commits named in a command
constexpr std::string_view kEditNote = "take the secret out: read it from the environment";

FixStep run(std::string command, std::string note = {}) {
  return {FixStep::Kind::Run, std::move(command), std::move(note)};
}

// Taking bytes out of an archive would damage it.
FixStep pack_anew(const std::string& archive) {
  return {FixStep::Kind::Edit, "pack " + shell_quoted(archive) + " again without the secret",
          fmt::format("or take it out of git instead: git rm --cached {} && git commit --amend --no-edit",
                      shell_quoted(archive))};
}

FixStep edit(const std::string& file) {
  return {FixStep::Kind::Edit, "edit " + shell_quoted(file), std::string(kEditNote)};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> quoted(const std::set<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) out.push_back(shell_quoted(word));
  return out;
}

class Planner {
 public:
  Planner(const PushContext& push, git::ObjectReader& objects, const Affected& affected)
      : push_(push), objects_(objects), affected_(affected) {}

  FixPlan plan();

 private:
  FixWay choose(std::string& why) const;
  void amend(const BadRef& ref);
  void rebase(const BadRef& ref);
  void filter();
  void keep_copies(const std::set<std::string>& archives);
  void mend_commit(const BadCommit& commit);
  void mend_tags();
  void mend_names();
  void push_again();
  std::string ref_spec(const scan::RefUpdate& update) const;
  void switch_to(const BadRef& ref);
  const BadCommit& bad(const Oid& commit) const { return affected_.commits.at(commit); }

  const PushContext& push_;
  git::ObjectReader& objects_;
  const Affected& affected_;
  FixPlan plan_;
  bool switched_ = false;
  std::map<std::string, std::string> renamed_;  // refs
};

// The refs whose commits have to change.
std::vector<const BadRef*> refs_with_commits(const Affected& affected) {
  std::vector<const BadRef*> refs;
  for (const BadRef& ref : affected.refs) {
    if (!ref.bad.empty() || ref.over_limit) refs.push_back(&ref);
  }
  return refs;
}

FixWay Planner::choose(std::string& why) const {
  const std::vector<const BadRef*> refs = refs_with_commits(affected_);
  if (refs.empty()) return FixWay::None;
  const auto say = [&](const char* reason) {
    why = reason;
    return FixWay::Filter;
  };
  if (refs.size() > 1) return say("several refs of this push hold the same commits");
  const BadRef& ref = *refs.front();
  if (ref.over_limit) return say("the push is large");
  if (ref.branch.empty() && !ref.current) return say("it is no branch that can be rebased");
  if (ref.bad.size() == 1 && ref.bad.front() == ref.update->local) return FixWay::Amend;
  if (ref.merge_above) return say("there are merges on top, which a rebase would do anew");
  if (affected_.gone_in_tip)
    return say("later commits have taken it out again, and a rebase would end in conflicts there");
  if (ref.bad.size() > kMaxStops) return say("many commits bring secrets");
  return FixWay::Rebase;
}

void Planner::switch_to(const BadRef& ref) {
  if (ref.current || ref.branch.empty()) return;
  plan_.steps.push_back(run("git switch " + shell_quoted(ref.branch)));
  switched_ = true;
}

// What to do in a work tree that stands at `commit`.
void Planner::mend_commit(const BadCommit& commit) {
  bool only_edits = commit.names.empty();
  std::set<std::string> edited;
  for (const std::string& file : commit.files) {
    if (is_secret_file(file)) {
      only_edits = false;
      plan_.steps.push_back(run("git rm -q --cached " + shell_quoted(file), "stays on your disk, leaves git"));
      if (!plainly_ignored(push_.repository, file)) {
        plan_.steps.push_back(run("echo " + shell_quoted(file) + " >> .gitignore && git add .gitignore"));
      }
    } else {
      plan_.steps.push_back(edit(file));
      edited.insert(file);
    }
  }
  for (const std::string& archive : commit.archives) {
    plan_.steps.push_back(pack_anew(archive));
    edited.insert(archive);
  }
  for (const std::string& name : commit.names) {
    const std::size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
    plan_.steps.push_back(
        run("git mv " + shell_quoted(name) + " " + shell_quoted(folder + "renamed"), "or another name"));
  }
  if (!only_edits && !edited.empty()) plan_.steps.push_back(run("git add " + joined(quoted(edited))));
  if (commit.author) {
    plan_.steps.push_back(
        run("git commit --amend --no-edit --reset-author", "when user.name and user.email are right again"));
  }
  std::string command = "git commit --amend";
  if (!commit.message) command += " --no-edit";
  if (only_edits && !edited.empty()) command += " " + joined(quoted(edited));
  if (commit.author && !commit.message && edited.empty() && commit.names.empty()) return;
  plan_.steps.push_back(run(std::move(command), commit.message ? "take it out of the message" : ""));
}

void Planner::amend(const BadRef& ref) {
  switch_to(ref);
  mend_commit(bad(ref.bad.front()));
}

void Planner::rebase(const BadRef& ref) {
  switch_to(ref);
  std::string script, marks;
  for (const Oid& oid : ref.bad) {
    const BadCommit& commit = bad(oid);
    const bool reword = commit.only_message();
    script += fmt::format(" -e 's/^pick {0}/{1} {0}/'", oid.short_hex(), reword ? "reword" : "edit");
  }
  const auto lowest = std::find_if(ref.commits.begin(), ref.commits.end(),
                                   [&](const git::NewCommit& commit) { return commit.id == ref.bad.front(); });
  const bool root = lowest != ref.commits.end() && lowest->parents.empty();
  const std::string from = root ? "--root" : ref.bad.front().short_hex() + "~1";
  plan_.steps.push_back(
      run(fmt::format("GIT_SEQUENCE_EDITOR=\"sed -i.bak{}\" git rebase -i --autostash {}", script, from),
          ref.bad.size() == 1 ? "stops at that commit" : "stops at each of those commits"));
  for (const Oid& oid : ref.bad) {
    const BadCommit& commit = bad(oid);
    if (commit.only_message()) continue;
    mend_commit(commit);
    plan_.steps.push_back(run("git rebase --continue"));
  }
}

// filter-branch leaves the work tree without what it took out.
void Planner::keep_copies(const std::set<std::string>& archives) {
  for (const std::string& archive : archives) {
    struct ::stat status {};
    if (::lstat((push_.repository.work_tree + "/" + archive).c_str(), &status) != 0) continue;
    const std::string copy = archive + ".kept";
    plan_.steps.push_back(run("cp -p -- " + shell_quoted(archive) + " " + shell_quoted(copy),
                              "a copy to pack again without the secret; do not commit it"));
  }
}

void Planner::filter() {
  const std::vector<const BadRef*> refs = refs_with_commits(affected_);
  std::set<std::string> ids, files, archives, excluded;
  bool message = false, other = false;
  for (const auto& [oid, commit] : affected_.commits) {
    ids.insert(commit.ids.begin(), commit.ids.end());
    files.insert(commit.files.begin(), commit.files.end());
    archives.insert(commit.archives.begin(), commit.archives.end());
    message |= commit.message;
    other |= commit.author || !commit.names.empty();
  }
  if (other) {
    plan_.way = FixWay::None;
    plan_.why =
        "a name is the secret, in commits that cannot simply be amended: make the branch anew from a clean commit";
    return;
  }
  std::string redact = "tightship redact";
  for (const std::string& id : ids) redact += " --id " + id;
  std::string command = "FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f";
  std::string on_tree = files.empty() ? std::string() : redact + " -- " + joined(quoted(files));
  if (!archives.empty()) on_tree += (on_tree.empty() ? "rm -f -- " : " && rm -f -- ") + joined(quoted(archives));
  if (!on_tree.empty()) command += " --tree-filter " + shell_quoted(on_tree);
  if (message) command += " --msg-filter " + shell_quoted(redact + " --stdin");
  std::vector<std::string> names, backups;
  bool tags = false;
  for (const BadRef* ref : refs) {
    const std::string name = !ref->branch.empty() ? ref->branch : !ref->tag.empty() ? ref->tag : ref->update->local_ref;
    const std::string full = !ref->branch.empty() ? "refs/heads/" + ref->branch
                             : !ref->tag.empty()  ? "refs/tags/" + ref->tag
                                                  : name;
    tags |= !ref->tag.empty();
    names.push_back(shell_quoted(name));
    if (full.starts_with("refs/")) backups.push_back(shell_quoted("refs/original/" + full));
    for (const Oid& known : ref->boundary) excluded.insert("^" + known.short_hex());
  }
  if (tags) command += " --tag-name-filter cat";
  command += " -- " + joined(names);
  if (excluded.size() > kMaxExcluded)
    command += " --not --remotes=" + shell_quoted(push_.remote);
  else if (!excluded.empty())
    command += " " + joined({excluded.begin(), excluded.end()});
  const bool dirty = has_uncommitted_changes(push_.repository, objects_);
  if (dirty) plan_.steps.push_back(run("git stash"));
  keep_copies(archives);
  plan_.steps.push_back(
      run(std::move(command),
          archives.empty()
              ? "puts REMOVED in its place in every commit, nothing else changes"
              : "takes the archive out of every commit; what is no archive gets REMOVED in the secret's place"));
  for (const std::string& backup : backups)
    plan_.steps.push_back(run("git update-ref -d " + backup, "the backup it keeps"));
  if (dirty) plan_.steps.push_back(run("git stash pop"));
}

void Planner::mend_tags() {
  for (const BadRef& ref : affected_.refs) {
    if (ref.tag.empty() || !affected_.tag_messages.contains(ref.tag)) continue;
    const std::string name = shell_quoted(ref.tag);
    plan_.steps.push_back(
        run("git tag -f -a " + name + " " + shell_quoted(ref.tag + "^{}"), "take it out of the message"));
  }
}

void Planner::mend_names() {
  for (const BadRef& ref : affected_.refs) {
    const std::string& name = ref.update->remote_ref;
    if (!affected_.bad_names.contains(name)) continue;
    if (!ref.branch.empty() && name == "refs/heads/" + ref.branch) {
      plan_.steps.push_back(run("git branch -m " + shell_quoted(ref.branch) + " renamed", "or another name"));
      renamed_[name] = "renamed";
    } else if (!ref.tag.empty()) {
      plan_.steps.push_back(run("git tag renamed " + shell_quoted(ref.tag) + " && git tag -d " + shell_quoted(ref.tag),
                                "or another name"));
      renamed_[name] = "renamed";
    } else {
      renamed_[name] = shell_quoted(ref.update->local_ref) + ":refs/heads/renamed";
    }
  }
}

std::string Planner::ref_spec(const scan::RefUpdate& update) const {
  if (const auto at = renamed_.find(update.remote_ref); at != renamed_.end()) return at->second;
  for (const std::string_view prefix : {"refs/heads/", "refs/tags/"}) {
    if (!update.remote_ref.starts_with(prefix)) continue;
    const bool same = update.local_ref == update.remote_ref;
    if (same) return shell_quoted(std::string_view(update.remote_ref).substr(prefix.size()));
  }
  if (update.local.is_zero()) return shell_quoted(":" + update.remote_ref);
  return shell_quoted(update.local_ref + ":" + update.remote_ref);
}

void Planner::push_again() {
  bool forced = false;
  for (const BadRef& ref : affected_.refs) forced |= ref.forced;
  std::string command = std::string("git push ") + (forced ? "--force-with-lease " : "") + shell_quoted(push_.remote);
  for (const scan::RefUpdate& update : push_.updates) command += " " + ref_spec(update);
  plan_.steps.push_back(run(std::move(command)));
  if (switched_) plan_.steps.push_back(run("git switch -"));
}

FixPlan Planner::plan() {
  plan_.bad_commits = affected_.commits.size();
  plan_.way = choose(plan_.why);
  const std::vector<const BadRef*> refs = refs_with_commits(affected_);
  if (plan_.way == FixWay::Amend) amend(*refs.front());
  if (plan_.way == FixWay::Rebase) rebase(*refs.front());
  if (plan_.way == FixWay::Filter) filter();
  if (!affected_.loose_blobs.empty()) {
    plan_.why = "a tag names the content itself: delete that tag, and make it anew on clean content";
    plan_.steps.clear();
    return std::move(plan_);
  }
  mend_tags();
  mend_names();
  if (!plan_.steps.empty()) push_again();
  return std::move(plan_);
}

// "only in 8c1d2e3 "wire up billing", 1 commit below main"
std::string seen_text(const detect::Finding& finding, const Affected& affected) {
  if (!finding.since) return {};
  const Oid& id = finding.since->id;
  std::set<Oid> commits;
  for (const detect::Occurrence& where : finding.occurrences) {
    if (where.commit) commits.insert(where.commit->id);
  }
  std::string text = commits.size() == 1 ? "only in " : fmt::format("in {} commits, first in ", commits.size());
  text += id.short_hex() + " \"" + finding.since->subject + "\"";
  for (const BadRef& ref : affected.refs) {
    const std::string& name = !ref.branch.empty() ? ref.branch : ref.tag;
    if (name.empty()) continue;
    for (std::size_t i = 0; i < ref.commits.size(); ++i) {
      if (ref.commits[i].id != id) continue;
      const std::size_t below = ref.commits.size() - 1 - i;
      if (below == 0) return text + ", the tip of " + name;
      return text + fmt::format(", {} commit{} below the tip of {}", below, below == 1 ? "" : "s", name);
    }
  }
  return text;
}

}  // namespace

std::string_view fix_way_name(FixWay way) {
  switch (way) {
    case FixWay::Amend: return "amend";
    case FixWay::Rebase: return "rebase";
    case FixWay::Filter: return "filter";
    case FixWay::None: break;
  }
  return "none";
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  const bool option = text.starts_with('-');
  if (!text.empty() && !option && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return (option ? "./" : "") + out + "'";
}

FixPlan plan_fix(const PushContext& push, git::ObjectReader& objects,
                 const std::vector<const detect::Finding*>& findings) {
  const Affected affected = find_affected(push, objects, findings);
  FixPlan plan = Planner(push, objects, affected).plan();
  for (const detect::Finding* finding : findings) plan.seen[finding->fingerprint] = seen_text(*finding, affected);
  return plan;
}

}  // namespace tightship::push
