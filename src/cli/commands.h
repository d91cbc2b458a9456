#pragma once

// The commands. Each takes the arguments after its name and returns the exit status; an error is
// printed by the caller, with status 2.

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"

namespace tightship::cli {

using Arguments = std::vector<std::string>;

Result<int> scan_command(Arguments arguments);
Result<int> audit_command(Arguments arguments);
Result<int> bundle_command(Arguments arguments);
Result<int> ci_command(Arguments arguments);
Result<int> allow_command(Arguments arguments);
Result<int> fix_command(Arguments arguments);  // plan
Result<int> redact_command(Arguments arguments);
Result<int> baseline_command(Arguments arguments);  // create, update, check
Result<int> explain_command(Arguments arguments);
Result<int> rules_command(Arguments arguments);  // list, check, explain, bench, diff, import, expand
Result<int> hook_command(Arguments arguments);   // install, uninstall, status, run
Result<int> cache_command(Arguments arguments);  // status, clear
Result<int> launch_command(Arguments arguments);
Result<int> handover_command(Arguments arguments);
Result<int> dns_command(Arguments arguments);
Result<int> tls_command(Arguments arguments);
Result<int> config_command(Arguments arguments);  // check what configuration gives away
Result<int> http_command(Arguments arguments);
Result<int> env_command(Arguments arguments);  // and: env diff
Result<int> help_command(Arguments arguments);

// gitleaks' command line (docs/gitleaks.md).
Result<int> gitleaks_git_command(Arguments arguments);
Result<int> gitleaks_dir_command(Arguments arguments);
Result<int> gitleaks_stdin_command(Arguments arguments);
Result<int> gitleaks_detect_command(Arguments arguments);
Result<int> gitleaks_protect_command(Arguments arguments);

Result<int> rules_list_command(Arguments arguments);
Result<int> rules_check_command(Arguments arguments);
Result<int> rules_bench_command(Arguments arguments);
Result<int> rules_diff_command(Arguments arguments);
Result<int> rules_expand_command(Arguments arguments);
Result<int> rules_import_command(Arguments arguments);

Result<int> hook_install_command(Arguments arguments);
Result<int> hook_uninstall_command(Arguments arguments);
Result<int> hook_status_command(Arguments arguments);
Result<int> hook_run_command(Arguments arguments);

// Parses; prints the help and returns false when that was asked for instead.
Result<bool> ready(const Command& command, Arguments arguments);

// "tightship" alone: what there is.
std::string overview();

}  // namespace tightship::cli
