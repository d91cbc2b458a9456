#include "cli/allowance_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "cli/log.h"
#include "cli/nested_config.h"
#include "cli/problem.h"
#include "git/repository.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

std::string real_path(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? fs::absolute(path, error).lexically_normal().string() : real.string();
}

std::string folder_of(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return path;
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// "/srv/shop/": what a path below `root` begins with.
std::string below(const std::string& root) { return root.ends_with('/') ? root : root + "/"; }

void move_into(allow::Allowances& from, allow::Allowances& to) {
  std::move(from.files.begin(), from.files.end(), std::back_inserter(to.files));
  std::move(from.placed.begin(), from.placed.end(), std::back_inserter(to.placed));
  std::move(from.baselines.begin(), from.baselines.end(), std::back_inserter(to.baselines));
}

// The root's own files. Everything is read before anything is refused, so that all problems are drawn.
Result<void> add_root(const ConfigRoot& root, PathSpace space, AllowSource& source) {
  const std::string folder = space == PathSpace::Typed ? below(root.path) : "";
  auto loaded = allow::load(root.path, shown_path(below(root.path)));
  if (!loaded) {
    // Drawn with all problems of the file; what could not be read at all has none.
    if (auto file = allow::read_allow_file(root.path + "/" + std::string(allow::kAllowFile))) {
      file->source.path = shown_path(file->source.path);
      if (auto checked = check_source(file->source); !checked) return checked;
    }
    return tl::unexpected(loaded.error());
  }
  for (allow::AllowFile& file : loaded->files) file.source.folder = folder;
  for (allow::PlacedList& list : loaded->placed) list.source.folder = folder;
  move_into(*loaded, source.allowances);
  return {};
}

Result<void> add_nested(const ConfigRoot& root, PathSpace space, AllowSource& source) {
  for (const std::string& folder : nested_config(root.path, allow::kAllowFile)) {
    const std::string path = root.path + "/" + folder + std::string(allow::kAllowFile);
    auto text = read_nested(root.path, folder + std::string(allow::kAllowFile));
    if (!text) return tl::unexpected(text.error());
    if (!*text) continue;  // the index names it, and it was removed
    const std::string prefix = space == PathSpace::Typed ? below(root.path) + folder : folder;
    allow::AllowFile file = allow::parse_allow_file(std::move(**text), shown_path(path), prefix);
    if (auto checked = check_source(file.source); !checked) return checked;
    source.allowances.files.push_back(std::move(file));
  }
  return {};
}

std::string locate_typed(const detect::Occurrence& occurrence, const std::vector<std::string>& roots) {
  using detect::Place;
  if (occurrence.place == Place::Stdin) return roots.empty() ? occurrence.path : below(roots.front()) + occurrence.path;
  if (occurrence.place != Place::File && occurrence.place != Place::FileName &&
      occurrence.place != Place::SymlinkTarget) {
    return {};
  }
  // The folder's own links are resolved, a link at the end is the file that is meant.
  const fs::path path(occurrence.path);
  const std::string parent = path.parent_path().empty() ? "." : path.parent_path().string();
  return below(real_path(parent)) + path.filename().string();
}

// What git says is new (scan --staged, --range) has paths of the repository.
std::string locate_below_root(const detect::Occurrence& occurrence, const std::vector<std::string>& roots) {
  using detect::Place;
  const bool file = occurrence.place == Place::File || occurrence.place == Place::FileName ||
                    occurrence.place == Place::SymlinkTarget;
  return file && !roots.empty() && !occurrence.path.empty() ? below(roots.front()) + occurrence.path : std::string();
}

bool covers_roots(const AllowSource& source, const std::vector<std::string>& scanned) {
  std::vector<std::string> given;
  for (const std::string& path : scanned) given.push_back(real_path(path));
  if (scanned.empty()) given.push_back(real_path("."));
  return !source.roots.empty() && std::all_of(source.roots.begin(), source.roots.end(), [&](const std::string& root) {
    return std::find(given.begin(), given.end(), root) != given.end();
  });
}

allow::Covered covered_by(const AllowSource& source, const std::vector<std::string>& scanned,
                          const detect::ScanResult& result) {
  using Job = detect::ScanResult::Job;
  if (result.job == Job::Audit) return allow::Covered::History;
  if (result.job != Job::Scan || source.space != PathSpace::Typed || !covers_roots(source, scanned)) {
    return allow::Covered::Part;
  }
  return source.in_repository ? allow::Covered::WorkTree : allow::Covered::Folder;
}

}  // namespace

