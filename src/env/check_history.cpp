// Env files that any commit ever had. Trees are read the way the audit reads them (each once, delta-aware), only for
// names of env files; then the few versions that were found are read and judged. Contents of other files are the
// audit's matter.

#include <algorithm>
#include <map>
#include <set>

#include "base/parallel.h"
#include "env/context.h"
#include "git/object_store.h"
#include "git/repository.h"
#include "git/tree_diff.h"
#include "scan/commit_graph.h"
#include "scan/content_pass.h"
#include "scan/path_history.h"
#include "scan/tree_pass.h"

namespace tightship::env {
namespace {

using detect::RiskClass;
using detect::Severity;
using readiness::Problem;

// Bounds: a repository over this size takes seconds, and has `tightship audit`; versions read of one path.
constexpr std::uint64_t kMaxPackedBytes = std::uint64_t{2} << 30;
constexpr std::size_t kMaxVersions = 50;
constexpr std::size_t kMaxPaths = 500;

constexpr std::string_view kPathRule =
    "[extend]\nuseDefault = false\n[[rules]]\nid = \"env-path\"\ndescription = \"env file\"\n"
    "path = '''(?i)(?:^|/)(?:[^/]*\\.env|\\.env[._~-][^/]*|\\.flaskenv)$'''\n";

// Commits alone; blobs are not read.
scan::ContentPass read_commits(const git::ObjectStore& store) {
  scan::ContentPass out;
  const auto take = [&](git::ObjectPlace place) {
    const auto object = store.read(place);
    const auto commit = object && object->type == git::ObjectType::Commit
                            ? git::parse_commit(Bytes(object->bytes), store.hash())
                            : fail(ErrorKind::Corrupt, "");
    if (!commit) return;
    scan::CommitRecord record;
    record.place = place;
    record.id = store.oid(place).prefix64();
    record.tree = commit->tree.prefix64();
    record.time = commit->committer.time;
    record.parents_begin = static_cast<std::uint32_t>(out.parents.size());
    record.parents_count = static_cast<std::uint32_t>(commit->parents.size());
    out.parents.insert(out.parents.end(), commit->parents.begin(), commit->parents.end());
    out.commits.push_back(record);
  };
  for (std::uint32_t pack = 0; pack < store.packs().size(); ++pack) {
    const git::OpenPack& open = store.packs()[pack];
    for (std::uint32_t entry = 0; entry < open.table.size(); ++entry) {
      const bool twice = !open.duplicate.empty() && open.duplicate[entry];
      if (!twice && open.table.entries[entry].type == git::ObjectType::Commit &&
          open.table.entries[entry].kind != git::EntryKind::Broken)
        take({pack, entry});
    }
  }
  for (std::uint32_t i = 0; i < store.loose().size(); ++i) {
    const git::ObjectPlace place{git::ObjectPlace::kLoose, i};
    const git::ObjectType type = store.type(place);
    if (type == git::ObjectType::Commit) take(place);
    if (type == git::ObjectType::Tree) out.loose_trees.push_back(i);
  }
  std::sort(out.commits.begin(), out.commits.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

std::string day_of(std::int64_t time) {
  const std::time_t seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  char text[16] = "";
  if (gmtime_r(&seconds, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0) return "";
  return text;
}

struct Found {
  std::vector<std::string> by_format, by_name;  // variables
  std::string commit;                           // that had them last, abbreviated
  std::int64_t time = 0;
};

class History {
 public:
  explicit History(Context& context) : context_(context) {}

  void run() {
    Ledger ledger;  // damage of the repository is told by the audit
    const auto repository = git::open_repository(context_.project.repository, false, ledger);
    if (!repository) return;
    repository_ = *repository;
    store_ = git::ObjectStore::open(repository_, thread_count(0), ledger);
    if (store_.packed_bytes() > kMaxPackedBytes) {
      context_.report.not_checked.push_back(
          "env files in the history: the repository is over 2 GB; run tightship audit");
      return;
    }
    const auto rules = detect::RuleSet::load({detect::RuleInput{"env-path.toml", {}, std::string(kPathRule)}});
    if (!rules) return;
    const scan::ContentPass contents = read_commits(store_);
    const scan::CommitGraph graph(contents);
    reached_ = graph.reachable_from(tips(graph, ledger));
    scan::AuditOptions options;
    options.threads = thread_count(0);
    scan::Progress progress;
    const scan::TreePass trees = scan::scan_trees(*rules, store_, contents.loose_trees, {}, options, progress, ledger);
    const auto uses = scan::trace_paths(graph, trees, {}, 0, {});
    collect_told();
    std::size_t paths = 0;
    for (const scan::PathUse& use : uses) {
      if (use.kind != scan::ItemKind::PathHit || use.partial_path) continue;
      if (++paths > kMaxPaths) {
        context_.report.not_checked.push_back("env files in the history beyond the first 500 paths");
        break;
      }
      look_at(use, graph);
    }
    if (!repository_.shallow.empty())
      context_.report.not_checked.push_back(
          "env files in commits that the shallow clone left out: git fetch --unshallow");
    const bool none = std::none_of(context_.report.problems.begin(), context_.report.problems.end(),
                                   [](const Problem& p) { return p.id == "ENV-HISTORY"; });
    if (none && repository_.shallow.empty())
      context_.pass("ENV-HISTORY", "no commit ever had an env file with secrets, but for those that are tracked now");
  }

 private:
  // Values that ENV-TRACKED tells: a file that was renamed says nothing new.
  void collect_told() {
    for (const Document& document : context_.documents) {
      if (!document.file->tracked || document.example() || document.name.test_path) continue;
      for (std::size_t i = 0; i < document.judged.size(); ++i) {
        if (document.judged[i].secret_like()) told_.insert(document.lines.entries[i].literal);
      }
    }
  }

  // Commits that refs name, tags followed.
  std::vector<scan::CommitIndex> tips(const scan::CommitGraph& graph, Ledger& ledger) const {
    std::vector<scan::CommitIndex> out;
    for (const git::Ref& ref : git::read_refs(repository_, ledger)) {
      Oid target = ref.target;
      for (unsigned depth = 0; depth < 16; ++depth) {
        if (const auto commit = graph.find(target.prefix64())) {
          out.push_back(*commit);
          break;
        }
        const auto object = store_.read(target);
        const auto tag = object && object->type == git::ObjectType::Tag
                             ? git::parse_tag(Bytes(object->bytes), store_.hash())
                             : fail(ErrorKind::Corrupt, "");
        if (!tag) break;
        target = tag->target;
      }
    }
    return out;
  }

  void look_at(const scan::PathUse& use, const scan::CommitGraph& graph) {
    const auto name = lint::env_name(use.path);
    if (!name || name->role == lint::EnvRole::Example || name->role == lint::EnvRole::Encrypted || name->test_path)
      return;
    const std::string prefix = context_.project.prefix;
    if (!use.path.starts_with(prefix)) return;
    const std::string path = use.path.substr(prefix.size());
    const Document* now = context_.document(path);
    if (now != nullptr && now->file->tracked && now->holds_secret()) return;  // said by ENV-TRACKED
    Found found;
    std::set<Oid> seen;
    std::size_t versions = 0;
    for (auto commit = use.brought_by.rbegin(); commit != use.brought_by.rend() && versions < kMaxVersions; ++commit) {
      if (reached_[*commit] == 0) continue;  // left behind by a rebase; nobody gets it by a clone
      ++versions;
      read_version(use.path, graph.commit(*commit), seen, found);
    }
    if (found.by_format.empty() && found.by_name.empty()) return;
    tell(path, *name, found);
  }

  void read_version(const std::string& path, const scan::CommitRecord& record, std::set<Oid>& seen, Found& found) {
    const auto commit = store_.read(record.place);
    const auto parsed = commit ? git::parse_commit(Bytes(commit->bytes), store_.hash()) : fail(ErrorKind::Corrupt, "");
    if (!parsed) return;
    const auto oid = blob_at(parsed->tree, path);
    if (!oid || !seen.insert(*oid).second) return;
    const auto blob = store_.read(*oid);
    if (!blob || blob->bytes.size() > lint::kMaxTextFile) return;
    const std::string_view text = as_text(Bytes(blob->bytes));
    if (text.starts_with(std::string_view("\0GITCRYPT", 9))) return;
    const lint::EnvText lines = lint::read_env_text(text);
    std::vector<lint::ValueJudge::Named> values;
    for (const lint::EnvEntry& entry : lines.entries) values.push_back({entry.key, entry.literal});
    const auto judged = judge_.judge_all(values);
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const bool format = judged[i].secret_by_format();
      if (!format && judged[i].kind != lint::ValueKind::NamedSecret) continue;
      if (told_.count(lines.entries[i].literal) != 0) continue;
      auto& names = format ? found.by_format : found.by_name;
      if (std::find(names.begin(), names.end(), lines.entries[i].key) == names.end())
        names.push_back(lines.entries[i].key);
      if (found.commit.empty()) {
        found.commit = store_.oid(record.place).hex().substr(0, 10);
        found.time = record.time;
      }
    }
  }

  // Along the folders of the path; an object store has no reader by path.
  std::optional<Oid> blob_at(Oid tree, std::string_view path) const {
    for (unsigned depth = 0; depth < 256; ++depth) {
      const auto object = store_.read(tree);
      if (!object || object->type != git::ObjectType::Tree) return std::nullopt;
      const std::size_t slash = std::min(path.find('/'), path.size());
      git::TreeReader reader(Bytes(object->bytes), store_.hash());
      git::TreeEntry entry;
      std::optional<Oid> next;
      while (reader.next(entry)) {
        if (entry.name == path.substr(0, slash)) next = Oid::from_raw(entry.oid);
      }
      if (!next || slash == path.size()) return next;
      tree = *next;
      path.remove_prefix(slash + 1);
    }
    return std::nullopt;
  }

  void tell(const std::string& path, const lint::EnvName& name, const Found& found) {
    std::vector<std::string> names = found.by_format;
    names.insert(names.end(), found.by_name.begin(), found.by_name.end());
    Problem problem;
    problem.id = "ENV-HISTORY";
    // As of a tracked file: keys of tests are for tests (a provider's key in one is told by the audit).
    const bool test = name.role == lint::EnvRole::Test;
    const bool sure = !found.by_format.empty() && !test;
    const bool quiet = test || name.role == lint::EnvRole::Development;
    problem.severity = sure ? Severity::Error : quiet ? Severity::Note : Severity::Warning;
    problem.risk_class = test ? RiskClass::ScaleRisk : RiskClass::LaunchBlocker;
    problem.exposure = readiness::Exposure::PrivateRepository;
    problem.title = "secrets of " + path + " are in the history of the repository";
    problem.why = "commit " + found.commit + " (" + day_of(found.time) + ") has the file with " + name_list(names);
    problem.breaks = "deleting a file does not take it out of git: everybody with a clone can read it";
    problem.fix =
        "replace these secrets at their providers; rewriting the history comes after that, and only if the repository "
        "is to be public";
    problem.commands = {
        "git show " + found.commit + ":" + shell_word(context_.project.prefix + path) + " | cut -d= -f1",
        "tightship audit"};
    problem.minutes = 30;
    problem.subject = path;
    problem.spots = {{path, 0, 0}};
    context_.add(std::move(problem));
  }

  Context& context_;
  git::Repository repository_;
  git::ObjectStore store_;
  std::vector<std::uint8_t> reached_;
  std::set<std::string_view> told_;  // views into the context's documents
  lint::ValueJudge judge_;
};

}  // namespace

void check_history(Context& context) {
  if (context.project.repository.empty() || !context.options.history) return;
  History(context).run();
}

}  // namespace tightship::env
