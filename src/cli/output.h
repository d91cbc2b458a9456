#pragma once

// Where a report goes and in which form; shared by scan and audit.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/exit_code.h"
#include "cli/flag.h"
#include "cli/stats.h"
#include "detect/finding.h"
#include "report/report.h"

namespace tightship::cli {

// As given on the command line.
struct OutputOptions {
  std::string format, severity = "warning", color = "auto", log_level = "off";
  std::vector<std::string> outputs;
  bool verbose = false, quiet = false, show_secrets = false, yes = false;
  bool exit_zero = false, stats = false, require_complete = false;
  unsigned exit_code = 1;
};

std::vector<Flag> output_flags(OutputOptions& options);

struct OutputTarget {
  report::Format format = report::Format::Text;
  std::string path;  // "-": standard output
};

// Checked and decided, before anything is scanned.
struct OutputPlan {
  std::vector<OutputTarget> targets;
  report::Options report;  // colour and width are set for each target
  ExitPolicy exit;
  bool quiet = false, stats = false;
};

// Fails with Usage: a format that cannot be told, standard output twice, --show-secrets without a
// terminal or --yes; with Io or NotFound when a report could not be written where it shall go.
// Switches colour and log on as the flags say.
Result<OutputPlan> plan_output(const OutputOptions& options);

// Fails when no file can be made at `path`: a long audit must not end in "no such directory".
Result<void> check_writable(const std::string& path);

// "sarif:out.txt", "report.json", "-". An explicit prefix, then `format`, then the extension.
Result<OutputTarget> parse_target(const std::string& text, const std::string& format);

// Now, or what SOURCE_DATE_EPOCH says, in seconds since 1970 UTC: the same input then gives the same bytes.
std::int64_t report_time();

// The parts of deliver(), for reports of another kind (cli/problem_output.h).
report::Options options_for(const OutputTarget& target, const OutputPlan& plan);
Result<void> write_report(const OutputTarget& target, std::string_view text);
void say_written(const OutputPlan& plan);  // "report: FILE (mode 0600)", on stderr

// Adds `remarks` (and that it was interrupted) to the result, writes every report and, on stderr, the
// summary; returns the exit status.
Result<int> deliver(detect::ScanResult result, const std::vector<detect::Remark>& remarks, const OutputPlan& plan,
                    bool interrupted, PhaseTimer& timer);

}  // namespace tightship::cli
