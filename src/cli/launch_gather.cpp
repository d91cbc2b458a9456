#include "cli/launch_gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>

#include "bundle/check.h"
#include "config/check.h"
#include "env/check.h"
#include "git/repository.h"
#include "report/summary.h"
#include "report/words.h"
#include "scan/audit.h"

namespace tightship::cli {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool must_rotate(const detect::Finding& finding) {
  return finding.severity == detect::Severity::Error && finding.kind == detect::Kind::Secret;
}

// The name of a branch without its folder: "main" of "refs/heads/main".
std::string short_name(const std::string& ref) {
  constexpr std::string_view kHeads = "refs/heads/";
  return ref.starts_with(kHeads) ? ref.substr(kHeads.size()) : ref;
}

// Places as the other checks name them: relative to the folder that was asked for.
void make_relative(std::vector<readiness::Spot>& spots, const std::string& folder) {
  const std::string start = folder.ends_with('/') ? folder : folder + "/";
  for (readiness::Spot& spot : spots) {
    if (spot.path.starts_with(start)) spot.path.erase(0, start.size());
  }
}

enum class Home : std::uint8_t { Folder, WorkTree, Bare };

Home home_of(const std::string& path) {
  Ledger unused;
  const auto repository = git::open_repository(path, false, unused);
  if (!repository) return Home::Folder;
  return repository->work_tree.empty() ? Home::Bare : Home::WorkTree;
}

Delivery failed(Error error) {
  return [error = std::move(error)](LaunchGather&) -> Result<void> { return tl::unexpected(error); };
}

// Whose every place an entry for its id accepted: not those that a folder's file accepts in that folder only.
std::vector<std::string> accepted_values(const detect::ScanResult& result, const allow::Applied& applied,
                                         const AllowSource& source) {
  std::set<std::string> kept, by_id;
  for (const detect::Finding& finding : result.findings) kept.insert(finding.fingerprint);
  for (const allow::UsedEntry& used : applied.used) by_id.insert(used.fingerprint);
  std::vector<std::string> values;
  for (const detect::Finding& finding : result.allowed) {
    const std::string& id = finding.fingerprint;
    const bool in_baseline = std::any_of(source.allowances.baselines.begin(), source.allowances.baselines.end(),
                                         [&](const auto& baseline) { return baseline.find(id) != nullptr; });
    if ((by_id.contains(id) || in_baseline) && !kept.contains(id))
      values.push_back(readiness::value_id(finding.secret));
  }
  return values;
}

// What a scan or an audit found, its allowances applied.
Delivery finished(const LaunchRequest& request, const AllowSource& allowances, detect::ScanResult result,
                  const std::string& source, Clock::time_point start) {
  const allow::Applied applied = apply_allowances(allowances, {request.path}, result);
  std::vector<std::string> values = accepted_values(result, applied, allowances);
  const double seconds = since(start);
  // A delivery is copied, a result is large.
  auto shared = std::make_shared<const detect::ScanResult>(std::move(result));
  return [shared, source, seconds, values = std::move(values)](LaunchGather& gather) -> Result<void> {
    gather.accept(values);
    gather.add(*shared, source, seconds);
    return {};
  };
}

Delivery scan_files(const LaunchRequest& request, const detect::RuleSet& rules, scan::Progress& progress) {
  const auto start = Clock::now();
  const auto allowances =
      load_allowances(request.allow, request.rules.no_repo_config, {request.path}, PathSpace::Typed);
  if (!allowances) return failed(allowances.error());
  scan::WorktreeOptions options;
  options.paths = {request.path};
  options.threads = request.threads;
  auto result = scan::scan_worktree(rules, options, progress);
  if (!result) return failed(result.error());
  return finished(request, *allowances, std::move(*result), "code", start);
}

Delivery audit_history(const LaunchRequest& request, const detect::RuleSet& rules, scan::Progress& progress) {
  const auto start = Clock::now();
  const auto allowances =
      load_allowances(request.allow, request.rules.no_repo_config, {request.path}, PathSpace::Repository);
  if (!allowances) return failed(allowances.error());
  scan::AuditOptions options;
  options.path = request.path;
  options.threads = request.threads;
  options.cache_folder = request.cache_folder;
  auto result = scan::audit_repository(rules, options, progress);
  if (!result) return failed(result.error());
  return finished(request, *allowances, std::move(*result), "history", start);
}

Delivery left_out(const std::string& command, const std::string& reason) {
  return [command, reason](LaunchGather& gather) -> Result<void> {
    gather.leave_out(command, reason);
    return {};
  };
}

LaunchJob leave_out_job(const std::string& command, const std::string& reason) {
  return {command, [command, reason] { return left_out(command, reason); }};
}

// Runs a check, timed.
Delivery checked(const std::string& command, const std::function<Result<readiness::Report>()>& check) {
  const auto start = Clock::now();
  auto found = check();
  return [command, found = std::move(found), seconds = since(start)](LaunchGather& gather) -> Result<void> {
    gather.take(command, found, seconds);
    return {};
  };
}

bundle::BundleOptions bundle_options(const LaunchRequest& request, const detect::RuleSet& rules,
                                     const std::string& path) {
  bundle::BundleOptions options;
  options.path = path;
  options.values.env_files = request.env_files;
  options.site.resolve = request.resolve;
  options.site.ca_file = request.ca_file;
  options.threads = request.threads;
  options.rules = &rules;
  return options;
}

env::EnvOptions env_options(const LaunchRequest& request) {
  env::EnvOptions options;
  options.path = request.path;
  options.history = request.history;
  options.canonical_host = request.canonical_host;
  return options;
}

// A project without a build is no fault: most have none lying there.
Delivery check_build(const LaunchRequest& request, const detect::RuleSet& rules, const std::string& path) {
  bundle::BundleOptions options = bundle_options(request, rules, path);
  if (request.builds.empty()) options.wanted = bundle::Wanted::Outputs;
  const auto start = Clock::now();
  auto report = bundle::check_bundle(options);
  const bool none = !report && report.error().kind == ErrorKind::NotFound && request.builds.empty();
  if (none) return left_out("bundle", "no build output found");
  return [report = std::move(report), seconds = since(start)](LaunchGather& gather) -> Result<void> {
    gather.take("bundle", report, seconds);
    return {};
  };
}

}  // namespace

