#include "report/allowed.h"

#include <fmt/format.h>

#include "base/terminal_text.h"
#include "report/finding_text.h"
#include "report/place_text.h"

namespace tightship::report {

std::string allowance_text(const detect::Allowance& allowance, const SecretMask& mask) {
  std::string text = allowance.file;
  if (allowance.line > 0) text += fmt::format(":{}", allowance.line);
  if (!allowance.by.empty()) text += ", " + allowance.by;
  if (!allowance.reason.empty()) text += ": " + allowance.reason;
  return mask.mask(text);
}

std::string allowed_text(const detect::ScanResult& result, const SecretMask& mask) {
  std::string text;
  for (const detect::Finding& finding : result.allowed) {
    if (!finding.allowance) continue;
    const std::string place =
        finding.occurrences.empty() ? std::string("-") : place_line(finding.occurrences.front(), mask, Column::Shown);
    text += fmt::format("allowed: {}: {} {} ({})\n", place, rule_id_of(finding), terminal_text(finding.fingerprint),
                        terminal_text(allowance_text(*finding.allowance, mask)));
  }
  return text;
}

Json allowed_json(const detect::Finding& finding, const SecretMask& mask) {
  Json json = finding_json(finding, mask);
  if (!finding.allowance) return json;
  Json allowance;
  put_text(allowance, "file", finding.allowance->file, mask);
  allowance["line"] = finding.allowance->line > 0 ? Json(finding.allowance->line) : Json(nullptr);
  put_text(allowance, "reason", finding.allowance->reason, mask);
  put_text(allowance, "by", finding.allowance->by, mask);
  json["allowance"] = std::move(allowance);
  return json;
}

// "external": by a file beside the code, not by a comment in the line.
Json sarif_suppression(const detect::Allowance& allowance, const SecretMask& mask) {
  Json json;
  json["kind"] = "external";
  json["status"] = "accepted";
  json["justification"] = lossy_utf8(allowance_text(allowance, mask));
  return json;
}

}  // namespace tightship::report
