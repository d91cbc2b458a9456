#pragma once

// Flags of the commands that open connections: tls and http.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"
#include "cli/output.h"

namespace tightship::cli {

std::vector<Flag> network_flags(std::vector<std::string>& resolve, std::string& ca_file, std::string& config);

// --now DAY: judges expiry as if it were that day. For tests and for "what will be in a month".
Flag now_flag(std::string& text);
// Seconds since 1970 of noon UTC of that day; the clock when it is empty. Fails with Usage.
Result<std::int64_t> parse_now(const std::string& text);

// output_flags without what only findings of secrets have.
std::vector<Flag> problem_flags(OutputOptions& options);

// The hosts of tightship.toml: that of the canonical URL, its www or root counterpart, and all of `hosts`.
Result<std::vector<std::string>> configured_hosts(const std::string& config);

}  // namespace tightship::cli
