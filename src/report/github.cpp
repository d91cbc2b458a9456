#include <fmt/format.h>

#include <algorithm>

#include "report/annotations.h"
#include "report/ci_report.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/markup.h"
#include "report/masked_line.h"
#include "report/summary.h"
#include "report/words.h"

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::ScanResult;
using detect::Severity;

// "file=api/billing.py,line=31,endLine=31,col=19,endColumn=51". Columns only within one line: GitHub
// refuses them otherwise.
std::string file_properties(const Occurrence& occurrence) {
  const detect::Position& p = occurrence.position;
  const std::uint32_t end_line = std::max(p.line, p.end_line);
  std::string text = fmt::format("file={},line={},endLine={}", command_property(occurrence.path), p.line, end_line);
  if (end_line == p.line && p.column > 0)
    text += fmt::format(",col={},endColumn={}", p.column, std::max(p.column, p.end_column));
  return text + ",";
}

std::string finding_command(const Finding& finding, const SecretMask& mask) {
  const Occurrence* place = place_in_tree(finding, mask);
  std::string message = command_data(value_and_reason(finding, mask));
  if (place == nullptr) message += "%0Aat: " + command_data(first_place(finding, mask));
  if (const std::string fix = rotation_text(finding); !fix.empty()) message += "%0Afix: " + command_data(fix);
  message += "%0Aid: " + command_data(finding.fingerprint);
  return fmt::format("::{} {}title={}::{}", annotation_level(finding.severity), place ? file_properties(*place) : "",
                     command_property(rule_id_of(finding) + ": " + title_of(finding)), message);
}

// Text of ours in several lines, each of them escaped.
std::string command_lines(std::string_view text) {
  std::string data;
  while (true) {
    const std::size_t end = text.find('\n');
    data += command_data(text.substr(0, end));
    if (end == std::string_view::npos) return data;
    data += "%0A";
    text.remove_prefix(end + 1);
  }
}

Annotation plain_annotation(std::string_view level, std::string_view text) {
  return {fmt::format("::{} title=tightship::{}", level, command_lines(text)), std::string(text)};
}

void add_remarks(Annotations& all, const ScanResult& result, const SecretMask& mask) {
  for (const detect::Remark& remark : result.remarks) {
    if (remark.severity == Severity::Note) continue;  // the summary says them
    std::string message = command_data(mask.mask(remark.text));
    if (!remark.help.empty()) message += "%0Ahelp: " + command_data(mask.mask(remark.help));
    all.add(remark.severity, {fmt::format("::{} title=tightship::{}", annotation_level(remark.severity), message),
                              command_data(mask.mask(remark.text))});
  }
}

void add_findings(Annotations& all, const ScanResult& result, const Options& options, const SecretMask& mask) {
  for (const Finding* finding : reported_findings(result, options)) {
    std::string line = finding_concise(*finding, mask);
    while (line.ends_with('\n')) line.pop_back();
    all.add(finding->severity, {finding_command(*finding, mask), std::move(line)});
  }
}

}  // namespace

std::string render_github(const ScanResult& result, const Options& options, const SecretMask& mask) {
  Annotations all;
  const std::string missing = incompleteness(result, options, mask);
  if (!missing.empty()) all.add(Severity::Error, plain_annotation("error", missing));
  if (nothing_was_scanned(result)) all.add(Severity::Warning, plain_annotation("warning", "nothing was scanned"));
  add_findings(all, result, options, mask);
  add_remarks(all, result, mask);
  return all.text();
}

}  // namespace tightship::report
