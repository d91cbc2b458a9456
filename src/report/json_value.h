#pragma once

// Parts of the JSON reports (docs/formats/json.md). Every text from a repository is masked here, and
// bytes that are no UTF-8 are kept in a second member `<name>_base64`.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "detect/finding.h"
#include "report/report.h"  // before `Json`, which its Format::Json would shadow
#include "report/secret_mask.h"

namespace tightship::report {

using Json = nlohmann::ordered_json;

// Invalid bytes become U+FFFD.
std::string lossy_utf8(std::string_view raw);

std::string base64(std::string_view raw);

// object[name] = masked `raw`, and object[name + "_base64"] when that is no UTF-8.
void put_text(Json& object, const std::string& name, std::string_view raw, const SecretMask& mask);
// The same of what is masked already.
void put_masked(Json& object, const std::string& name, const std::string& masked);

Json finding_json(const detect::Finding& finding, const SecretMask& mask);

// All members of the report but the findings.
Json report_json(const detect::ScanResult& result, const SecretMask& mask);

// ASCII only, so that no terminal is moved by it either. `indent` -1: one line.
std::string dump(const Json& value, int indent);

}  // namespace tightship::report
