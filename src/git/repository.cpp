#include "git/repository.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "base/file.h"
#include "git/config_file.h"
#include "git/repository_alternates.h"
#include "git/repository_discover.h"

namespace tightship::git {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxShallowSize = 1u << 30;
constexpr std::size_t kMaxWorktrees = 10'000;

void lose_file(const Error& error, const std::string& path, Ledger& ledger) {
  const bool limit = error.kind == ErrorKind::Limit;
  ledger.add({limit ? LossKind::LimitExceeded : LossKind::UnreadableFile, error.what, path, {}});
}

ConfigValues load_config(const std::string& path, Ledger& ledger) {
  const auto content = read_file(path, kMaxConfigSize);
  if (!content) {
    if (content.error().kind != ErrorKind::NotFound) lose_file(content.error(), path, ledger);
    return {};
  }
  ConfigContent config = read_config(*content);
  for (const Error& error : config.errors) {
    ledger.add({LossKind::CorruptIndex, error.what, path + ", " + error.where, {}});
  }
  return std::move(config.values);
}

std::optional<std::string_view> last_value(const ConfigValues& config, std::string_view key) {
  for (auto it = config.rbegin(); it != config.rend(); ++it) {
    if (it->first == key) return it->second;
  }
  return std::nullopt;
}

bool is_on(const ConfigValues& config, std::string_view key) {
  return config_is_true(last_value(config, key).value_or("false"));
}

tl::unexpected<Error> unsupported(std::string what, const Repository& repository) {
  return fail(ErrorKind::Unsupported, std::move(what), repository.common_dir);
}

// Those of version 0 too are honoured by git whatever the version says; the others need version 1.
constexpr std::array<std::string_view, 4> kHarmless = {"noop", "preciousobjects", "partialclone", "worktreeconfig"};
// Version 1, and nothing that we read lies elsewhere because of them.
constexpr std::array<std::string_view, 3> kHarmlessV1 = {"noop-v1", "compatobjectformat", "relativeworktrees"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> apply_extension(std::string_view name, std::string_view value, long version, Repository& repository) {
  if (contains(kHarmless, name)) return {};
  const bool known = name == "objectformat" || name == "refstorage" || contains(kHarmlessV1, name);
  // git ignores what it does not know in version 0, and refuses what only version 1 may have.
  if (version == 0 && !known) return {};
  if (version == 0) {
    return unsupported("extension \"" + std::string(name) + "\" needs repository format 1", repository);
  }
  if (name == "objectformat") {
    if (value != "sha1" && value != "sha256") {
      return unsupported("unknown object format \"" + std::string(value) + "\"", repository);
    }
    repository.hash = value == "sha256" ? HashKind::Sha256 : HashKind::Sha1;
    return {};
  }
  if (name == "refstorage" && value != "files") {
    return unsupported("ref storage \"" + std::string(value) + "\" is not handled", repository);
  }
  if (!known) return unsupported("unknown repository extension \"" + std::string(name) + "\"", repository);
  return {};
}

Result<void> apply_format(Repository& repository) {
  constexpr std::string_view prefix = "extensions.";
  long version = 0;
  const std::string_view text = repository.config_value("core.repositoryformatversion").value_or("0");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc{} || end != text.data() + text.size() || version < 0 || version > 1) {
    return unsupported("unknown repository format version \"" + std::string(text) + "\"", repository);
  }
  for (const auto& [key, value] : repository.config) {
    if (!key.starts_with(prefix)) continue;
    auto applied = apply_extension(std::string_view(key).substr(prefix.size()), value, version, repository);
    if (!applied) return applied;
  }
  return {};
}

bool has_promisor_pack(const std::string& object_dir) {
  std::error_code error;
  const std::string folder = object_dir + "/pack";
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".promisor") return true;
  }
  return false;
}

bool is_partial(const Repository& repository) {
  for (const auto& [key, value] : repository.config) {
    if (key == "extensions.partialclone") return true;
    if (key.starts_with("remote.") && key.ends_with(".promisor") && config_is_true(value)) return true;
  }
  return std::any_of(repository.object_dirs.begin(), repository.object_dirs.end(), has_promisor_pack);
}

void read_shallow(Repository& repository, Ledger& ledger) {
  const std::string path = repository.common_dir + "/shallow";
  const auto content = read_file(path, kMaxShallowSize);
  if (!content) {
    if (content.error().kind != ErrorKind::NotFound) lose_file(content.error(), path, ledger);
    return;
  }
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const auto oid = Oid::from_hex(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (oid && oid->size == oid_size(repository.hash)) {
      repository.shallow.push_back(*oid);
    } else {
      ledger.add({LossKind::CorruptIndex, "line of the shallow file is no object id", path, {}});
    }
  }
}