std::vector<Flag> allow_flags(AllowOptions& options) {
  return {
      {"baseline", 0, "FILE", "allowances", "do not report what FILE accepts",
       "A baseline of tightship (tightship baseline create), or a JSON report of gitleaks. Can be given several "
       "times. What was accepted is counted, and -v lists it.",
       append_text(options.baselines)},
  };
}

ConfigRoot config_root(const std::string& path) {
  const std::string folder = folder_of(path);
  Ledger unused;
  const auto repository = git::open_repository(folder, false, unused);
  if (!repository) return {real_path(folder), false};
  return {repository->work_tree.empty() ? "" : real_path(repository->work_tree), true};
}

std::string shown_path(const std::string& path) {
  std::error_code error;
  const std::string here = fs::current_path(error).string() + "/";
  return !error && path.starts_with(here) ? path.substr(here.size()) : path;
}

Result<void> check_source(const allow::Source& source) {
  if (source.ok()) return {};
  const std::size_t errors = draw_problems(source.path, source.problems);
  return fail(ErrorKind::Config, fmt::format("{} problem{} in {}", errors, errors == 1 ? "" : "s", source.path));
}

Result<void> read_baseline(const std::string& path, const std::string& folder, allow::Allowances& allowances) {
  auto text = read_file(path, allow::kMaxFile);
  if (!text) return tl::unexpected(text.error());
  if (allow::looks_like_json(*text)) {
    allowances.placed.push_back(allow::parse_gitleaks_report(*text, path, folder));
    return check_source(allowances.placed.back().source);
  }
  allowances.baselines.push_back(allow::parse_baseline(std::move(*text), path));
  return check_source(allowances.baselines.back().source);
}

Result<AllowSource> load_allowances(const AllowOptions& options, bool no_repo_config,
                                    const std::vector<std::string>& scanned, PathSpace space) {
  AllowSource source;
  source.space = space;
  for (const std::string& path : scanned.empty() ? std::vector<std::string>{"."} : scanned) {
    const ConfigRoot root = config_root(path);
    if (root.path.empty() || std::find(source.roots.begin(), source.roots.end(), root.path) != source.roots.end())
      continue;
    source.roots.push_back(root.path);
    source.in_repository |= root.in_repository;
    if (no_repo_config) continue;
    if (auto added = add_root(root, space, source); !added) return tl::unexpected(added.error());
    if (!root.in_repository) continue;
    if (auto added = add_nested(root, space, source); !added) return tl::unexpected(added.error());
  }
  // gitleaks' paths are relative to the repository, or to where it was started.
  const bool named = source.in_repository && !source.roots.empty();
  const std::string folder = space == PathSpace::Typed ? below(named ? source.roots.front() : real_path(".")) : "";
  for (const std::string& path : options.baselines) {
    auto read = read_baseline(path, folder, source.allowances);
    if (!read) return tl::unexpected(read.error());
  }
  log(LogLevel::Info, "{} allow files, {} baselines, {} lists of gitleaks", source.allowances.files.size(),
      source.allowances.baselines.size(), source.allowances.placed.size());
  return source;
}

allow::Applied apply_allowances(const AllowSource& source, const std::vector<std::string>& scanned,
                                detect::ScanResult& result) {
  allow::ApplyOptions options;
  options.now = allow::today();
  options.covered = covered_by(source, scanned, result);
  if (source.space == PathSpace::Typed) {
    const bool typed = result.job == detect::ScanResult::Job::Scan;
    options.locate = [&source, typed](const detect::Occurrence& occurrence) {
      return typed ? locate_typed(occurrence, source.roots) : locate_below_root(occurrence, source.roots);
    };
  }
  return allow::apply(result, source.allowances, options);
}

}  // namespace tightship::cli
