#include "cli/rule_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/ledger.h"
#include "cli/log.h"
#include "cli/problem.h"
#include "cli/stream.h"
#include "detect/rule_file.h"
#include "git/repository.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

// The folder that `path` is, or is in.
std::string folder_of(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return path;
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// The root of the work tree that holds `path`, the folder itself outside of any repository, nothing
// for a bare one. A repository that cannot be opened is the scan's to complain about.
std::string rules_root(const std::string& path) {
  const std::string folder = folder_of(path);
  Ledger unused;
  const auto repository = git::open_repository(folder, false, unused);
  return repository ? repository->work_tree : folder;
}

std::vector<std::string> repository_rule_files(const std::vector<std::string>& scanned) {
  std::vector<std::string> files;
  std::set<std::string> roots;
  for (const std::string& path : scanned) {
    const std::string root = rules_root(path);
    if (root.empty() || !roots.insert(root).second) continue;
    const fs::path file = fs::path(root) / kRepositoryRules;
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(file, ignored))) files.push_back(file.lexically_normal().string());
  }
  return files;
}

detect::Remark took_part(const std::string& file, bool from_repository) {
  detect::Remark remark;
  remark.text = fmt::format("{} took part: {}", from_repository ? "repository rules" : "rules", file);
  if (from_repository) remark.help = "--no-repo-config leaves them out";
  return remark;
}

// The set stops at the first problem; whoever wrote the file wants all of them.
Error say_problems(const std::vector<std::string>& files, const Error& first) {
  std::size_t problems = 0;
  std::string bad_file;
  for (const std::string& path : files) {
    auto file = detect::read_rule_file(path);
    if (!file) continue;
    detect::check_expressions(*file);
    if (file->ok()) continue;
    problems += draw_problems(*file);
    if (bad_file.empty()) bad_file = path;
  }
  if (problems == 0) return first;
  return {ErrorKind::Config,
          fmt::format("{} problem{} in the rules: nothing was scanned", problems, problems == 1 ? "" : "s"),
          "", fmt::format("tightship rules check {}", bad_file)};
}

}  // namespace

std::vector<Flag> rule_flags(RuleOptions& options) {
  constexpr std::string_view kRules = "rules";
  return {
      {"rules", 0, "FILE", kRules, "also use the rules of FILE",
       "Can be given several times; a later file wins by rule id. See tightship help rules.",
       append_text(options.files)},
      {"no-repo-config", 0, "", kRules, "leave out .tightship/ and .gitleaksignore of what is scanned",
       "For repositories that you do not trust: they can also switch rules off and accept findings. When they take part "
       "the "
       "summary says so.",
       set_true(options.no_repo_config)},
  };
}

Result<LoadedRules> load_rules(const RuleOptions& options, const std::vector<std::string>& scanned) {
  LoadedRules loaded;
  std::vector<std::string> files;
  if (!options.no_repo_config)
    files = repository_rule_files(scanned.empty() ? std::vector<std::string>{"."} : scanned);
  for (const std::string& file : files) loaded.remarks.push_back(took_part(file, true));
  for (const std::string& file : options.files) loaded.remarks.push_back(took_part(file, false));
  files.insert(files.end(), options.files.begin(), options.files.end());
  if (files.empty()) return loaded;
  auto rules = detect::RuleSet::load(files);
  if (!rules) return tl::unexpected(say_problems(files, rules.error()));
  log(LogLevel::Info, "{} rules from {} files and the built-in set", rules->rules().size(), files.size());
  loaded.custom = std::move(*rules);
  return loaded;
}

}  // namespace tightship::cli