void LaunchGather::add_losses(const std::vector<Loss>& losses, std::uint64_t count) {
  report_.loss_count += count;
  for (const Loss& loss : losses) {
    if (report_.losses.size() < Ledger::kMaxEntries) report_.losses.push_back(loss);
  }
}

void LaunchGather::take(const std::string& command, Result<readiness::Report> found, double seconds) {
  if (!found) {
    const Error& error = found.error();
    const std::string what = error.where.empty() ? error.what : error.what + ": " + error.where;
    add_losses({{LossKind::Unsupported, "the check did not run: " + what, command, error.help}}, 1);
    leave_out(command, what);
    return;
  }
  report_.sections.push_back({command, found->coverage, true, seconds});
  add(std::move(*found));
}

void LaunchGather::add(readiness::Report found) {
  std::move(found.problems.begin(), found.problems.end(), std::back_inserter(problems_));
  std::move(found.passed.begin(), found.passed.end(), std::back_inserter(report_.passed));
  for (const std::string& text : found.not_checked) {
    const bool there = std::find(report_.limits.begin(), report_.limits.end(), text) != report_.limits.end();
    if (!there) report_.limits.push_back(text);
  }
  add_losses(found.losses, found.loss_count);
}

void LaunchGather::leave_out(const std::string& command, const std::string& reason) {
  report_.sections.push_back({command, reason, false, 0});
}

void LaunchGather::add(const detect::ScanResult& result, const std::string& source, double seconds) {
  auto found = launch::from_findings(result, source);
  for (readiness::Problem& problem : found) make_relative(problem.spots, report_.subject);
  std::move(found.begin(), found.end(), std::back_inserter(problems_));
  add_losses(result.losses, result.loss_count);
  note(result.remarks);
  report_.sections.push_back({source, report::extent_text(result), true, seconds});
  if (result.job != detect::ScanResult::Job::Audit) return;
  for (const detect::Finding& finding : result.findings) {
    if (!must_rotate(finding)) continue;
    ++report_.ever_committed;
    report_.still_in_head += finding.in_head ? 1 : 0;
  }
}

