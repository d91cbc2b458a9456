#include <algorithm>
#include <limits>

#include "base/file.h"
#include "git/refs_files.h"
#include "git/repository.h"

namespace tightship::git {
namespace {

constexpr std::uint64_t kMaxReflog = 1u << 30;

// "<old> <new> <identity>\t<message>"; the message and its tab may be missing.
bool parse_line(std::string_view line, HashKind hash, ReflogEntry& entry) {
  const auto from = take_oid(line, hash);
  if (!from || !line.starts_with(' ')) return false;
  line.remove_prefix(1);
  const auto to = take_oid(line, hash);
  if (!to || !(line.empty() || line.starts_with(' '))) return false;
  if (!line.empty()) line.remove_prefix(1);
  const std::size_t tab = line.find('\t');
  entry.from = *from;
  entry.to = *to;
  entry.identity = line.substr(0, tab);
  entry.message = tab == std::string_view::npos ? std::string_view{} : line.substr(tab + 1);
  return true;
}

void read_one(const FileBelow& file, const std::string& ref, const std::string& shown, HashKind hash,
              std::vector<ReflogEntry>& entries, Ledger& ledger) {
  const auto content = read_file(file.path, kMaxReflog);
  if (!content) return ledger.add(loss_of(content.error(), file.path));
  std::string_view rest = *content;
  std::uint32_t line_number = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    ReflogEntry entry{ref, {}, {}, {}, {}, shown, ++line_number};
    const bool good = parse_line(rest.substr(0, end), hash, entry);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (good) {
      entries.push_back(std::move(entry));
      continue;
    }
    ledger.add(
        {LossKind::CorruptIndex, "damaged line in a reflog", file.path + ", line " + std::to_string(line_number), {}});
  }
}

// "worktrees/NAME/" in front of the files of linked worktrees, which lie under the common directory.
std::string shown_folder(const RefStore& store, const Repository& repository) {
  const std::string inside = repository.common_dir + "/";
  return store.dir.starts_with(inside) ? store.dir.substr(inside.size()) + "/logs/" : "logs/";
}

}  // namespace

std::vector<ReflogEntry> read_reflogs(const Repository& repository, Ledger& ledger) {
  std::vector<ReflogEntry> entries;
  const auto common = files_below(repository.common_dir + "/logs", ledger);
  for (const FileBelow& file : common) {
    if (is_per_worktree(file.name)) continue;
    read_one(file, file.name, "logs/" + file.name, repository.hash, entries, ledger);
  }
  for (const RefStore& store : ref_stores(repository)) {
    const bool shared = store.dir == repository.common_dir;
    const std::string folder = shared ? "logs/" : shown_folder(store, repository);
    for (const FileBelow& file : shared ? common : files_below(store.dir + "/logs", ledger)) {
      if (!is_per_worktree(file.name)) continue;
      read_one(file, store.prefix + file.name, folder + file.name, repository.hash, entries, ledger);
    }
  }
  return entries;
}

}  // namespace tightship::git
