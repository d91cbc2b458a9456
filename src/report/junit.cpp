#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/ci_report.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/markup.h"
#include "report/summary.h"

// Source: the dialect that Jenkins, GitLab, CircleCI, Bitbucket and Azure read: testsuites, testsuite,
// testcase with failure or error. Nobody wrote it down for all of them, so only what all take is used.

namespace tightship::report {
namespace {

using detect::Finding;
using detect::ScanResult;

std::string attribute(std::string_view name, std::string_view raw) {
  return fmt::format(" {}=\"{}\"", name, xml_text(raw));
}

std::string lines_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += xml_text(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Passes when everything was read and there was something; says what was covered.
std::string coverage_case(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text = "    <testcase classname=\"tightship\" name=\"everything could be read\">\n";
  const std::string missing = incompleteness(result, options, mask);
  if (!missing.empty()) {
    text += "      <error" + attribute("message", std::string_view(missing).substr(0, missing.find('\n'))) + ">" +
            lines_of(missing) + "</error>\n";
  } else if (nothing_was_scanned(result)) {
    text += "      <skipped message=\"nothing was scanned\"/>\n";
  }
  const std::string subject = result.subject.empty() ? std::string() : mask.mask_name(result.subject) + ": ";
  text += "      <system-out>" + xml_text(subject + covered_text(result)) + "\n";
  Options plain = options;
  plain.color = false;
  return text + lines_of(remarks_text(result, plain, mask)) + "</system-out>\n    </testcase>\n";
}

std::string finding_body(const Finding& finding, const SecretMask& mask) {
  std::string text = xml_text("at: " + first_place(finding, mask)) + "\n";
  text += xml_text("why: " + value_and_reason(finding, mask)) + "\n";
  if (const std::string fix = rotation_text(finding); !fix.empty()) text += xml_text("fix: " + fix) + "\n";
  return text + xml_text("id: " + finding.fingerprint) + "\n";
}

// Names are unique, since readers take two cases of one name for two runs of it.
std::string finding_case(const Finding& finding, const SecretMask& mask) {
  const std::string rule = rule_id_of(finding).empty() ? "secret" : rule_id_of(finding);
  std::string text = "    <testcase" + attribute("classname", "tightship." + rule);
  text += attribute("name", rule + " " + finding.fingerprint + " at " + first_place(finding, mask));
  if (const detect::Occurrence* place = place_in_tree(finding, mask)) {
    text += attribute("file", place->path) + fmt::format(" line=\"{}\"", place->position.line);
  }
  const std::string message = title_of(finding) + " " + mask.shown(finding);
  if (finding.severity == detect::Severity::Note) {
    return text + ">\n      <system-out>" + finding_body(finding, mask) + "</system-out>\n    </testcase>\n";
  }
  return text + ">\n      <failure" + attribute("type", detect::severity_name(finding.severity)) +
         attribute("message", message) + ">" + finding_body(finding, mask) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string render_junit(const ScanResult& result, const Options& options, const SecretMask& mask) {
  const std::vector<const Finding*> findings = reported_findings(result, options);
  std::size_t failures = 0;
  for (const Finding* finding : findings) failures += finding->severity != detect::Severity::Note ? 1 : 0;
  const bool complete = is_complete(result);
  const std::string counts =
      fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", findings.size() + 1, failures,
                  complete ? 0 : 1, complete && nothing_was_scanned(result) ? 1 : 0);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += "<testsuites name=\"tightship\"" + counts + ">\n  <testsuite name=\"tightship\"" + counts + ">\n";
  text += coverage_case(result, options, mask);
  for (const Finding* finding : findings) text += finding_case(*finding, mask);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace tightship::report
