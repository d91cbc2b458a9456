#include <utility>

#include "cli/commands.h"
#include "cli/problem_output.h"
#include "config/check.h"

namespace tightship::cli {
namespace {

struct ConfigFlags {
  std::vector<std::string> paths;
  OutputOptions output;
};

Command config_record(ConfigFlags& flags) {
  Command command;
  command.name = "config";
  command.usage = "tightship config [FLAGS] [PATH...]";
  command.brief = "Checks what a project's configuration gives away or breaks before it goes live.";
  command.detail =
      "Reads the configuration of build tools (Vite, Next.js, Nuxt, webpack, Expo), hosting platforms (Vercel, "
      "Netlify, "
      "Cloudflare, Fly, Render, Railway, Heroku), databases (Supabase: row level security over all migrations; "
      "Firebase "
      "rules), Dockerfiles and compose files, GitHub Actions, Kubernetes, nginx, registry logins, Terraform and AI "
      "tools, "
      "and looks at server code for CORS and cookies. Nothing is run and nothing is sent anywhere.\n\n"
      "In a work tree of git the files are those that git tracks or does not ignore. An error rests on the structure "
      "of a "
      "file and, where it is about a secret, on a value that is one; a name alone is a warning; what refers to a value "
      "elsewhere (${X}, secretKeyRef, op://...) is never reported. Notes are shown with -v.\n\n"
      "docs/checks/config.md says what each check means and how to fix it.";
  command.examples =
      "  tightship config\n"
      "  tightship config --format concise apps/web\n"
      "  tightship config supabase/config.toml\n"
      "  tightship config -q -o config.sarif --severity error";
  for (Flag& flag : output_flags(flags.output)) command.flags.push_back(std::move(flag));
  command.operands = {"PATH", 0, 1'000, &flags.paths};
  return command;
}

// A file is shown as it was typed already.
std::string shown(const std::string& path, const std::string& spot) {
  if (spot == path || path == ".") return spot;
  return path + (path.ends_with('/') ? "" : "/") + spot;
}

// Several paths are one report.
Result<readiness::Report> check_all(const std::vector<std::string>& paths) {
  if (paths.empty()) return config::check_config({});
  readiness::Report all;
  for (const std::string& path : paths) {
    config::ConfigOptions options;
    options.path = path;
    auto one = config::check_config(options);
    if (!one || paths.size() == 1) return one;
    for (readiness::Problem& problem : one->problems) {
      for (readiness::Spot& spot : problem.spots) spot.path = shown(path, spot.path);
      all.problems.push_back(std::move(problem));
    }
    all.command = one->command;
    all.subject += (all.subject.empty() ? "" : " ") + path;
    all.coverage += (all.coverage.empty() ? "" : ", ") + one->coverage;
    all.not_checked = one->not_checked;
    all.passed.insert(all.passed.end(), one->passed.begin(), one->passed.end());
    all.losses.insert(all.losses.end(), one->losses.begin(), one->losses.end());
    all.loss_count += one->loss_count;
    all.seconds += one->seconds;
  }
  return all;
}

}  // namespace

Result<int> config_command(Arguments arguments) {
  ConfigFlags flags;
  const auto go = ready(config_record(flags), std::move(arguments));
  if (!go) return tl::unexpected(go.error());
  if (!*go) return 0;
  const auto plan = plan_output(flags.output);
  if (!plan) return tl::unexpected(plan.error());
  if (const auto usable = check_problem_formats(*plan); !usable) return tl::unexpected(usable.error());
  auto report = check_all(flags.paths);
  if (!report) return tl::unexpected(report.error());
  return deliver(std::move(*report), *plan);
}

}  // namespace tightship::cli
