#include "cli/allow_target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/code_point.h"
#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/allowance_source.h"
#include "cli/nested_config.h"
#include "cli/rule_source.h"
#include "scan/content_scanner.h"
#include "scan/worktree.h"

namespace tightship::cli {
namespace {

// Where FOLDER/.tightship/allow.toml lies, relative to the root.
Result<std::string> name_in(const std::string& root, const std::string& folder) {
  std::error_code error;
  const std::string real = std::filesystem::canonical(folder, error).string();
  if (error || !std::filesystem::is_directory(real, error)) return fail(ErrorKind::NotFound, "no such folder", folder);
  if (real == root || !real.starts_with(root + "/")) return std::string(allow::kAllowFile);
  return real.substr(root.size() + 1) + "/" + std::string(allow::kAllowFile);
}

}  // namespace

Result<AllowTarget> open_allow_target(const std::string& folder) {
  const ConfigRoot root = config_root(folder.empty() ? "." : folder);
  if (root.path.empty()) {
    return fail(ErrorKind::Usage, "a bare repository has no work tree to keep the file in", {}, "run it in a clone");
  }
  AllowTarget target{root.path, std::string(allow::kAllowFile), {}};
  if (!folder.empty()) {
    auto name = name_in(root.path, folder);
    if (!name) return tl::unexpected(name.error());
    target.name = std::move(*name);
  }
  auto text = read_nested(target.root, target.name);
  if (!text) return tl::unexpected(text.error());
  target.file = allow::parse_allow_file(text->value_or(""), shown_path(target.path()));
  if (auto checked = check_source(target.file.source); !checked) return tl::unexpected(checked.error());
  return target;
}

Result<ConfigLock> ConfigLock::take(const std::string& root, const std::string& name) {
  const std::string path = root + "/" + name;
  const std::string folder = path.substr(0, path.rfind('/'));
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return fail(ErrorKind::Io, std::strerror(errno), folder);
  ConfigLock lock;
  lock.folder_ = FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!lock.folder_) {
    if (errno == ELOOP || errno == ENOTDIR)
      return fail(ErrorKind::Config, "is not a folder, or a symbolic link to one", folder);
    return fail(ErrorKind::Io, std::strerror(errno), folder);
  }
  while (::flock(lock.folder_.get(), LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    if (errno == EOPNOTSUPP || errno == ENOLCK) break;  // a file system without locks: as good as it gets
    return fail(ErrorKind::Io, std::strerror(errno), folder);
  }
  return lock;
}

Result<void> write_config_file(const std::string& path, const std::string& text) {
  const std::string folder = path.substr(0, path.rfind('/'));
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return fail(ErrorKind::Io, std::strerror(errno), folder);
  return write_shared_file(path, text);
}

Result<void> write_allow_target(const AllowTarget& target, const std::string& text) {
  return write_config_file(target.path(), text);
}

Result<void> check_written_text(std::string_view name, const std::string& text) {
  if (text.size() > allow::kMaxReason) {
    return fail(ErrorKind::Usage, fmt::format("--{} is too long: the limit is {} bytes", name, allow::kMaxReason));
  }
  if (!is_valid_utf8(text)) return fail(ErrorKind::Usage, fmt::format("--{} is not UTF-8", name));
  scan::ContentScanner scanner(detect::RuleSet::builtin());
  if (scanner.scan(as_bytes(text), {}).empty()) return {};
  return fail(ErrorKind::Usage, fmt::format("--{} holds a secret itself, and the file would carry it", name), {},
              "say it without the value");
}

Result<std::vector<KnownFinding>> known_findings(const std::string& root) {
  const auto rules = load_rules({}, {root});
  if (!rules) return tl::unexpected(rules.error());
  scan::WorktreeOptions options;
  options.paths = {root};
  scan::Progress progress;
  const auto result = scan::scan_worktree(rules->set(), options, progress);
  if (!result) return tl::unexpected(result.error());
  std::vector<KnownFinding> known;
  for (const detect::Finding& finding : result->findings) {
    const detect::Occurrence& first = finding.occurrences.front();
    known.push_back({finding.fingerprint, std::string(finding.rule->id),
                     fmt::format("{}:{}", terminal_text(shown_path(first.path)), first.position.line)});
  }
  return known;
}

}  // namespace tightship::cli
