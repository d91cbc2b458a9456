#pragma once

// JSON, JSON lines and SARIF 2.1.0. Formats: docs/formats/json.md, docs/formats/sarif.md.

#include <string>

#include "detect/finding.h"
#include "report/report.h"
#include "report/secret_mask.h"

namespace tightship::report {

std::string render_json(const detect::ScanResult& result, const SecretMask& mask);
std::string render_jsonl(const detect::ScanResult& result, const SecretMask& mask);
std::string render_sarif(const detect::ScanResult& result, const Options& options, const SecretMask& mask);

}  // namespace tightship::report
