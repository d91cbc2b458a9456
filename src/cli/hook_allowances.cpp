#include "cli/hook_allowances.h"

#include <algorithm>

#include "base/bytes.h"
#include "git/tree_diff.h"

namespace tightship::cli {
namespace {

std::optional<std::string> allow_text(git::ObjectReader& objects, const Oid& commit) {
  const auto object = objects.share(commit);
  if (!object || (*object)->type != git::ObjectType::Commit) return std::nullopt;
  const auto parsed = git::parse_commit((*object)->bytes, objects.hash());
  const auto entry = parsed ? git::find_path(objects, parsed->tree, allow::kAllowFile) : std::nullopt;
  const auto blob = entry ? objects.share(entry->oid)
                          : Result<std::shared_ptr<const git::StoredObject>>(fail(ErrorKind::NotFound, "not there"));
  if (!blob || (*blob)->type != git::ObjectType::Blob) return std::nullopt;
  return std::string(as_text((*blob)->bytes));
}

}  // namespace

Result<void> HookAllowances::load_from(git::ObjectReader& objects, const Oid& commit) {
  const auto text = allow_text(objects, commit);
  if (!text) return {};
  auto parsed = allow::parse(*text, commit.short_hex() + ":" + std::string(allow::kAllowFile));
  if (!parsed) return tl::unexpected(parsed.error());
  for (allow::AllowFile& file : parsed->files) source_.allowances.files.push_back(std::move(file));
  return {};
}

Result<void> HookAllowances::load(const std::vector<git::Ref>& refs, const std::vector<scan::RefUpdate>& updates) {
  if (ignore_) return {};
  source_.space = PathSpace::Repository;
  source_.in_repository = true;
  for (const scan::RefUpdate& update : updates) {
    if (!update.remote.is_zero()) before_.push_back(update.remote);
  }
  if (!repository_.work_tree.empty()) {
    for (const git::Ref& ref : refs) {
      if (ref.name.starts_with("refs/remotes/")) before_.push_back(ref.target);
    }
    auto source = load_allowances({}, false, {repository_.work_tree}, PathSpace::Repository);
    if (!source) return tl::unexpected(source.error());
    source_ = std::move(*source);
    return {};
  }
  Ledger ignored;
  git::ObjectReader objects(repository_, ignored);
  std::sort(before_.begin(), before_.end());
  before_.erase(std::unique(before_.begin(), before_.end()), before_.end());
  for (const Oid& commit : before_) {
    if (const auto loaded = load_from(objects, commit); !loaded) return loaded;
  }
  return {};
}

void HookAllowances::apply(detect::ScanResult& result) const {
  if (ignore_ || source_.allowances.empty()) return;
  const allow::Applied applied = apply_allowances(source_, {}, result);
  if (repository_.work_tree.empty()) return;
  // Told once, by number: the entries themselves are a line each in the diff that is pushed.
  Ledger ignored;
  git::ObjectReader objects(repository_, ignored);
  std::string known;
  for (const Oid& commit : before_) {
    if (const auto text = allow_text(objects, commit)) known += *text;
  }
  std::size_t brought = 0;
  for (const allow::UsedEntry& used : applied.used) {
    const std::string& id = source_.allowances.files[used.file].entries[used.entry].id;
    if (known.find(id) == std::string::npos) ++brought;
  }
  if (brought == 0 || result.job == detect::ScanResult::Job::Staged) return;
  result.remarks.push_back({detect::Severity::Warning,
                            "this push brings its own allowance: " + std::to_string(brought) +
                                (brought == 1 ? " finding is" : " findings are") + " let through by it",
                            "review " + std::string(allow::kAllowFile) + " in what is pushed"});
}

}  // namespace tightship::cli
