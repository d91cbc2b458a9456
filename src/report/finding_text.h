#pragma once

// A finding as text: the diagnostic of its first occurrence with notes, one concise line, or in full.

#include <string>
#include <string_view>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

std::string finding_text(const detect::Finding& finding, const Options& options, const SecretMask& mask);

// As a hook says it: `seen` as the hook knows it, and the bare id.
std::string blocked_finding_text(const detect::Finding& finding, std::string_view seen, const Options& options,
                                 const SecretMask& mask);

// With everything that is known: facts, refs, and a line for each occurrence that was kept.
std::string finding_details(const detect::Finding& finding, const Options& options, const SecretMask& mask);

// "path:line:column: error[rule] title redacted fingerprint" and a line end.
std::string finding_concise(const detect::Finding& finding, const SecretMask& mask);

std::string title_of(const detect::Finding& finding);  // escaped
// What to call it among others: the name that the value is assigned to ("POSTGRES_PASSWORD") where the rule knows no
// more than that, else the title. Escaped.
std::string subject_of(const detect::Finding& finding, const SecretMask& mask);
std::string rule_id_of(const detect::Finding& finding);  // escaped
std::uint64_t place_count(const detect::Finding& finding);

}  // namespace tightship::report