void list_worktrees(Repository& repository, Ledger& ledger) {
  const std::string folder = repository.common_dir + "/worktrees";
  std::error_code error, ignored;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (repository.worktree_git_dirs.size() >= kMaxWorktrees) {
      ledger.add({LossKind::LimitExceeded, "too many worktrees", folder, "git worktree prune"});
      break;
    }
    const std::string dir = it->path().string();
    if (it->is_directory(ignored) && fs::exists(fs::symlink_status(dir + "/HEAD", ignored))) {
      repository.worktree_git_dirs.push_back(dir);
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    ledger.add({LossKind::UnreadableFile, "folder of worktrees: " + error.message(), folder, {}});
  }
  std::sort(repository.worktree_git_dirs.begin(), repository.worktree_git_dirs.end());
}

// The work tree of a git directory that was named itself: the folder of its .git file when it is a
// linked worktree's, or the one around a folder called ".git".
std::string work_tree_of_git_dir(const Repository& repository) {
  if (repository.git_dir != repository.common_dir) {
    const auto link = read_line_file(repository.git_dir + "/gitdir");
    if (!link || link->empty()) return {};
    return fs::path(absolute_path(*link, repository.git_dir)).parent_path().string();
  }
  const fs::path dir = repository.git_dir;
  return dir.filename() == ".git" ? dir.parent_path().string() : std::string{};
}

// `core` holds the settings that count here: of a linked worktree only its own, since core.bare and
// core.worktree in the shared file speak of the main one.
void place_work_tree(const GitLocation& location, const Environment& environment, const ConfigValues& core,
                     const std::string& start, Repository& repository) {
  const auto configured = last_value(core, "core.worktree");
  const bool bare = is_on(core, "core.bare");
  if (!environment.work_tree.empty()) {
    repository.work_tree = environment.work_tree;
  } else if (bare) {
    repository.work_tree.clear();
  } else if (configured && !configured->empty()) {
    repository.work_tree = absolute_path(std::string(*configured), repository.git_dir);
  } else if (location.explicit_dir) {
    repository.work_tree = start;
  } else if (!location.parent.empty()) {
    repository.work_tree = location.parent;
  } else {
    repository.work_tree = work_tree_of_git_dir(repository);
  }
  repository.bare = repository.work_tree.empty();
}

Result<std::string> start_folder(const std::string& path) {
  std::error_code error;
  fs::path start = fs::canonical(path.empty() ? "." : path, error);
  if (error) {
    const bool absent = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    return fail(absent ? ErrorKind::NotFound : ErrorKind::Io, error.message(), path);
  }
  if (!fs::is_directory(start, error)) start = start.parent_path();
  return start.string();
}

// The settings that decide on the work tree; those of config.worktree are appended to the config.
ConfigValues load_configuration(Repository& repository, Ledger& ledger) {
  const bool linked = repository.git_dir != repository.common_dir;
  repository.config = load_config(repository.common_dir + "/config", ledger);
  ConfigValues core = linked ? ConfigValues{} : repository.config;
  if (!is_on(repository.config, "extensions.worktreeconfig")) return core;
  const ConfigValues own = load_config(repository.git_dir + "/config.worktree", ledger);
  core.insert(core.end(), own.begin(), own.end());
  repository.config.insert(repository.config.end(), own.begin(), own.end());
  return core;
}

}  // namespace

std::optional<std::string_view> Repository::config_value(std::string_view key) const { return last_value(config, key); }

Result<Repository> open_repository(const std::string& path, bool use_environment, Ledger& ledger) {
  const auto start = start_folder(path);
  if (!start) return tl::unexpected(start.error());
  const Environment environment = use_environment ? read_environment(*start) : Environment{};
  const auto location = discover(*start, environment);
  if (!location) return tl::unexpected(location.error());

  Repository repository;
  repository.git_dir = location->git_dir;
  repository.common_dir = location->common_dir;
  repository.index_file = environment.index_file.empty() ? repository.git_dir + "/index" : environment.index_file;
  const ConfigValues core = load_configuration(repository, ledger);
  if (auto applied = apply_format(repository); !applied) return tl::unexpected(applied.error());
  place_work_tree(*location, environment, core, *start, repository);

  std::string objects = environment.object_directory;
  if (objects.empty()) objects = absolute_path("objects", repository.common_dir);
  repository.object_dirs = all_object_dirs(objects, environment.alternates, *start, ledger);
  repository.partial = is_partial(repository);
  read_shallow(repository, ledger);
  list_worktrees(repository, ledger);
  return repository;
}

}  // namespace tightship::git
