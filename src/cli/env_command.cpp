#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/file.h"
#include "base/terminal_text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/problem_output.h"
#include "cli/stream.h"
#include "env/check.h"
#include "env/fix.h"
#include "env/schema.h"
#include "env/style.h"
#include "env/unified_diff.h"

namespace tightship::cli {
namespace {

struct EnvFlags {
  env::EnvOptions env;
  OutputOptions output;
  std::vector<std::string> paths, ignore;
  bool fix = false, dry_run = false, init_schema = false, no_history = false;
};

Command env_record(EnvFlags& flags) {
  Command command;
  command.name = "env";
  command.usage = "tightship env [FLAGS] [PATH]   |   tightship env diff A B";
  command.brief = "Says what is wrong with the env files of a project, before its users find out.";
  command.detail =
      "Looks at every .env file below PATH (default: here): who can read it (git, its history, Docker images, npm "
      "packages, the web), which secrets go to browsers, live and test keys in the wrong place, stand-ins and weak "
      "secrets, addresses of this machine in production, values that a loader cuts or drops, and what the code "
      "reads and no file has. Nothing is sent and nothing is run; no value is ever shown.\n\n"
      "The loaders in use are told from package.json, Gemfile, requirements, go.mod, compose files and scripts, and "
      "each file is read as they read it. --style adds the checks of dotenv-linter, under their names.\n\n"
      "docs/checks/env.md has every check: what it means, why, and the fix.";
  command.examples =
      "  tightship env\n"
      "  tightship env --style apps/web\n"
      "  tightship env --fix --dry-run\n"
      "  tightship env --init-schema > env.schema.json\n"
      "  tightship env --schema env.schema.json\n"
      "  tightship env diff .env.example .env.production\n";
  constexpr std::string_view kChecks = "checks";
  command.flags = {
      {"style", 0, "", kChecks, "also check the form of the files, as dotenv-linter does",
       "\"# dotenv-linter:off LowercaseKey\" in a file and DOTENV_LINTER_IGNORE_CHECKS switch checks off.",
       set_true(flags.env.style)},
      {"fix", 0, "", kChecks, "mend the form of the files, and check nothing",
       "Files are replaced in one step and keep their mode; no backup is written, since it would be one more file with "
       "secrets. A fix that would change a value is not made.",
       set_true(flags.fix)},
      {"dry-run", 0, "", kChecks, "with --fix: show what would change, values masked", "", set_true(flags.dry_run)},
      {"schema", 0, "FILE", kChecks, "check names and types against a schema",
       "dotenv-linter's format, with more types.", set_text(flags.env.schema)},
      {"init-schema", 0, "", kChecks, "write a schema made of the example beside PATH, and check nothing", "",
       set_true(flags.init_schema)},
      {"ignore", 0, "CHECK,...", kChecks, "leave out these checks", "By id (ENV-PERM) or by dotenv-linter's names.",
       append_text(flags.ignore)},
      {"host", 0, "HOST", kChecks, "the host of the product: addresses of sign-in must name it", "",
       set_text(flags.env.canonical_host)},
      {"no-history", 0, "", kChecks, "do not look for env files in the history", "", set_true(flags.no_history)},
  };
  for (Flag& flag : output_flags(flags.output)) {
    if (flag.name != "show-secrets" && flag.name != "yes") command.flags.push_back(std::move(flag));
  }
  command.operands = {"PATH", 0, 1, &flags.paths};
  return command;
}

void add_names(std::string_view list, std::vector<std::string>& out) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", "), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

Result<int> fix(const EnvFlags& flags) {
  const auto fixes = env::fix_files(flags.env.path, flags.env.ignore, !flags.dry_run);
  if (!fixes) return tl::unexpected(fixes.error());
  std::string out;
  for (const env::FileFix& one : *fixes) {
    if (flags.dry_run) {
      for (std::string_view rest = one.diff; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        out += terminal_text(rest.substr(0, end)) + "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    } else {
      out += fmt::format("mended {}\n", terminal_text(one.path));
    }
  }
  if (const auto written = write_stdout(out); !written) return tl::unexpected(written.error());
  if (fixes->empty() && !flags.output.quiet) write_stderr("env: nothing to mend\n");
  return static_cast<int>(ExitCode::Clean);
}

Result<int> init_schema(const EnvFlags& flags) {
  for (const char* name : {"/.env.example", "/.env.sample", "/.env.template", "/.env.dist", "/env.example", "/.env"}) {
    const auto text = read_file(flags.env.path + name, std::uint64_t{8} << 20);
    if (!text) continue;
    const auto written = write_stdout(env::schema_of_example(*text));
    if (!written) return tl::unexpected(written.error());
    return static_cast<int>(ExitCode::Clean);
  }
  return fail(ErrorKind::NotFound, "no .env.example to make a schema of", flags.env.path,
              "tightship env --init-schema FOLDER");
}

// Keys that only one of two files has, and those whose values differ. Status 1 when a key is missing in B.
Result<int> diff(Arguments arguments) {
  std::vector<std::string> files;
  Command command;
  command.name = "env diff";
  command.usage = "tightship env diff A B";
  command.brief = "Compares two env files by their keys; says whether values differ, and never shows one.";
  command.detail =
      "Lines that begin with - are keys that B lacks, + keys that A lacks, ~ keys with different values. Status 1 when "
      "B lacks a key of A.";
  command.examples = "  tightship env diff .env.example .env.production\n";
  command.operands = {"FILE", 2, 2, &files};
  const auto go = ready(command, std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  std::vector<std::string> texts;
  for (const std::string& file : files) {
    auto text = read_file(file, std::uint64_t{8} << 20);
    if (!text) return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  std::string out;
  std::size_t missing = 0, extra = 0, differing = 0;
  using Kind = env::KeyDifference::Kind;
  for (const env::KeyDifference& one : env::compare_keys(texts[0], texts[1])) {
    missing += one.kind == Kind::OnlyInFirst;
    extra += one.kind == Kind::OnlyInSecond;
    differing += one.kind == Kind::Differs;
    const char sign = one.kind == Kind::OnlyInFirst ? '-' : one.kind == Kind::OnlyInSecond ? '+' : '~';
    out += fmt::format("{} {}\n", sign, terminal_text(one.key));
  }
  if (const auto written = write_stdout(out); !written) return tl::unexpected(written.error());
  write_stderr(fmt::format("env diff: {} missing in {}, {} only there, {} with another value\n", missing,
                           terminal_text(files[1]), extra, differing));
  return static_cast<int>(missing > 0 ? ExitCode::Findings : ExitCode::Clean);
}

}  // namespace

Result<int> env_command(Arguments arguments) {
  if (!arguments.empty() && arguments.front() == "diff") {
    arguments.erase(arguments.begin());
    return diff(std::move(arguments));
  }
  EnvFlags flags;
  const auto go = ready(env_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  if (!flags.paths.empty()) flags.env.path = flags.paths.front();
  flags.env.history = !flags.no_history;
  for (const std::string& list : flags.ignore) add_names(list, flags.env.ignore);
  if (const char* names = std::getenv("DOTENV_LINTER_IGNORE_CHECKS")) add_names(names, flags.env.ignore);
  if (flags.dry_run && !flags.fix)
    return fail(ErrorKind::Usage, "--dry-run needs --fix", {}, "tightship env --fix --dry-run");
  if (flags.fix && flags.init_schema)
    return fail(ErrorKind::Usage, "--fix and --init-schema exclude one another", {}, "give one of them");
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());
  if (const auto usable = check_problem_formats(*plan); !usable) return tl::unexpected(usable.error());
  if (flags.fix) return fix(flags);
  if (flags.init_schema) return init_schema(flags);
  auto report = env::check_env(flags.env);
  if (!report) return tl::unexpected(report.error());
  return deliver(std::move(*report), *plan);
}

}  // namespace tightship::cli
