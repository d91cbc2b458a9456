#include <fmt/format.h>

#include "report/ci_report.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/markup.h"
#include "report/summary.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::ScanResult;

constexpr std::size_t kRows = 100;

std::string code(std::string_view raw) { return "<code>" + html_text(raw) + "</code>"; }

std::string headline(const ScanResult& result, std::size_t findings) {
  if (findings > 0) return counted(findings, "secret") + " found";
  if (!is_complete(result)) return "no secrets found in what could be read";
  return nothing_was_scanned(result) ? "nothing was scanned" : "no secrets found";
}

std::string covered_line(const ScanResult& result, const SecretMask& mask) {
  if (nothing_was_scanned(result)) return {};
  std::string line = "Scanned ";
  if (!result.subject.empty()) line += code(mask.mask_name(result.subject)) + ": ";
  return line + html_text(covered_text(result)) + ".\n\n";
}

std::string row(const Finding& finding, const SecretMask& mask) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", detect::severity_name(finding.severity),
                     markdown_text(title_of(finding)), code(mask.shown(finding)), code(first_place(finding, mask)),
                     code(finding.fingerprint));
}

std::string table(const std::vector<const Finding*>& findings, const SecretMask& mask) {
  if (findings.empty()) return {};
  std::string text = "| | secret | value | place | id |\n|---|---|---|---|---|\n";
  std::size_t rows = 0;
  for (const Finding* finding : findings) {
    std::string line = row(*finding, mask);
    if (rows == kRows || text.size() + line.size() > kMaxStepSummary / 2) break;
    text += line;
    ++rows;
  }
  if (rows < findings.size())
    text += fmt::format("\nand {} more, in the report\n", with_spaces(findings.size() - rows));
  return text + "\n";
}

std::string preformatted(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines += html_text(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.empty()) return {};
  if (lines.size() > kMaxStepSummary / 4) lines = "more than fits here: see the log\n";
  return "<pre>\n" + lines + "</pre>\n";
}

}  // namespace

std::string render_step_summary(const ScanResult& result, const Options& options) {
  const SecretMask mask(result, options.show_secrets);
  Options plain = options;
  plain.color = false;
  const std::vector<const Finding*> findings = reported_findings(result, plain);
  return "### tightship: " + headline(result, findings.size()) + "\n\n" + covered_line(result, mask) +
         table(findings, mask) + preformatted(incompleteness(result, plain, mask)) +
         preformatted(remarks_text(result, plain, mask));
}

}  // namespace tightship::report
