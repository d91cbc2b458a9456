#pragma once

// What the reports for CI services say about a finding, in pieces. Raw bytes with secrets masked: the
// report escapes them for its language.

#include <string>
#include <vector>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

// Those that the report shows: notes only when asked for. In the order of the result.
std::vector<const detect::Finding*> reported_findings(const detect::ScanResult& result, const Options& options);

// "sk_live_…Qw8z: format valid, live mode: moves money and reads customer data"
std::string value_and_reason(const detect::Finding& finding, const SecretMask& mask);

// "roll the key in the Stripe dashboard, then read it from STRIPE_SECRET_KEY"
std::string rotation_text(const detect::Finding& finding);

// "api/billing.py@8c1d2e3:31:19", escaped; "-" for a finding without a place.
std::string first_place(const detect::Finding& finding, const SecretMask& mask);

// The first occurrence that is a line of a file which stands in the checked-out tree under a name that
// every consumer can take as it is; null when there is none: a line of history is not a line of the tree.
const detect::Occurrence* place_in_tree(const detect::Finding& finding, const SecretMask& mask);

// "incomplete: 2 missing objects" with what is listed below it; empty when complete.
std::string incompleteness(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

}  // namespace tightship::report
