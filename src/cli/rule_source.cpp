#include "cli/rule_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/ledger.h"
#include "cli/allowance_source.h"
#include "cli/log.h"
#include "cli/nested_config.h"
#include "cli/problem.h"
#include "cli/stream.h"
#include "detect/rule_file.h"
#include "git/repository.h"

namespace tightship::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNamed = 5;  // files of folders in a remark

// The folder that `path` is, or is in.
std::string folder_of(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return path;
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

// The root of the work tree that holds `path`, the folder itself outside of any repository, nothing
// for a bare one. A repository that cannot be opened is the scan's to complain about.
struct RulesRoot {
  std::string path;
  bool in_repository = false;
};
RulesRoot rules_root(const std::string& path) {
  const std::string folder = folder_of(path);
  Ledger unused;
  const auto repository = git::open_repository(folder, false, unused);
  return repository ? RulesRoot{repository->work_tree, true} : RulesRoot{folder, false};
}

// Files in folders, those above first.
Result<void> add_nested_files(const std::string& root, std::vector<detect::RuleInput>& files) {
  for (const std::string& folder : nested_config(root, kRepositoryRules)) {
    const std::string name = folder + std::string(kRepositoryRules);
    auto text = read_nested(root, name);
    if (!text) return tl::unexpected(text.error());
    if (!*text) continue;  // the index names it, and it was removed
    if ((*text)->size() > detect::kMaxRuleFile)
      return fail(ErrorKind::Limit, "rule file is too large", root + "/" + name);
    files.push_back({(fs::path(root) / name).lexically_normal().string(), folder, std::move(**text)});
  }
  return {};
}

Result<std::vector<detect::RuleInput>> repository_rule_files(const std::vector<std::string>& scanned) {
  std::vector<detect::RuleInput> files;
  std::set<std::string> roots;
  for (const std::string& path : scanned) {
    const RulesRoot root = rules_root(path);
    if (root.path.empty() || !roots.insert(root.path).second) continue;
    const fs::path file = fs::path(root.path) / kRepositoryRules;
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(file, ignored))) files.push_back({file.lexically_normal().string()});
    if (!root.in_repository) continue;
    if (auto added = add_nested_files(root.path, files); !added) return tl::unexpected(added.error());
  }
  return files;
}

detect::Remark took_part(const std::string& file, bool from_repository) {
  detect::Remark remark;
  remark.text = fmt::format("{} took part: {}", from_repository ? "repository rules" : "rules", file);
  if (from_repository) remark.help = "--no-repo-config leaves them out";
  return remark;
}

// The files of folders share one remark: a large repository may have hundreds of them.
void add_remarks(const std::vector<detect::RuleInput>& files, std::vector<detect::Remark>& remarks) {
  std::string nested;
  std::size_t count = 0;
  for (const detect::RuleInput& file : files) {
    if (file.folder.empty()) {
      remarks.push_back(took_part(file.path, true));
    } else if (++count <= kMaxNamed) {
      nested += (nested.empty() ? "" : ", ") + shown_path(file.path);
    }
  }
  if (count > kMaxNamed) nested += fmt::format(" and {} more", count - kMaxNamed);
  if (count > 0)
    remarks.push_back(took_part(nested + (count == 1 ? ", for its folder" : ", each for its folder"), true));
}

Result<detect::RuleFile> read_again(const detect::RuleInput& input) {
  return input.text ? detect::parse_rule_file(input.path, *input.text) : detect::read_rule_file(input.path);
}

// The set stops at the first problem; whoever wrote the file wants all of them.
Error say_problems(const std::vector<detect::RuleInput>& files, const Error& first) {
  std::size_t problems = 0;
  std::string bad_file;
  for (const detect::RuleInput& input : files) {
    auto file = read_again(input);
    if (!file) continue;
    detect::check_expressions(*file);
    if (file->ok()) continue;
    problems += draw_problems(*file);
    if (bad_file.empty()) bad_file = input.path;
  }
  if (problems == 0) return first;
  return {ErrorKind::Config,
          fmt::format("{} problem{} in the rules: nothing was scanned", problems, problems == 1 ? "" : "s"), "",
          fmt::format("tightship rules check {}", bad_file)};
}

}  // namespace

std::vector<Flag> rule_flags(RuleOptions& options) {
  constexpr std::string_view kRules = "rules";
  return {
      {"rules", 0, "FILE", kRules, "also use the rules of FILE",
       "Can be given several times; a later file wins by rule id. See tightship help rules.",
       append_text(options.files)},
      {"no-repo-config", 0, "", kRules, "leave out .tightship/ and .gitleaksignore of what is scanned",
       "For repositories that you do not trust: they can also switch rules off and accept findings. When they take "
       "part "
       "the "
       "summary says so.",
       set_true(options.no_repo_config)},
  };
}

std::string rules_folder(const std::string& path) {
  std::error_code error;
  const std::string real = fs::canonical(path, error).string();
  if (error || !real.ends_with(kRepositoryRules)) return {};
  const ConfigRoot root = config_root(path);
  const std::size_t begin = root.path.size() + 1, end = real.size() - kRepositoryRules.size();
  const bool below = root.in_repository && !root.path.empty() && real.starts_with(root.path + "/");
  return below && begin < end ? real.substr(begin, end - begin) : std::string();
}

Result<LoadedRules> load_rules(const RuleOptions& options, const std::vector<std::string>& scanned) {
  LoadedRules loaded;
  std::vector<detect::RuleInput> files;
  if (!options.no_repo_config) {
    auto own = repository_rule_files(scanned.empty() ? std::vector<std::string>{"."} : scanned);
    if (!own) return tl::unexpected(own.error());
    files = std::move(*own);
  }
  add_remarks(files, loaded.remarks);
  for (const std::string& file : options.files) {
    loaded.remarks.push_back(took_part(file, false));
    files.push_back({file});
  }
  if (files.empty()) return loaded;
  auto rules = detect::RuleSet::load(files);
  if (!rules) return tl::unexpected(say_problems(files, rules.error()));
  log(LogLevel::Info, "{} rules from {} files and the built-in set", rules->rules().size(), files.size());
  loaded.custom = std::move(*rules);
  return loaded;
}

}  // namespace tightship::cli
