#include "cli/git_scan.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/ledger.h"
#include "cli/tip_lines.h"
#include "git/object_reader.h"
#include "git/revision.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

// `path` below the root of the work tree, separated by '/', empty for the root itself.
Result<std::string> path_in_tree(const git::Repository& repository, const std::string& path) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(repository.work_tree, error);
  // Not the file itself: a symbolic link is staged as what it is.
  const fs::path typed = fs::absolute(path, error).lexically_normal();
  const fs::path folder = fs::weakly_canonical(typed.has_filename() ? typed.parent_path() : typed, error);
  const fs::path inside = (typed.has_filename() ? folder / typed.filename() : folder).lexically_relative(root);
  if (inside.empty() || *inside.begin() == "..") {
    return fail(ErrorKind::Usage, "is outside of the work tree", path, "name a path in " + repository.work_tree);
  }
  return inside == "." ? std::string() : inside.generic_string();
}

Result<std::vector<std::string>> paths_in_tree(const git::Repository& repository,
                                               const std::vector<std::string>& typed) {
  std::vector<std::string> paths;
  for (const std::string& path : typed) {
    auto inside = path_in_tree(repository, path);
    if (!inside) return tl::unexpected(inside.error());
    if (inside->empty()) return std::vector<std::string>{};  // the whole tree
    paths.push_back(std::move(*inside));
  }
  return paths;
}

// Commits below the boundary are not here, so nobody can say that they brought nothing.
void add_boundary(detect::ScanResult& result) {
  result.losses.push_back({LossKind::ShallowHistory, "shallow clone: the history is cut off inside the range",
                           result.subject, "git fetch --unshallow, then run again"});
  ++result.loss_count;
}

}  // namespace

Result<git::Repository> open_here() {
  Ledger unused;
  return git::open_repository(".", true, unused);
}

Result<detect::ScanResult> scan_commits(const git::Repository& repository, const scan::Changes& changes,
                                        const std::string& name, const scan::ChangeOptions& options,
                                        const detect::RuleSet& rules, scan::Progress& progress) {
  scan::ChangeFacts facts;
  auto result = scan::scan_changes(rules, repository, changes, options, progress, &facts);
  if (!result) return result;
  result->subject = name;
  add_tip_lines(repository, changes.wanted, *result);
  if (facts.cut_off && !repository.shallow.empty()) add_boundary(*result);
  return result;
}

Result<detect::ScanResult> scan_git(const GitScan& what, const std::vector<std::string>& paths,
                                    const scan::ChangeOptions& options, const detect::RuleSet& rules,
                                    scan::Progress& progress) {
  const auto repository = open_here();
  if (!repository) return tl::unexpected(repository.error());
  if (what.staged) {
    if (repository->work_tree.empty()) {
      return fail(ErrorKind::Usage, "a bare repository has no staging area", repository->git_dir);
    }
    const auto inside = paths_in_tree(*repository, paths);
    if (!inside) return tl::unexpected(inside.error());
    return scan::scan_staged(rules, *repository, *inside, options, progress);
  }
  const std::string range = what.range.empty() ? what.since + "..HEAD" : what.range;
  Ledger unused;
  git::ObjectReader objects(*repository, unused);
  auto resolved = git::resolve_range(*repository, objects, range);
  if (!resolved) return tl::unexpected(resolved.error());
  scan::Changes changes;
  changes.wanted = std::move(resolved->wanted);
  changes.known = std::move(resolved->known);
  return scan_commits(*repository, changes, range, options, rules, progress);
}

}  // namespace tightship::cli
