#pragma once

// What was accepted, and by what (detect::ScanResult::allowed).

#include <string>

#include "detect/finding.h"
#include "report/finding_text.h"
#include "report/json_value.h"
#include "report/secret_mask.h"

namespace tightship::report {

// ".tightship/allow.toml:5, Ana: documented example", raw, masked.
std::string allowance_text(const detect::Allowance& allowance, const SecretMask& mask);

// One line for each accepted finding, escaped: "allowed: api/billing.py:31:19: stripe-secret-key 5d0c... (...)".
std::string allowed_text(const detect::ScanResult& result, const SecretMask& mask);

// A finding with its member "allowance".
Json allowed_json(const detect::Finding& finding, const SecretMask& mask);

// suppression (3.35) of SARIF.
Json sarif_suppression(const detect::Allowance& allowance, const SecretMask& mask);

}  // namespace tightship::report
