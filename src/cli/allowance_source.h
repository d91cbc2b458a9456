#pragma once

// Which allowances a command honours: those of the repository, and those of --baseline.

#include <string>
#include <vector>

#include "allow/allowances.h"
#include "base/result.h"
#include "cli/flag.h"
#include "detect/finding.h"

namespace tightship::cli {

struct AllowOptions {
  std::vector<std::string> baselines;  // --baseline
};

// For every command that reports findings.
std::vector<Flag> allow_flags(AllowOptions& options);

// How the paths of a result are to be understood.
enum class PathSpace : std::uint8_t {
  Typed,       // as arguments of the command: relative to the working directory (scan)
  Repository,  // relative to the root of the repository (audit, ranges, staged)
};

struct AllowSource {
  allow::Allowances allowances;
  PathSpace space = PathSpace::Typed;
  std::vector<std::string> roots;  // absolute; for Typed
  bool in_repository = false;
};

// `scanned` as for load_rules: for each the files at the root of its work tree (or of the folder itself)
// and of folders of it that the index names take part, unless `no_repo_config`; a bare repository has
// none. Fails with Config after having drawn every problem of the files on stderr.
Result<AllowSource> load_allowances(const AllowOptions& options, bool no_repo_config,
                                    const std::vector<std::string>& scanned, PathSpace space);

// Moves accepted findings to result.allowed and says so in its remarks; see allow::apply. What was
// covered is told by the job, and for a scan by `scanned`.
allow::Applied apply_allowances(const AllowSource& source, const std::vector<std::string>& scanned,
                                detect::ScanResult& result);

// A baseline of tightship, or a report of gitleaks: by content. Fails with NotFound, Io or Limit, and
// with Config after having drawn every problem.
Result<void> read_baseline(const std::string& path, const std::string& folder, allow::Allowances& allowances);

// Draws the problems; an error when the file cannot be used.
Result<void> check_source(const allow::Source& source);

// The root of the work tree that holds `path`, the folder itself outside of any repository, nothing for a
// bare repository; absolute, without symbolic links.
struct ConfigRoot {
  std::string path;
  bool in_repository = false;
};
ConfigRoot config_root(const std::string& path);

// `path` as a reader of the working directory would write it.
std::string shown_path(const std::string& path);

}  // namespace tightship::cli
