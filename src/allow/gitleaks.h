#pragma once

// What users of gitleaks have accepted already: .gitleaksignore, and a JSON report taken as a baseline.
// Formats: gitleaks 8.30, the fingerprints COMMIT:FILE:RULE:LINE and FILE:RULE:LINE, and the fields
// RuleID, File, StartLine, Commit, Secret of a report's objects.
//
// Both name a place, and gitleaks' rule. Their rules have other ids than ours, so that at a place the
// finding is chosen whose rule is the same, else of the same vendor (the ids' first words), else the only
// one there. Several that fit none of these are left alone: an entry never hides two secrets.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "allow/source.h"

namespace tightship::allow {

inline constexpr std::string_view kGitleaksIgnore = ".gitleaksignore";

struct PlacedEntry {
  std::string commit;       // full hexadecimal id, or empty: any commit
  std::string file, rule;   // '/' between the parts of a path; relative to Source::folder, or absolute
  std::uint32_t line = 0;   // 1-based; 0: of a file that a rule reports by its path
  std::string secret_hash;  // SHA-256 of the secret, when a report shows it; the place is then of no account
  std::uint32_t source_line = 0;
};

struct PlacedList {
  Source source;
  std::vector<PlacedEntry> entries;
};

// What cannot be understood is a Warning, as in gitleaks. `folder` as Source::folder.
PlacedList parse_gitleaks_ignore(std::string text, std::string path, std::string folder = {});

// A JSON array of objects; other fields are passed over. Anything else is an Error. Secrets are hashed
// at once and not kept; the text is not kept either.
PlacedList parse_gitleaks_report(std::string_view text, std::string path, std::string folder = {});

// Whether `text` is JSON rather than a baseline of tightship.
bool looks_like_json(std::string_view text);

// How well gitleaks' rule id fits one of ours: 2 the same, 1 the same first word, 0 not.
int rule_fit(std::string_view theirs, std::string_view ours);

}  // namespace tightship::allow
