#pragma once

// Repositories for tests of the audit, and what it found in them in a comparable form.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "detect/token_template.h"
#include "scan/audit.h"
#include "support/git_fixture.h"
#include "support/opened.h"

namespace tightship::test {

// A GitHub token with a valid checksum; another one for each number.
inline std::string token(std::uint64_t number) {
  return *detect::expand_template("ghp_{base62:30}{crc32-base62}", 1000 + number);
}

inline detect::ScanResult audit(const std::string& path, scan::AuditOptions options = {}) {
  options.path = path;
  if (options.threads == 0) options.threads = 2;
  scan::Progress progress;
  auto result = scan::audit_repository(detect::RuleSet::builtin(), options, progress);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().what);
  return result ? std::move(*result) : detect::ScanResult{};
}

inline const detect::Finding* finding_of(const detect::ScanResult& result, const std::string& secret) {
  for (const detect::Finding& finding : result.findings) {
    if (finding.secret == secret) return &finding;
  }
  return nullptr;
}

// "rule secret place path" of every occurrence.
inline std::set<std::string> places(const detect::ScanResult& result) {
  std::set<std::string> out;
  for (const detect::Finding& finding : result.findings) {
    for (const detect::Occurrence& where : finding.occurrences) {
      out.insert(std::string(finding.rule->id) + ' ' + finding.fingerprint + ' ' +
                 std::string(detect::place_name(where.place)) + ' ' + where.path + ' ' + where.member + ' ' +
                 std::to_string(where.position.line) + ':' + std::to_string(where.position.column) + ' ' +
                 (where.commit ? where.commit->id.hex() : "-") + ' ' + std::to_string(where.versions) +
                 (where.in_head ? " head" : ""));
    }
  }
  return out;
}

}  // namespace tightship::test
