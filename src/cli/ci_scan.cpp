#include "cli/ci_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/terminal_text.h"
#include "cli/git_scan.h"
#include "scan/audit.h"

namespace tightship::cli {
namespace {

using detect::Finding;
using detect::ScanResult;

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
  all.coverage.seconds += tree.coverage.seconds;
}

Result<ScanResult> scan_everything(const git::Repository& repository, unsigned threads, const detect::RuleSet& rules,
                                   scan::Progress& progress) {
  scan::AuditOptions audit;
  audit.path = repository.work_tree.empty() ? repository.git_dir : repository.work_tree;
  audit.threads = threads;
  auto all = scan::audit_repository(rules, audit, progress);
  if (!all || repository.work_tree.empty() || progress.cancelled) return all;
  scan::WorktreeOptions files;
  files.paths = {repository.work_tree};
  files.threads = threads;
  auto tree = scan::scan_worktree(rules, files, progress);
  if (!tree) return tree;
  make_relative(*tree, repository.work_tree);
  add_worktree(*all, std::move(*tree));
  return all;
}

Result<ScanResult> run_scan(const ci::Plan& plan, const git::Repository& repository, unsigned threads,
                            const detect::RuleSet& rules, scan::Progress& progress) {
  switch (plan.scan) {
    case ci::Plan::Scan::Range: {
      scan::Changes changes;
      changes.wanted = plan.wanted;
      changes.known = plan.known;
      return scan_commits(repository, changes, plan.range, threads, rules, progress);
    }
    case ci::Plan::Scan::Everything: return scan_everything(repository, threads, rules, progress);
    case ci::Plan::Scan::Nothing: break;
  }
  ScanResult nothing;
  nothing.job = ScanResult::Job::Changes;
  nothing.subject = plan.what + " takes a branch away and";
  nothing.rules_version = rules.version();
  return nothing;
}

}  // namespace

Result<ScanResult> run_plan(const ci::Plan& plan, const git::Repository& repository, unsigned threads,
                            const detect::RuleSet& rules, scan::Progress& progress) {
  auto result = run_scan(plan, repository, threads, rules, progress);
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