void LaunchGather::note(const std::vector<detect::Remark>& remarks) {
  for (const detect::Remark& remark : remarks) {
    const auto& known = report_.not_checked;
    if (std::find(known.begin(), known.end(), remark.text) == known.end()) report_.not_checked.push_back(remark.text);
  }
}

void LaunchGather::accept(const std::vector<std::string>& value_ids) {
  accepted_.insert(value_ids.begin(), value_ids.end());
}

void LaunchGather::drop_accepted() {
  // In a place where the entry does not hold, the value is still a row; then all of its places are told.
  for (const readiness::Problem& problem : problems_) {
    if (problem.source == "code" || problem.source == "history") accepted_.erase(problem.value_id);
  }
  const auto dropped =
      std::erase_if(problems_, [&](const readiness::Problem& problem) { return accepted_.contains(problem.value_id); });
  if (dropped == 0) return;
  report_.not_checked.push_back(
      fmt::format("{} place{} of values that the repository accepts", dropped, dropped == 1 ? "" : "s"));
}

void LaunchGather::interrupted() {
  add_losses({{LossKind::LimitExceeded, "interrupted before everything was read", "", "run it again"}}, 1);
}

void LaunchGather::finish(const launch::Settings& settings) {
  drop_accepted();
  for (const std::string& id : launch::apply_settings(settings, problems_)) {
    report_.not_checked.push_back(id + " (off in tightship.toml)");
  }
  report_.rows = launch::rows_of(std::move(problems_));
}

std::vector<LaunchJob> secret_jobs(const LaunchRequest& request, const detect::RuleSet& rules,
                                   scan::Progress& progress) {
  const Home home = home_of(request.path);
  std::vector<LaunchJob> jobs;
  if (home == Home::Bare)
    jobs.push_back(leave_out_job("code", "a bare repository"));
  else
    jobs.push_back({"code", [&] { return scan_files(request, rules, progress); }});
  if (home != Home::Folder && request.history)
    jobs.push_back({"history", [&] { return audit_history(request, rules, progress); }});
  else
    jobs.push_back(leave_out_job("history", request.history ? "no git repository" : "--no-history"));
  return jobs;
}

std::vector<LaunchJob> project_jobs(const LaunchRequest& request, const detect::RuleSet& rules) {
  if (home_of(request.path) == Home::Bare) return {leave_out_job("env, config, bundle", "a bare repository")};
  std::vector<LaunchJob> jobs;
  jobs.push_back({"env", [&] { return checked("env", [&] { return env::check_env(env_options(request)); }); }});
  jobs.push_back({"config", [&] {
                    return checked("config", [&] { return config::check_config({request.path, &rules}); });
                  }});
  if (request.builds.empty()) jobs.push_back({"bundle", [&] { return check_build(request, rules, request.path); }});
  for (const std::string& build : request.builds)
    jobs.push_back({"bundle", [&] { return check_build(request, rules, build); }});
  if (request.url.empty()) return jobs;
  jobs.push_back({"bundle", [&] {
                    return checked("bundle", [&] {
                      bundle::BundleOptions options = bundle_options(request, rules, request.path);
                      options.url = request.url;
                      return bundle::check_bundle(options);
                    });
                  }});
  return jobs;
}

Result<net::SiteConfig> site_config_of(const std::string& file, const LaunchRequest& request) {
  if (!file.empty()) return net::read_site_config(file);
  if (request.rules.no_repo_config) return net::SiteConfig{};
  std::error_code ignored;
  const std::filesystem::path there = std::filesystem::path(request.path) / net::kSiteConfigName;
  if (!std::filesystem::exists(std::filesystem::symlink_status(there, ignored))) return net::SiteConfig{};
  return net::read_site_config(there.lexically_normal().string());
}

std::string repository_words(const std::string& path) {
  Ledger unused;
  const auto repository = git::open_repository(path, false, unused);
  if (!repository) return {};
  for (const git::Ref& ref : git::read_refs(*repository, unused)) {
    if (ref.name != "HEAD") continue;
    const std::string name = ref.symbolic.empty() ? "detached" : short_name(ref.symbolic);
    return name + "@" + ref.target.short_hex();
  }
  return {};
}

}  // namespace tightship::cli
