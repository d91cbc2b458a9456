#pragma once

// Reports in gitleaks' shape (8.30), so that what reads its reports reads ours: JSON, CSV, JUnit and SARIF
// with its fields, order and spelling, and its fingerprints COMMIT:FILE:RULE:LINE and FILE:RULE:LINE.
//
// One difference of substance: a secret is redacted unless GitleaksOptions::redact is 0. Then no value of
// any finding is in any field, messages and paths included.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/finding.h"
#include "detect/rule.h"

namespace tightship::report {

enum class GitleaksFormat : std::uint8_t { Json, Csv, Junit, Sarif };

struct GitleaksOptions {
  unsigned redact = 100;             // percent of a secret that is left out; 100: all of it, 0: nothing
  std::string platform;              // "github", "gitlab", "azuredevops", "gitea", "bitbucket"; empty: no links
  std::string remote_url;            // "https://github.com/acme/shop"
  bool columns_of_gitleaks = false;  // one more behind the first line of a file, as it counts
};

// gitleaks' Finding. Lines and columns are 1-based; the end column is the last one.
struct GitleaksRow {
  std::string rule_id, description;
  std::uint32_t start_line = 0, end_line = 0, start_column = 0, end_column = 0;
  std::string match, secret, file, symlink_file, commit, link;
  float entropy = 0;
  std::string author, email, date, message;
  std::vector<std::string> tags;
  std::string fingerprint;
};

// One for each place of each finding that is no note; sorted by file, line, rule and commit.
std::vector<GitleaksRow> gitleaks_rows(const detect::ScanResult& result, const GitleaksOptions& options);

// `rules` are named in SARIF only. CSV of no rows is empty.
std::string render_gitleaks(const std::vector<GitleaksRow>& rows, const std::vector<detect::Rule>& rules,
                            GitleaksFormat format);

// "https://github.com/acme/shop" of a remote's URL in any of git's forms; empty when it has no web page.
std::string web_url(std::string_view remote);
// The platform whose host the URL names; empty when it is none of them.
std::string_view platform_of(std::string_view web_url);

}  // namespace tightship::report
