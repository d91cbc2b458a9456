#include "bundle/check.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "bundle/folder.h"
#include "bundle/problems.h"
#include "bundle/sweep.h"
#include "lint/project.h"

namespace tightship::bundle {
namespace {

using readiness::Report;

bool is_there(const std::string& path) {
  struct ::stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

// The project that a build belongs to: the nearest folder, up to five above, that a package or repository begins in.
std::string project_of(const std::string& path) {
  std::string folder = path.empty() ? "." : path;
  for (int up = 0; up <= 5; ++up) {
    if (is_there(folder + "/package.json") || is_there(folder + "/.git")) return folder;
    folder += "/..";
  }
  return {};
}

std::optional<lint::Project> open_project(const std::string& path, Ledger& ledger) {
  const std::string folder = project_of(path);
  if (folder.empty()) return std::nullopt;
  auto project = lint::open_project(folder, ledger);
  return project ? std::optional(std::move(*project)) : std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 1'000'000) return fmt::format("{} kB", (bytes + 500) / 1000);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < parts.size() && i < most; ++i) text += (i > 0 ? ", " : "") + parts[i];
  if (parts.size() > most) text += fmt::format(" and {} more", parts.size() - most);
  return text;
}

bool has(const Report& report, std::string_view id) {
  for (const readiness::Problem& problem : report.problems) {
    if (problem.id == id && problem.severity != detect::Severity::Note) return true;
  }
  return false;
}

void add_passed(const Values& values, Report& report) {
  const auto pass = [&](std::string id, std::string text) {
    if (!has(report, id)) report.passed.push_back({std::move(id), std::move(text)});
  };
  if (!values.traced.empty()) {
    pass("BND-ENV-VALUE", fmt::format("none of {} is public", counted(values.traced.size(), "server-only value")));
  }
  const bool value = has(report, "BND-ENV-VALUE");  // of a provider, maybe
  pass("BND-SECRET", value ? "no other provider's secret in public files" : "no provider's secret in public files");
  pass("BND-MAP-PUBLISHED", "no source maps are published");
  pass("BND-INLINE-MAP", "no source maps inside of scripts");
  pass("BND-LOCALHOST", "no address of a developer's machine");
  pass("BND-STAGING", "no address of a staging system");
  pass("BND-PRIVATE-HOST", "no address of a private network");
  pass("BND-DEV-BUILD", "no sign of a development build");
  pass("BND-HTTP-MIXED", "no page loads code over plain http");
  pass("BND-DOTFILES", "no env file, repository or dump among the published files");
  if (!values.names.empty()) pass("BND-ENV-DUMP", "no list of the server's variables");
}

void add_not_checked(const Values& values, Report& report) {
  if (values.traced.empty()) {
    report.not_checked.push_back(
        "values of server-only variables: none is known here; give --env FILE, --env-from-process NAME or "
        "--values-file FILE");
  }
  if (!values.too_short.empty()) {
    report.not_checked.push_back(
        fmt::format("{}: under {} bytes, which any text may hold", joined(values.too_short, 5), kMinValue));
  }
  report.not_checked.push_back("values in pictures, fonts and archives, and what code puts together when it runs");
}

void add_folder_rows(const FolderCounts& counts, Report& report) {
  for (const std::string& folder : counts.server_builds) {
    report.not_checked.push_back(
        fmt::format("{}: has no page, so it was taken for a server's build or a library", folder));
  }
  if (counts.private_files > 0) {
    report.not_checked.push_back(
        fmt::format("{} of the server's part, which browsers do not get", counted(counts.private_files, "file")));
  }
  if (counts.symlinks > 0) report.not_checked.push_back(counted(counts.symlinks, "symbolic link"));
}

void take_losses(const Ledger& ledger, Report& report) {
  report.losses = ledger.entries();
  report.loss_count = ledger.total();
}

Result<void> check_folder(const BundleOptions& options, const Values& values, const Sweep& sweep, Ledger& ledger,
                          std::vector<Sighting>& sightings, Report& report) {
  const auto builds = find_builds(options.path, options.wanted);
  if (!builds) return tl::unexpected(builds.error());
  const FolderCounts counts = sweep_folders(*builds, sweep, options.threads, ledger, sightings);
  report.subject = options.path;
  report.coverage = fmt::format("{}, {}; {}", counted(counts.files, "public file"), size_text(counts.bytes),
                                counted(values.traced.size(), "traced value"));
  if (counts.files == 0 && !counts.server_builds.empty()) {
    report.coverage = fmt::format(
        "nothing public: {} was taken for a server's build or a library (tightship bundle {} checks it all the same)",
        joined(counts.server_builds, 3), counts.server_builds.front());
  }
  add_folder_rows(counts, report);
  return {};
}

Result<void> check_site(const BundleOptions& options, const Values& values, const Sweep& sweep, Ledger& ledger,
                        std::vector<Sighting>& sightings, Report& report) {
  const auto counts = sweep_site(options.url, options.site, sweep, ledger, sightings);
  if (!counts) return tl::unexpected(counts.error());
  report.subject = options.url;
  report.coverage = fmt::format("{}, {} in {}; {}", counted(counts->files, "file"), size_text(counts->bytes),
                                counted(counts->requests, "request"), counted(values.traced.size(), "traced value"));
  if (!counts->foreign_hosts.empty()) {
    report.not_checked.push_back(fmt::format("scripts of other sites: {}", joined(counts->foreign_hosts, 5)));
  }
  report.not_checked.push_back("pages that no script names, and what only a signed-in visitor gets");
  return {};
}

}  // namespace

Result<Report> check_bundle(const BundleOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const detect::RuleSet& rules = options.rules != nullptr ? *options.rules : detect::RuleSet::builtin();
  Ledger ledger;
  Ledger project_ledger;  // of files that are no part of the build: not this check's business
  const std::optional<lint::Project> project = open_project(options.path, project_ledger);
  const auto values = gather_values(project ? &*project : nullptr, options.values, rules, ledger);
  if (!values) return tl::unexpected(values.error());
  const auto sweep = Sweep::make(values->traced, values->names, rules);
  if (!sweep) return tl::unexpected(sweep.error());

  Report report;
  report.command = "bundle";
  std::vector<Sighting> sightings;
  const auto checked = options.url.empty() ? check_folder(options, *values, *sweep, ledger, sightings, report)
                                           : check_site(options, *values, *sweep, ledger, sightings, report);
  if (!checked) return tl::unexpected(checked.error());
  report.problems = build_problems(std::move(sightings), {values->traced, rules, !options.url.empty()});
  add_passed(*values, report);
  add_not_checked(*values, report);
  take_losses(ledger, report);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace tightship::bundle
