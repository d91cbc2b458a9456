#include "config/check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "config/checks.h"
#include "config/dispatch.h"
#include "detect/text_class.h"

namespace tightship::config {
namespace {

// The first bytes of a file, not through a link; nothing when it cannot be read.
std::optional<std::string> read_head(const std::string& path, std::size_t most) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string head(most, '\0');
  std::size_t size = 0;
  while (size < most) {
    const ssize_t got = ::read(fd.get(), head.data() + size, most - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  head.resize(size);
  return head;
}

// Of a folder inside of a work tree, what lies above it there; of any other folder its name, when files in it
// go by that: supabase/config.toml.
std::string folders_above(const lint::Project& project) {
  if (!project.repository.empty()) return project.prefix;
  const std::string name = project.root.substr(project.root.rfind('/') + 1);
  return name == "supabase" || name.rfind('.', 0) == 0 ? name + "/" : std::string();
}

class Run {
 public:
  Run(const lint::Project& project, const detect::RuleSet& rules, readiness::Report& report, Ledger& ledger)
      : project_(project),
        context_(project, rules, report, ledger),
        report_(report),
        ledger_(ledger),
        above_(folders_above(project)) {}

  void files(const std::string& only) {
    for (const lint::ProjectFile& entry : project_.files) {
      if (entry.symlink || (!only.empty() && entry.path != only)) continue;
      file(entry);
    }
    // Migrations are made from the schemas: where both are there, what is carried out counts.
    if (migrations_.empty()) migrations_ = std::move(schemas_);
    if (!migrations_.empty()) check_supabase_migrations(context_, std::move(migrations_), client_tables_);
    report_.coverage = fmt::format("{} file{} of configuration and code", read_, read_ == 1 ? "" : "s");
    say_passed();
  }

 private:
  void file(const lint::ProjectFile& entry) {
    const std::string named = above_ + entry.path;
    const std::vector<const Dispatch*> checks = checks_of(named);
    const bool schema = is_supabase_schema(named);
    const bool migration = schema || is_supabase_migration(named);
    if (checks.empty() && !migration) return;
    if (!entry.tracked && !project_.repository.empty() && project_.is_ignored(entry.path)) return;

    const bool head =
        !migration && std::all_of(checks.begin(), checks.end(), [](const Dispatch* one) { return one->head_only; });
    std::uint64_t most = migration ? lint::kMaxTextFile : 0;
    for (const Dispatch* one : checks) most = std::max(most, one->max_size);
    if (!head && entry.size > most) return;
    auto text = head ? read_head(project_.absolute(entry.path), kHeadSize)
                     : lint::read_project_file(project_, entry.path, ledger_);
    if (!text) return;
    ++read_;

    File made;
    made.path = entry.path;
    made.text = *text;
    made.tracked = entry.tracked;
    made.sample = is_sample_path(entry.path);
    if (is_javascript(made.name())) collect_client_tables(made, client_tables_);
    for (const Dispatch* one : checks) {
      if (entry.size > one->max_size) continue;
      one->check(context_, made);
      kinds_.insert(one->name);
    }
    if (migration) {
      made.text = {};
      (schema ? schemas_ : migrations_).push_back({std::move(made), std::move(*text)});
    }
  }

  // A kind of file that was there and raised no alarm.
  void say_passed() {
    struct Row {
      std::string_view kind, id, text;
    };
    constexpr Row kRows[] = {
        {"vite", "CFG-VITE-DEFINE", "no secret in define of the Vite configuration"},
        {"next", "CFG-NEXT-ENV", "no secret in env of the Next.js configuration"},
        {"nuxt", "CFG-NUXT-PUBLIC", "no secret in runtimeConfig.public of the Nuxt configuration"},
        {"webpack", "CFG-WEBPACK-DEFINE", "webpack puts no secret into the bundle"},
        {"vercel", "CFG-VERCEL", "no secret in vercel.json"},
        {"netlify", "CFG-NETLIFY", "no secret in netlify.toml"},
        {"wrangler", "CFG-WRANGLER", "no secret in vars of the wrangler configuration"},
        {"fly", "CFG-FLY", "no secret in fly.toml"},
        {"render", "CFG-RENDER", "no secret in render.yaml"},
        {"firestore", "CFG-FIRE-RULES", "security rules of Firebase ask for a user"},
        {"dockerfile", "CFG-DOCKER-ENV", "no secret in the Dockerfiles"},
        {"compose", "CFG-COMPOSE-OPEN", "no database of the compose files is open to the network"},
        {"workflow", "CFG-GHA-PRT", "no workflow runs a stranger's code with secrets"},
        {"terraform", "CFG-TF", "no secret in the Terraform files"},
        {"mcp", "CFG-MCP", "no secret in the configuration of AI tools"},
        {"npmrc", "CFG-REGISTRY", "no registry token in .npmrc"},
    };
    for (const Row& row : kRows) {
      if (kinds_.count(row.kind) > 0 && !context_.reported(row.id)) context_.passed(row.id, std::string(row.text));
    }
  }

  const lint::Project& project_;
  Context context_;
  readiness::Report& report_;
  Ledger& ledger_;
  std::vector<Migration> migrations_, schemas_;
  std::set<std::string> client_tables_;
  std::set<std::string_view> kinds_;
  std::string above_;  // what the names of files are relative to: "supabase/" when that folder is looked at
  std::size_t read_ = 0;
};

// Where a single file is looked at from: the work tree it is in, the current folder when it lies below, its
// folder.
struct Single {
  std::string root, path;  // the file, relative to the root
};

std::optional<Single> single_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  const fs::path file = fs::weakly_canonical(path, error);
  Ledger unused;
  const auto around = lint::open_project(file.parent_path().string(), unused);
  if (around && !around->repository.empty())
    return Single{around->repository, around->prefix + file.filename().string()};
  const fs::path here = fs::current_path(error);
  const std::string below = file.lexically_relative(here).string();
  if (!error && !below.empty() && below.rfind("..", 0) != 0) return Single{here.string(), below};
  return Single{file.parent_path().string(), file.filename().string()};
}

void show_as_typed(readiness::Report& report, const std::string& path, const std::string& typed) {
  for (readiness::Problem& problem : report.problems) {
    for (readiness::Spot& spot : problem.spots) {
      if (spot.path == path) spot.path = typed;
    }
  }
}

std::vector<std::string> not_checked() {
  return {"values that a platform keeps itself (dashboards, secret stores)",
          "access rules that were changed in a database by hand, past the migrations",
          "firewalls and accounts of the hosting platform"};
}

}  // namespace

Result<readiness::Report> check_config(const ConfigOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Ledger ledger;
  const auto single = single_file(options.path);
  const auto project = lint::open_project(single ? single->root : options.path, ledger);
  if (!project) return tl::unexpected(project.error());

  readiness::Report report;
  report.command = "config";
  report.subject = options.path;
  const detect::RuleSet& rules = options.rules == nullptr ? detect::RuleSet::builtin() : *options.rules;
  Run(*project, rules, report, ledger).files(single ? single->path : std::string());
  if (single) show_as_typed(report, single->path, options.path);
  report.not_checked = not_checked();
  report.losses = ledger.entries();
  report.loss_count = ledger.total();
  readiness::sort_problems(report.problems);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace tightship::config
