#pragma once

// Parts of a SARIF 2.1.0 log. Source of the format: OASIS "Static Analysis Results Interchange Format
// (SARIF) Version 2.1.0"; the sections are named at what they explain.

#include <string>
#include <string_view>

#include "detect/finding.h"
#include "report/json_value.h"
#include "report/secret_mask.h"

namespace tightship::report {

// A relative URI reference: every byte that is not unreserved (RFC 3986) nor '/' is percent-encoded.
std::string percent_encode(std::string_view path);

// message (3.11) with `text`, in which nothing is an embedded link (3.11.6) that we did not write.
Json sarif_message(std::string_view text);

// reportingDescriptor (3.49) of a rule.
Json sarif_rule(const detect::Rule& rule);

// location (3.28) of an occurrence. What is no file, or has no name, is a logical location.
Json sarif_location(const detect::Finding& finding, const detect::Occurrence& occurrence, const SecretMask& mask);

}  // namespace tightship::report
