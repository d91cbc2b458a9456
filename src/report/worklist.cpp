#include "report/worklist.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/terminal_text.h"
#include "report/finding_text.h"
#include "report/summary.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::ScanResult;
using detect::Severity;

std::uint64_t count_of(const ScanResult& result, Severity severity) {
  return static_cast<std::uint64_t>(std::count_if(result.findings.begin(), result.findings.end(),
                                                  [&](const Finding& f) { return f.severity == severity; }));
}

// "3 secrets to rotate, 1 to look at"
std::string outcome(const ScanResult& result) {
  const std::uint64_t errors = count_of(result, Severity::Error);
  const std::uint64_t warnings = count_of(result, Severity::Warning);
  if (errors + warnings == 0) {
    return is_complete(result) ? "no secrets found" : "no secrets found in what could be read";
  }
  std::vector<std::string> parts;
  if (errors > 0) parts.push_back(counted(errors, "secret") + " to rotate");
  if (warnings > 0) parts.push_back((errors > 0 ? with_spaces(warnings) : counted(warnings, "secret")) + " to look at");
  return join(parts, ", ");
}

std::string header(const ScanResult& result, const Options& options, const SecretMask& mask) {
  std::string text = "tightship audit: " + outcome(result) + "   (";
  if (!result.subject.empty()) text += "repository: " + terminal_text(mask.mask_name(result.subject)) + ", ";
  text += counted(result.coverage.refs, "ref") + ", " + counted(result.coverage.commits, "commit") + ")\n";
  const std::uint64_t notes = count_of(result, Severity::Note);
  if (!options.show_notes && notes > 0) {
    text += fmt::format("{} hidden, -v shows {}\n", counted(notes, "note"), notes == 1 ? "it" : "them");
  }
  if (!result.allowed.empty()) text += with_spaces(result.allowed.size()) + " allowed, -v shows by what\n";
  return text;
}

std::string one_row(const std::vector<const Finding*>& rows, const Options& options, const SecretMask& mask) {
  const std::size_t number = *options.only;
  if (number == 0 || number > rows.size()) {
    return fmt::format("there is no row {}: the worklist has {}\n", number, counted(rows.size(), "row"));
  }
  return finding_details(*rows[number - 1], options, mask);
}

}  // namespace

std::vector<const Finding*> worklist_rows(const ScanResult& result, const Options& options) {
  std::vector<const Finding*> rows;
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    if (severity == Severity::Note && !options.show_notes) continue;
    for (const Finding& finding : result.findings) {
      if (finding.severity == severity) rows.push_back(&finding);
    }
  }
  return rows;
}

std::string render_worklist(const ScanResult& result, const Options& options, const SecretMask& mask) {
  const std::vector<const Finding*> rows = worklist_rows(result, options);
  if (options.only) return one_row(rows, options, mask);
  std::string text = header(result, options, mask) + "\n";
  if (!rows.empty()) {
    text += worklist_table(rows, options, mask) + "\n";
    const std::string advice = worklist_advice(rows, mask);
    if (!advice.empty()) text += advice + "\n";
    text += "details: tightship audit --show 1     report: tightship audit -o audit.json (mode 0600)\n\n";
  }
  if (options.audit_details) {
    for (const Finding* finding : rows) text += finding_details(*finding, options, mask) + "\n";
  }
  return text + render_summary(result, options);
}

}  // namespace tightship::report
