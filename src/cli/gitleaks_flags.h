#pragma once

// gitleaks' command line (8.30): its flags, their spellings, and what becomes of each (docs/gitleaks.md).

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/flag.h"
#include "unpack/unpack.h"

namespace tightship::cli {

struct GitleaksFlags {
  // Of every command.
  std::string config, baseline, report_path, report_format, report_template, ignore_path = ".";
  std::string log_level = "info", compat;
  std::vector<std::string> enable_rules;
  unsigned exit_code = 1, redact = 100, max_megabytes = 0, timeout = 0;
  std::optional<unsigned> archive_depth;
  bool verbose = false, ignore_allow = false, no_color = false;
  // Of some.
  std::string source = ".", log_opts, platform;
  bool staged = false, pre_commit = false, no_git = false, pipe = false;
  std::vector<std::string> operands;
  std::vector<std::string> warnings;  // what was asked for and cannot be honoured

  bool like_gitleaks() const { return compat == "gitleaks"; }
  // gitleaks opens no archive unless told to.
  unpack::Limits archives() const {
    unpack::Limits limits;
    if (archive_depth || like_gitleaks()) limits.depth = std::min(archive_depth.value_or(0), unpack::kMaxDepth);
    return limits;
  }
};

// gitleaks takes `--redact`, `--redact=20`, `--staged=false`, `--enable-rule a,b`. In terms of our parser.
std::vector<std::string> plain_arguments(std::vector<std::string> arguments);

std::vector<Flag> common_gitleaks_flags(GitleaksFlags& flags);
std::vector<Flag> git_gitleaks_flags(GitleaksFlags& flags);

}  // namespace tightship::cli
