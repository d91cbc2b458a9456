#include "cli/ci_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/terminal_text.h"
#include "cli/git_scan.h"
#include "git/object.h"
#include "git/object_reader.h"
#include "git/tree_diff.h"
#include "scan/audit.h"

namespace tightship::cli {
namespace {

using detect::Finding;
using detect::ScanResult;

constexpr int kMaxTags = 16;  // tags of tags

void make_relative(ScanResult& result, const std::string& root) {
  const std::string prefix = root.ends_with('/') ? root : root + "/";
  for (Finding& finding : result.findings) {
    for (detect::Occurrence& occurrence : finding.occurrences) {
      if (occurrence.path.starts_with(prefix)) occurrence.path.erase(0, prefix.size());
    }
  }
}

// Adds what only the work tree has: generated files, files that git-lfs fetched.
void add_worktree(ScanResult& all, ScanResult tree) {
  std::unordered_map<std::string, const Finding*> known;
  for (const Finding& finding : all.findings) known.emplace(finding.fingerprint, &finding);
  std::vector<Finding> added;
  for (Finding& finding : tree.findings) {
    if (!known.contains(finding.fingerprint)) added.push_back(std::move(finding));
  }
  for (Finding& finding : added) {
    if (finding.severity == detect::Severity::Note) ++all.hidden_notes;
    all.findings.push_back(std::move(finding));
  }
  std::stable_sort(all.findings.begin(), all.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  all.losses.insert(all.losses.end(), tree.losses.begin(), tree.losses.end());
  if (all.losses.size() > Ledger::kMaxEntries) all.losses.resize(Ledger::kMaxEntries);
  all.loss_count += tree.loss_count;
  all.coverage.files += tree.coverage.files;
  all.coverage.bytes += tree.coverage.bytes;
  all.coverage.archives += tree.coverage.archives;
  all.coverage.archive_members += tree.coverage.archive_members;
  all.coverage.archive_bytes += tree.coverage.archive_bytes;
  all.coverage.seconds += tree.coverage.seconds;
}

Result<ScanResult> scan_everything(const git::Repository& repository, const scan::ChangeOptions& options,
                                   const detect::RuleSet& rules, scan::Progress& progress) {
  scan::AuditOptions audit;
  audit.path = repository.work_tree.empty() ? repository.git_dir : repository.work_tree;
  audit.threads = options.threads;
  audit.cache_folder = options.cache_folder;
  audit.archives = options.archives;
  auto all = scan::audit_repository(rules, audit, progress);
  if (!all || repository.work_tree.empty() || progress.cancelled) return all;
  scan::WorktreeOptions files;
  files.paths = {repository.work_tree};
  files.threads = options.threads;
  files.archives = options.archives;
  auto tree = scan::scan_worktree(rules, files, progress);
  if (!tree) return tree;
  make_relative(*tree, repository.work_tree);
  add_worktree(*all, std::move(*tree));
  return all;
}

// Files that decide what is reported.
bool decides(std::string_view path) {
  for (const std::string_view name : {".tightship/allow.toml", ".tightship/rules.toml", ".gitleaksignore"}) {
    if (path == name || (path.ends_with(name) && path[path.size() - name.size() - 1] == '/')) return true;
  }
  return false;
}

std::optional<Oid> tree_of(git::ObjectReader& objects, Oid id) {
  for (int depth = 0; depth < kMaxTags; ++depth) {
    const auto object = objects.share(id);
    if (!object) return std::nullopt;
    if ((*object)->type == git::ObjectType::Commit) {
      const auto commit = git::parse_commit((*object)->bytes, objects.hash());
      return commit ? std::optional<Oid>(commit->tree) : std::nullopt;
    }
    const auto tag = git::parse_tag((*object)->bytes, objects.hash());
    if ((*object)->type != git::ObjectType::Tag || !tag) return std::nullopt;
    id = tag->target;
  }
  return std::nullopt;
}

// Commits that bring a secret may bring the line that allows it: whoever reviews them must know.
void tell_new_decisions(const ci::Plan& plan, const git::Repository& repository, ScanResult& result) {
  Ledger unused;
  git::ObjectReader objects(repository, unused);
  std::vector<Oid> known;
  for (const Oid& id : plan.known) {
    if (const auto tree = tree_of(objects, id)) known.push_back(*tree);
  }
  for (const Oid& id : plan.wanted) {
    const auto tree = tree_of(objects, id);
    if (!tree) continue;
    const auto see = [&](const git::TreeChange& change) {
      if (change.is_tree() || !decides(change.path)) return;
      result.remarks.push_back(
          {detect::Severity::Warning,
           fmt::format("{} is not as it was before these commits: review what it allows", change.path),
           "tightship ci --no-repo-config scans without it"});
    };
    git::diff_trees(objects, *tree, known, repository.partial, see, unused);
  }
}

Result<ScanResult> run_scan(const ci::Plan& plan, const git::Repository& repository, const scan::ChangeOptions& options,
                            const detect::RuleSet& rules, scan::Progress& progress) {
  switch (plan.scan) {
    case ci::Plan::Scan::Range: {
      scan::Changes changes;
      changes.wanted = plan.wanted;
      changes.known = plan.known;
      auto result = scan_commits(repository, changes, plan.range, options, rules, progress);
      if (result) tell_new_decisions(plan, repository, *result);
      return result;
    }
    case ci::Plan::Scan::Everything: return scan_everything(repository, options, rules, progress);
    case ci::Plan::Scan::Nothing: break;
  }
  ScanResult nothing;
  nothing.job = ScanResult::Job::Changes;
  nothing.subject = plan.what + " takes a branch away and";
  nothing.rules_version = rules.version();
  return nothing;
}

}  // namespace

Result<ScanResult> run_plan(const ci::Plan& plan, const git::Repository& repository, const scan::ChangeOptions& options,
                            const detect::RuleSet& rules, scan::Progress& progress) {
  auto result = run_scan(plan, repository, options, rules, progress);
  if (!result) return result;
  result->losses.insert(result->losses.begin(), plan.losses.begin(), plan.losses.end());
  result->loss_count += plan.losses.size();
  return result;
}

std::string plan_text(const ci::Plan& plan) {
  std::string_view what = "everything that is here";
  if (plan.scan == ci::Plan::Scan::Range) what = plan.range;
  if (plan.scan == ci::Plan::Scan::Nothing) what = "nothing: a branch was deleted";
  return fmt::format("{}, {}: {}\n", ci::provider_name(plan.provider), terminal_text(plan.what), terminal_text(what));
}

}  // namespace tightship::cli
