#pragma once

// The checks of `tightship launch`, each of which adds what it found to one report.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/allowance_source.h"
#include "cli/rule_source.h"
#include "launch/report.h"
#include "net/site_config.h"
#include "scan/worktree.h"

namespace tightship::cli {

struct LaunchRequest {
  std::string path = ".";
  bool history = true;
  std::vector<std::string> builds;     // folders of builds; empty: those that are found
  std::vector<std::string> env_files;  // whose values are traced in builds; empty: the project's own
  std::string canonical_host;          // that the product is served from; empty: unknown
  std::string url;                     // of a deployed page, or empty
  std::vector<std::string> resolve;    // as of curl, for url
  std::string ca_file;
  unsigned threads = 0;
  std::string cache_folder;
  RuleOptions rules;
  AllowOptions allow;
};

// Collects problems until the rows are made: rows are of all checks together.
class LaunchGather {
 public:
  explicit LaunchGather(launch::Report& report) : report_(report) {}

  // What a check gave, and the seconds it took. One that failed is named among what was not read.
  void take(const std::string& command, Result<readiness::Report> found, double seconds);
  // What several checks together say.
  void add(readiness::Report found);
  // A check that has nothing to look at, or was not asked for.
  void leave_out(const std::string& command, const std::string& reason);
  // A scan or an audit; `source` is "code" or "history".
  void add(const detect::ScanResult& result, const std::string& source, double seconds);
  // Rules and allowances of the repository that took part: what they keep out is not in the report, so they are
  // named in it. Each once.
  void note(const std::vector<detect::Remark>& remarks);
  // Values (readiness::value_id) that an allow file or a baseline accepts wherever they stand: no check reports them.
  void accept(const std::vector<std::string>& value_ids);
  // The report holds what was found until then, and is not complete.
  void interrupted();
  // Ranks everything. What the settings leave out is said among what was not checked.
  void finish(const launch::Settings& settings);

 private:
  void add_losses(const std::vector<Loss>& losses, std::uint64_t count);
  void drop_accepted();

  launch::Report& report_;
  std::vector<readiness::Problem> problems_;
  std::set<std::string> accepted_;
};

// Puts what a job found into the report (launch_lanes.h). Fails when the whole command must.
using Delivery = std::function<Result<void>(LaunchGather&)>;
struct LaunchJob {
  std::string name;  // of what it checks, for a report without it: "dns, tls, http"
  std::function<Delivery()> work;
};

// The files as they lie there, and every object of the repository. Their deliveries fail with Config when allowances
// are wrong; what cannot be read is in the report.
std::vector<LaunchJob> secret_jobs(const LaunchRequest& request, const detect::RuleSet& rules,
                                   scan::Progress& progress);

// Env files, configuration and builds of the project. Only a url opens connections.
std::vector<LaunchJob> project_jobs(const LaunchRequest& request, const detect::RuleSet& rules);

// `file`, or the tightship.toml of the request's path, or nothing when there is none or the repository is not
// trusted.
Result<net::SiteConfig> site_config_of(const std::string& file, const LaunchRequest& request);

// "main@3f2a91c" of the repository that holds `path`; empty outside of one, or before the first commit.
std::string repository_words(const std::string& path);

}  // namespace tightship::cli
