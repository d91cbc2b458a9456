#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "report/ci_report.h"
#include "report/ci_text.h"
#include "report/finding_text.h"
#include "report/markup.h"
#include "report/masked_line.h"
#include "report/summary.h"
#include "report/words.h"

// Source: "Workflow commands for GitHub Actions". GitHub keeps 10 annotations of each level a step and
// drops the rest without a word, so the tenth says how many there are, and the rest are plain lines.

namespace tightship::report {
namespace {

using detect::Finding;
using detect::Occurrence;
using detect::ScanResult;
using detect::Severity;

constexpr std::size_t kAnnotations = 10;  // of a level, a step
constexpr std::array<std::string_view, 3> kLevels = {"error", "warning", "notice"};

std::string_view level_of(Severity severity) { return kLevels[2 - static_cast<std::size_t>(severity) % 3]; }

struct Annotation {
  std::string command;  // without a line end
  std::string plain;    // the same as a line of the log
};
using Annotations = std::array<std::vector<Annotation>, kLevels.size()>;

std::vector<Annotation>& of_level(Annotations& all, Severity severity) {
  return all[2 - static_cast<std::size_t>(severity) % 3];
}

// "file=api/billing.py,line=31,endLine=31,col=19,endColumn=51". Columns only within one line: GitHub
// refuses them otherwise.
std::string file_properties(const Occurrence& occurrence) {
  const detect::Position& p = occurrence.position;
  const std::uint32_t end_line = std::max(p.line, p.end_line);
  std::string text = fmt::format("file={},line={},endLine={}", command_property(occurrence.path), p.line, end_line);
  if (end_line == p.line && p.column > 0) text += fmt::format(",col={},endColumn={}", p.column, std::max(p.column, p.end_column));
  return text + ",";
}

std::string finding_command(const Finding& finding, const SecretMask& mask) {
  const Occurrence* place = place_in_tree(finding, mask);
  std::string message = command_data(value_and_reason(finding, mask));
  if (place == nullptr) message += "%0Aat: " + command_data(first_place(finding, mask));
  if (const std::string fix = rotation_text(finding); !fix.empty()) message += "%0Afix: " + command_data(fix);
  message += "%0Aid: " + command_data(finding.fingerprint);
  return fmt::format("::{} {}title={}::{}", level_of(finding.severity), place ? file_properties(*place) : "",
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
    of_level(all, remark.severity).push_back({fmt::format("::{} title=tightship::{}", level_of(remark.severity), message),
                                              command_data(mask.mask(remark.text))});
  }
}

void add_findings(Annotations& all, const ScanResult& result, const Options& options, const SecretMask& mask) {
  for (const Finding* finding : reported_findings(result, options)) {
    std::string line = finding_concise(*finding, mask);
    while (line.ends_with('\n')) line.pop_back();
    of_level(all, finding->severity).push_back({finding_command(*finding, mask), std::move(line)});
  }
}

// What is over the limit follows as plain lines.
std::string level_text(const std::vector<Annotation>& annotations, std::string_view level, std::string& rest) {
  const bool fits = annotations.size() <= kAnnotations;
  const std::size_t shown = fits ? annotations.size() : kAnnotations - 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += annotations[i].command + "\n";
  if (fits) return text;
  for (std::size_t i = shown; i < annotations.size(); ++i) rest += "- " + log_text(annotations[i].plain) + "\n";
  return text + fmt::format("::{} title=tightship::and {} more, which the log of this step lists\n", level,
                            with_spaces(annotations.size() - shown));
}

}  // namespace

std::string render_github(const ScanResult& result, const Options& options, const SecretMask& mask) {
  Annotations all;
  const std::string missing = incompleteness(result, options, mask);
  if (!missing.empty()) all[0].push_back(plain_annotation(kLevels[0], missing));
  if (nothing_was_scanned(result)) all[1].push_back(plain_annotation(kLevels[1], "nothing was scanned"));
  add_findings(all, result, options, mask);
  add_remarks(all, result, mask);
  std::string text, rest;
  for (std::size_t level = 0; level < kLevels.size(); ++level) text += level_text(all[level], kLevels[level], rest);
  return text + rest;
}

}  // namespace tightship::report
